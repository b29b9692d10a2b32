import numpy as np
import pytest
from linear import oracle

from polytask import Tasks
from polytask.errors import ParameterError
from polytask.linear import (
    L1,
    L21,
    ColumnL2,
    L1Linf,
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
    Split(L1Linf(0.3), L1(0.12)),
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


@pytest.mark.parametrize("rows", [L21, L1Linf])
def test_an_own_part_that_is_dearer_than_the_shared_one_is_empty(rows):
    model, alone = fit(Split(rows(0.3), L1(0.3))), fit(rows(0.3))
    assert not np.any(model.own_coef_)
    np.testing.assert_allclose(model.coef_, alone.coef_, atol=1e-4)


@pytest.mark.parametrize("rows", [L21(0.2 * np.sqrt(TASKS)), L1Linf(0.2 * TASKS)], ids=repr)
def test_a_shared_part_that_is_dearer_than_all_own_ones_is_empty(rows):
    model, alone = fit(Split(rows, L1(0.2))), fit(L1(0.2))
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


def test_without_sharing_a_dirty_model_is_the_cheaper_lasso():
    assert Split(L21(0.3), L1(0.2)).alone() == L1(0.2)
    assert LinearModel(Split(L1Linf(0.1), L1(0.2))).alone().penalty.penalty == Split(
        L1Linf(0.1), L1(0.2)
    )


def test_the_dirty_model_is_as_good_as_the_better_of_its_two_parts():
    # half of the features of each of two tasks are common; estimation error at the best strengths
    error = {"Split": [], "L1Linf": [], "L1": []}
    for seed in range(3):
        rng = np.random.default_rng(seed)
        W = np.zeros((64, 2))
        W[:6] = rng.choice([-1.0, 1.0], size=(6, 2))
        W[6:9, 0], W[9:12, 1] = 1.0, 1.0
        X = rng.normal(size=(40, 64))
        Y = X @ W + 0.3 * rng.normal(size=(40, 2))
        alphas = (0.4, 0.25, 0.15, 0.08)
        for penalty in (Split(L1Linf(1.0), L1(0.7)), L1Linf(1.0), L1(1.0)):
            model = LinearModel(penalty, tol=1e-5)
            data = Tasks.from_arrays(X, Y)
            path = model.fit_path(data, [{"penalty": penalty.replace(alpha=a)} for a in alphas])
            best = min(np.linalg.norm(one.coef_.T - W) for one in path)
            error[type(penalty).__name__].append(best)
    mean = {name: np.mean(values) for name, values in error.items()}
    assert mean["Split"] <= 1.03 * min(mean["L1Linf"], mean["L1"])
