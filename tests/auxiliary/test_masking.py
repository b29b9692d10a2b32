import numpy as np
import pytest
from scipy import sparse

from polytask import Tasks
from polytask.auxiliary import Masking
from polytask.errors import DataError, ParameterError
from polytask.linear import ASO, LinearModel


def words(n=200, d=6, seed=0):
    rng = np.random.default_rng(seed)
    return sparse.csr_matrix((rng.random((n, d)) < np.linspace(0.1, 0.8, d)).astype(float))


def test_the_most_frequent_words_are_asked_for_and_out_of_sight():
    X = words()
    data = Tasks.from_arrays(X, np.arange(200.0))
    made = Masking(targets=3, groups=((0, 1, 2), (3, 4, 5)))(data)
    assert made.names[1:] == ("has x5", "has x4", "has x3")
    for j in (3, 4, 5):
        seen, y, _ = made.table(f"has x{j}")
        np.testing.assert_array_equal(y, X[:, [j]].toarray().ravel())
        assert not seen[:, [3, 4, 5]].nnz
        np.testing.assert_array_equal(seen[:, :3].toarray(), X[:, :3].toarray())


def test_words_that_are_too_rare_or_everywhere_are_not_asked_for():
    X = np.zeros((60, 3))
    X[:, 0], X[:5, 1], X[:30, 2] = 1, 1, 1
    made = Masking(groups=((0, 1, 2),), least=20)(Tasks.from_arrays(X, np.arange(60.0)))
    assert made.names == ("y0", "has x2")
    with pytest.raises(DataError, match=r"Lower least \(now 40\)"):
        Masking(groups=((0, 1, 2),), least=40)(Tasks.from_arrays(X, np.arange(60.0)))


def test_numbers_are_predicted_as_numbers_at_variance_one():
    X = np.random.default_rng(0).normal(size=(50, 3)) * 7 + 3
    made = Masking(groups=((0,), (1,), (2,)))(Tasks.from_arrays(X, np.arange(50.0)))
    assert made.n_rows == 200
    y = made["value of x1"].y
    assert (y.mean().round(12), y.std().round(12)) == (0, 1)
    np.testing.assert_allclose(np.corrcoef(y, X[:, 1])[0, 1], 1)


def test_what_is_learned_from_rows_without_labels_is_the_plane_of_the_inputs():
    # inputs of two factors: whatever is hidden is a combination of the factors that are seen
    rng = np.random.default_rng(1)
    F, A = rng.normal(size=(400, 2)), rng.normal(size=(2, 10))
    X = F @ A + 0.3 * rng.normal(size=(400, 10))
    w = rng.normal(size=2) @ np.linalg.inv(A @ A.T) @ A  # a label of the factors
    y = np.where(np.arange(400) < 8, X @ w + 0.3 * rng.normal(size=400), np.nan)
    data = Tasks.from_arrays(X, y)
    made = Masking(groups=tuple((j,) for j in range(10)))(data)
    with_them = LinearModel(ASO(0.3, h=2, source="auxiliary")).fit(made)
    spanned = np.linalg.svd(with_them.structure_ @ np.linalg.qr(A.T)[0])[1]
    assert spanned.min() > 0.95
    alone = LinearModel().fit(data)
    error = [np.linalg.norm(one.coef_[0] - w) for one in (with_them, alone)]
    assert error[0] < error[1]


def test_groups_that_overlap_or_are_not_there_are_refused():
    data = Tasks.from_arrays(words(), np.arange(200.0))
    with pytest.raises(DataError, match="one group at most"):
        Masking(groups=((0, 1), (1, 2)))(data)
    with pytest.raises(DataError, match="between 0 and 5"):
        Masking(groups=((0, 6),))(data)
    with pytest.raises(ParameterError, match=r"targets >= 1\. Found targets=0"):
        Masking(targets=0)
