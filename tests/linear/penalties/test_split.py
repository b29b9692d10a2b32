import numpy as np
import pytest
from linear import oracle

from polytask.errors import ParameterError
from polytask.linear import (
    L1,
    L21,
    ColumnL2,
    LinearModel,
    ProximalGradient,
    Split,
    SquaredTraceNorm,
    TraceNorm,
    TwoBlocks,
)

PAIRS = [
    Split(L21(0.3), L1(0.2)),
    Split(L1(0.2), L21(0.3)),
    Split(L21(0.3), ColumnL2(0.5)),
    Split(TraceNorm(0.3), L1(0.2)),
    Split(SquaredTraceNorm(0.1), L1(0.2)),
]
TASKS = 4


def fit(penalty, sets=None, kind="regression", **options):
    sets = oracle.regression() if sets is None else sets
    options = {"tol": 1e-8, "max_iter": 50_000} | options
    return LinearModel(penalty, **options).fit(oracle.tasks(sets, dict.fromkeys(sets, kind)))


@pytest.mark.parametrize("penalty", PAIRS, ids=repr)
def test_any_two_penalties_reach_the_joint_optimum(penalty):
    for kind, sets in (("regression", oracle.regression()), ("binary", oracle.binary())):
        expected, _ = oracle.optimum(sets, dict.fromkeys(sets, kind), penalty)
        model = fit(penalty, sets, kind)
        assert model.solution_.converged
        assert model.objective_ == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("penalty", PAIRS, ids=repr)
def test_the_fitted_parts_add_up_and_cost_what_the_sum_costs(penalty):
    model = fit(penalty, scale=True)
    np.testing.assert_allclose(model.shared_coef_ + model.own_coef_, model.coef_, atol=1e-12)
    shared, own = ((part * model.scale_).T for part in (model.shared_coef_, model.own_coef_))
    price = penalty.shared.value(shared) + penalty.own.value(own)
    assert price == pytest.approx(penalty.value(model.solution_.W), rel=1e-10)


def test_two_blocks_and_one_variable_are_one_objective():
    penalty = Split(L21(0.3), L1(0.2))
    one, two = fit(penalty, solver=ProximalGradient()), fit(penalty, solver=TwoBlocks())
    assert one.objective_ == pytest.approx(two.objective_, rel=1e-7)
    np.testing.assert_allclose(one.coef_, two.coef_, atol=1e-3)


def test_an_own_part_that_is_dearer_than_the_shared_one_is_empty():
    model, alone = fit(Split(L21(0.3), L1(0.3))), fit(L21(0.3))
    assert not np.any(model.own_coef_)
    np.testing.assert_allclose(model.coef_, alone.coef_, atol=1e-4)


def test_a_shared_part_that_is_dearer_than_all_own_ones_is_empty():
    model, alone = fit(Split(L21(0.2 * np.sqrt(TASKS)), L1(0.2))), fit(L1(0.2))
    assert not np.any(model.shared_coef_)
    np.testing.assert_allclose(model.coef_, alone.coef_, atol=1e-4)


def test_one_task_pays_the_cheaper_of_the_two():
    sets = {"a": oracle.regression()["a"]}
    model, alone = fit(Split(L21(0.3), L1(0.2)), sets), fit(L1(0.2), sets)
    assert model.objective_ == pytest.approx(alone.objective_, rel=1e-7)


def test_outlier_tasks_have_a_part_of_their_own():
    rng = np.random.default_rng(0)
    W = np.zeros((12, 6))
    W[:3] = 2.0
    W[:, 5] = rng.normal(size=12)
    sets = {}
    for t in range(6):
        X = rng.normal(size=(60, 12))
        sets[f"t{t}"] = (X, X @ W[:, t] + 0.1 * rng.normal(size=60))
    model = fit(Split(L21(0.2), ColumnL2(0.25)), sets)
    odd = np.linalg.norm(model.own_coef_, axis=1)
    assert odd[5] > 1
    assert np.all(odd[:5] < 0.1 * odd[5])


def test_both_strengths_can_be_searched():
    model = LinearModel(Split(L21(0.3), L1(0.2)))
    model.set_params(penalty__shared__alpha=0.5, penalty__own__alpha=0.1)
    assert model.penalty == Split(L21(0.5), L1(0.1))
    assert model.penalty.replace(alpha=1.0) == Split(L21(1.0), L1(0.2))


def test_a_part_without_a_price_takes_everything():
    for penalty in (Split(L21(0.0), L1(0.2)), Split(L21(0.3), L1(0.0))):
        assert fit(penalty).penalty_.alpha == 0


def test_what_is_no_penalty_is_refused():
    with pytest.raises(ParameterError, match=r"Split needs a penalty for own. Found 0.1"):
        Split(L21(0.1), 0.1)
