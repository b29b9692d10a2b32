import numpy as np
import pytest
from linear.penalties.problems import separate, shared, solved
from sklearn.linear_model import MultiTaskElasticNet

from polytask.errors import ParameterError
from polytask.linear import L2, L21, ElasticL21, ElasticNet


@pytest.mark.parametrize("ratio", [0.2, 0.5, 0.95])
def test_it_is_the_multi_task_one_of_scikit_learn(ratio):
    X, Y = shared()
    ours = solved(ElasticL21(0.3, l1_ratio=ratio), X, Y).coef_
    theirs = MultiTaskElasticNet(alpha=0.3, l1_ratio=ratio, tol=1e-12, max_iter=100_000).fit(X, Y)
    np.testing.assert_allclose(ours, theirs.coef_, atol=1e-5)


@pytest.mark.parametrize(("ratio", "same"), [(1.0, L21(0.2)), (0.0, L2(0.2))])
def test_its_ends_are_the_row_sparse_penalty_and_ridge(ratio, same):
    data = separate()
    ours, theirs = solved(ElasticL21(0.2, l1_ratio=ratio), data), solved(same, data)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-5)


def test_one_task_is_the_elastic_net():
    X, Y = shared()
    rows, single = solved(ElasticL21(0.2), X, Y[:, 0]), solved(ElasticNet(0.2), X, Y[:, 0])
    np.testing.assert_allclose(rows.coef_, single.coef_, atol=1e-8)


def test_equal_columns_share_their_weight():
    X, Y = shared()
    twice = np.column_stack([X, X[:, 0]])
    coef = solved(ElasticL21(0.2), twice, Y).coef_
    # the ridge part turns a gap of 1e-12 into a distance of some 1e-6
    np.testing.assert_allclose(coef[:, 0], coef[:, -1], atol=1e-5)


@pytest.mark.parametrize(("ratio", "same"), [(1.0, L21(0.2)), (0.0, L2(0.2))])
def test_a_new_task_gets_what_the_ends_give_it(ratio, same):
    X, Y = shared()
    ours = solved(ElasticL21(0.2, l1_ratio=ratio), X, Y[:, :3]).adapt(X, Y[:, 3])
    if ratio == 1:
        theirs = solved(same, X, Y[:, :3]).adapt(X, Y[:, 3])
    else:
        theirs = solved(same, X, Y[:, 3])
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-5)


def test_a_share_outside_zero_and_one_is_refused():
    with pytest.raises(ParameterError, match=r"ElasticL21 needs l1_ratio from 0 to 1. Found"):
        ElasticL21(0.1, l1_ratio=2)
