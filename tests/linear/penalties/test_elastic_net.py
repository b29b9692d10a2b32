import numpy as np
import pytest
from linear.penalties.problems import shared, solved
from sklearn.linear_model import ElasticNet as Reference

from polytask.errors import ParameterError
from polytask.linear import L1, L2, ElasticNet


@pytest.mark.parametrize("ratio", [0.2, 0.5, 0.95])
def test_it_is_the_one_of_scikit_learn_task_by_task(ratio):
    X, Y = shared()
    coef = solved(ElasticNet(0.3, l1_ratio=ratio), X, Y).coef_
    for t, y in enumerate(Y.T):
        expected = Reference(alpha=0.3, l1_ratio=ratio, tol=1e-12, max_iter=100_000).fit(X, y)
        np.testing.assert_allclose(coef[t], expected.coef_, atol=1e-5)


@pytest.mark.parametrize(("ratio", "same"), [(1.0, L1(0.2)), (0.0, L2(0.2))])
def test_its_ends_are_lasso_and_ridge(ratio, same):
    X, Y = shared()
    ours, theirs = solved(ElasticNet(0.2, l1_ratio=ratio), X, Y), solved(same, X, Y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-5)
    assert ours.objective_ == pytest.approx(theirs.objective_, rel=1e-10)


def test_without_a_sparse_part_no_strength_empties_the_model():
    gradient = np.ones((3, 2))
    assert np.isinf(ElasticNet(1.0, l1_ratio=0).alpha_max(gradient))
    assert ElasticNet(1.0, l1_ratio=0.25).alpha_max(gradient) == 4
    assert len(ElasticNet(1.0, l1_ratio=0).grid(_problem())) > 5


def _problem():
    from polytask import Tasks
    from polytask.linear.build import build

    return build(Tasks.from_arrays(*shared()))


@pytest.mark.parametrize("ratio", [-0.1, 1.5, np.nan])
def test_a_share_outside_zero_and_one_is_refused(ratio):
    with pytest.raises(ParameterError, match=r"ElasticNet needs l1_ratio from 0 to 1. Found"):
        ElasticNet(0.1, l1_ratio=ratio)
