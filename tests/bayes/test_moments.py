"""Sums over the rows: the ways to take them agree."""

import numpy as np
import pytest
from bayes.planted import uneven
from scipy import sparse

from polytask import Tasks
from polytask.bayes.moments import Moments, Units


def equal(a, b):
    for name in ("cross", "square", "count"):
        np.testing.assert_allclose(getattr(a, name), getattr(b, name), rtol=1e-10, atol=1e-9)
    np.testing.assert_allclose(*np.broadcast_arrays(a.gram, b.gram), rtol=1e-10, atol=1e-9)


def moments(data):
    return Moments.of(data, Units.of(data, True))


def test_shared_rows_need_one_gram_matrix_for_all_tasks():
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(9, 3)), rng.normal(size=(9, 4))
    shared = moments(Tasks.from_arrays(X, Y))
    apart = moments(Tasks.stack({f"y{t}": (X, Y[:, t]) for t in range(4)}))
    assert shared.gram.shape == (1, 4, 4)
    assert apart.gram.shape == (4, 4, 4)
    equal(shared, apart)
    np.testing.assert_allclose(shared.total[0], apart.total[0], atol=1e-12)


@pytest.mark.parametrize("holes", [False, True])
def test_a_sparse_table_gives_the_moments_of_the_dense_one(holes):
    rng = np.random.default_rng(1)
    X = rng.normal(size=(20, 4)) * (rng.random((20, 4)) < 0.4) + [0, 3, 0, 0]
    Y = rng.normal(size=(20, 3))
    Y[rng.random(Y.shape) < 0.3 * holes] = np.nan
    dense, thin = Tasks.from_arrays(X, Y), Tasks.from_arrays(sparse.csr_array(X), Y)
    equal(moments(dense), moments(thin))


def test_plain_coefficients_give_the_same_predictions_as_standard_ones():
    data = uneven()
    units = Units.of(data, True)
    coef = np.array([0.3, -2.0, 1.0, 4.0])
    plain = units.plain(coef)
    expected = units.inputs(data.X) @ coef + units.level
    np.testing.assert_allclose(data.X @ plain[:-1] + plain[-1], expected)


def test_the_variance_is_that_inside_the_tasks():
    data = Tasks.stack({"a": ([[0.0], [1.0]], [0, 2]), "b": ([[0.0], [1.0]], [100, 102])})
    assert moments(data).variance == pytest.approx(1.0)


def test_where_no_task_has_two_labels_the_variance_is_that_of_all():
    data = Tasks.stack({"a": ([[0.0]], [0.0]), "b": ([[1.0]], [2.0])})
    assert moments(data).variance == pytest.approx(1.0)


def test_where_no_label_differs_the_variance_is_one():
    data = Tasks.stack({"a": ([[0.0]], [5.0]), "b": ([[1.0]], [5.0])})
    assert moments(data).variance == 1.0
