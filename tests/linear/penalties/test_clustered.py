import numpy as np
import pytest
from linear import oracle

from polytask.errors import ParameterError
from polytask.linear import LBFGS, Clustered, Direct, LinearModel, MeanRegularised

GROUPS = (("a", "c"), ("b", "d"))


def table(kind="regression"):
    sets = oracle.regression() if kind == "regression" else oracle.binary()
    return sets, oracle.tasks(sets, dict.fromkeys(sets, kind))


def fit(penalty, data, **options):
    return LinearModel(penalty, **{"tol": 1e-10, "max_iter": 50_000} | options).fit(data)


@pytest.mark.parametrize("kind", ["regression", "binary"])
def test_given_clusters_reach_the_optimum_of_the_formula(kind):
    sets, data = table(kind)
    penalty = Clustered(0.8, ((0, 2), (1, 3)), between=0.2, mean=0.05)
    expected, _ = oracle.optimum(sets, dict.fromkeys(sets, kind), penalty)
    model = fit(penalty.replace(groups=GROUPS), data)
    assert model.penalty_.groups == ((0, 2), (1, 3))
    assert model.objective_ == pytest.approx(expected, rel=1e-6)


def test_one_price_for_clusters_and_members_is_mean_regularised():
    _, data = table()
    ratio = 0.5
    mean = ratio / (4 + ratio)
    clustered = fit(Clustered(0.7, GROUPS, between=1.0, mean=mean), data)
    around = fit(MeanRegularised(0.7, ratio), data)
    assert clustered.objective_ == pytest.approx(around.objective_, rel=1e-9)
    np.testing.assert_allclose(clustered.coef_, around.coef_, atol=1e-6)


def test_a_large_strength_leaves_one_model_per_cluster():
    _, data = table()
    # members cost 1e8, clusters and the mean 1e-6 of that in the end
    model = fit(Clustered(1e6, GROUPS, between=1e-8, mean=1e-8), data, tol=1e-6)
    coef = dict(zip("abcd", model.coef_))
    np.testing.assert_allclose(coef["a"], coef["c"], atol=1e-3)
    np.testing.assert_allclose(coef["b"], coef["d"], atol=1e-3)
    assert np.abs(coef["a"] - coef["b"]).max() > 0.1


def test_the_exact_solver_and_steps_agree():
    _, data = table()
    penalty = Clustered(0.8, GROUPS)
    exact, steps = fit(penalty, data, solver=Direct()), fit(penalty, data, solver=LBFGS())
    np.testing.assert_allclose(exact.coef_, steps.coef_, atol=1e-4)


@pytest.mark.parametrize("groups", [(("a", "b"),), (("a", "b", "c", "d"), ("a",))])
def test_groups_that_are_no_partition_are_refused(groups):
    with pytest.raises(ParameterError, match="each of 4 outputs in exactly one cluster"):
        fit(Clustered(1.0, groups), table()[1])


@pytest.mark.parametrize("prices", [{"mean": 0.0}, {"between": 2.0}, {"between": 0.1, "mean": 0.2}])
def test_prices_that_are_not_ordered_are_refused(prices):
    with pytest.raises(ParameterError, match=r"0 < mean <= between <= 1"):
        Clustered(1.0, **prices)
