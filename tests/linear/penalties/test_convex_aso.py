import numpy as np
import pytest
from linear import oracle

from polytask import Tasks
from polytask.errors import ParameterError
from polytask.linear import ASO, L2, AlternatingStructure, ConvexASO, LinearModel

TIGHT = {"tol": 1e-9, "max_iter": 50_000}


def fit(penalty, data, **options):
    return LinearModel(penalty, **TIGHT | options).fit(data)


@pytest.mark.parametrize("kind", ["regression", "binary"])
@pytest.mark.parametrize("h", [1, 2, 3])
def test_the_joint_optimum_in_w_and_the_relaxed_structure_is_reached(kind, h):
    sets = oracle.regression() if kind == "regression" else oracle.binary()
    kinds = dict.fromkeys(sets, kind)
    penalty = ConvexASO(0.5, h=h, eta=0.2)
    expected, _ = oracle.optimum(sets, kinds, penalty)
    assert fit(penalty, oracle.tasks(sets, kinds)).objective_ == pytest.approx(expected, rel=1e-6)


def test_no_structure_costs_less_than_the_relaxation():
    rng = np.random.default_rng(0)
    for _ in range(20):
        W, h, eta = rng.normal(size=(5, 4)), rng.integers(0, 6), rng.uniform(0.05, 2)
        relaxed = ConvexASO(1.0, h=int(h), eta=eta).value(W)
        basis = np.linalg.qr(rng.normal(size=(5, min(h, 5))))[0]
        rest = W - basis @ (basis.T @ W)
        assert relaxed <= (np.sum(rest**2) + eta * np.sum(W**2)) / 2 + 1e-12
        assert relaxed <= ASO(1.0, h=int(h), eta=eta).value(W) + 1e-12


def test_its_optimum_is_a_lower_bound_on_every_end_of_the_alternation():
    rng = np.random.default_rng(1)
    for _ in range(4):
        sets = {t: (rng.normal(size=(9, 6)), rng.normal(size=9)) for t in "abcdef"}
        data = Tasks.stack(sets)
        bound = fit(ConvexASO(0.3, h=2, eta=0.2), data)
        for restarts in (0, 3):
            solver = AlternatingStructure(restarts=restarts)
            found = fit(ASO(0.3, h=2, eta=0.2), data, solver=solver)
            assert bound.objective_ - bound.dual_gap_ <= found.objective_
            assert found.objective_ < 2 * bound.objective_  # and no empty one


@pytest.mark.parametrize(("h", "strength"), [(0, 1.2), (4, 0.2), (9, 0.2)])
def test_where_there_is_nothing_to_choose_it_is_ridge(h, strength):
    W = np.random.default_rng(0).normal(size=(5, 4))
    penalty = ConvexASO(2.0, h=h, eta=0.2)
    assert penalty.value(W) == pytest.approx(L2(2.0 * strength).value(W), rel=1e-12)


def test_the_gradient_is_the_slope_of_the_value():
    rng = np.random.default_rng(0)
    for shape in ((6, 4), (4, 6)):
        W, D = rng.normal(size=(2, *shape))
        penalty = ConvexASO(0.7, h=2, eta=0.3)
        step = 1e-5
        slope = (penalty.value(W + step * D) - penalty.value(W - step * D)) / (2 * step)
        assert np.sum(penalty.gradient(W) * D) == pytest.approx(slope, rel=1e-7)


def test_a_new_task_is_fitted_with_the_relaxed_structure_frozen():
    rng = np.random.default_rng(2)
    basis = np.linalg.qr(rng.normal(size=(6, 2)))[0]
    sets = {}
    for t in "abcdefgh":
        X = rng.normal(size=(20, 6))
        sets[t] = (X, X @ basis @ rng.normal(size=2) * 2 + 0.1 * rng.normal(size=20))
    model = fit(ConvexASO(1.0, h=2, eta=0.05), Tasks.stack(sets))
    assert np.linalg.svd(model.structure_ @ basis)[1].min() > 0.99
    assert model.transform(X).shape == (20, 2)
    w, X = basis @ np.array([1.0, -2.0]), rng.normal(size=(5, 6))
    new = model.adapt(X, X @ w + 3)
    # by hand: generalised ridge with the best M at the old coefficients
    U, s, _ = np.linalg.svd(model.coef_.T, full_matrices=False)
    levels = model.penalty_._levels(s)
    Q = 0.05 * 1.05 * (U / levels) @ U.T
    Z = X - X.mean(0)
    expected = np.linalg.solve(Z.T @ Z / 5 + Q, Z.T @ (Z @ w) / 5)
    np.testing.assert_allclose(new.coef_[0], expected, atol=1e-6)
    assert np.linalg.norm(new.coef_[0] - w) < 0.2 * np.linalg.norm(w)


def test_eta_of_zero_is_refused_with_the_way_out():
    with pytest.raises(ParameterError, match=r"eta > 0\. Found eta=0\. Take ASO"):
        ConvexASO(1.0, eta=0)
