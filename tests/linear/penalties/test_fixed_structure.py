import numpy as np
import pytest
from linear import oracle
from linear.penalties.problems import planted

from polytask.errors import ParameterError
from polytask.linear import ASO, L2, FixedStructure, LinearModel, NoPenalty

TIGHT = {"tol": 1e-11, "max_iter": 50_000}
THETA = np.random.default_rng(0).normal(size=(2, 5))


@pytest.mark.parametrize("kind", ["regression", "binary", "multiclass"])
def test_the_optimum_is_reached_with_every_loss(kind):
    sets = getattr(oracle, kind)()
    kinds = dict.fromkeys(sets, kind)
    penalty = FixedStructure(0.5, THETA, eta=0.1)
    expected, _ = oracle.optimum(sets, kinds, penalty)
    model = LinearModel(penalty, **TIGHT).fit(oracle.tasks(sets, kinds))
    assert model.objective_ == pytest.approx(expected, rel=1e-6)


def test_free_directions_are_fitted_by_least_squares():
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(30, 5)), rng.normal(size=30)
    model = LinearModel(FixedStructure(1e8, THETA), **TIGHT).fit(X, y)
    inside = LinearModel(NoPenalty(), **TIGHT).fit(X @ THETA.T, y)
    np.testing.assert_allclose(model.coef_[0], inside.coef_[0] @ THETA, atol=1e-5)
    assert model.solution_.certificate == "Newton decrement"


def test_a_free_direction_without_labels_gets_the_smallest_solution():
    rng = np.random.default_rng(2)
    X, y = rng.normal(size=(2, 5)), rng.normal(size=2)
    theta = np.linalg.svd(np.vstack([X - X.mean(0)]))[2][[0, 4]]  # one seen, one never seen
    model = LinearModel(FixedStructure(0.1, theta), **TIGHT).fit(X, y)
    assert model.solution_.converged
    assert model.coef_[0] @ theta[1] == pytest.approx(0, abs=1e-9)


def test_only_the_span_of_the_structure_matters():
    W = np.random.default_rng(3).normal(size=(5, 3))
    mixed = np.array([[2.0, 1.0], [0.0, -3.0], [1.0, 1.0]]) @ THETA
    same = FixedStructure(0.7, THETA).value(W)
    assert FixedStructure(0.7, mixed).value(W) == pytest.approx(same, rel=1e-12)


def test_without_a_structure_it_is_ridge():
    W = np.random.default_rng(3).normal(size=(5, 3))
    assert FixedStructure(0.7).value(W) == pytest.approx(L2(0.7).value(W), rel=1e-12)


def test_it_is_a_value_with_the_structure_in_it():
    penalty = FixedStructure(0.7, THETA)
    assert eval(repr(penalty)) == penalty  # noqa: S307
    assert hash(penalty) == hash(penalty.replace())
    assert penalty.replace(alpha=1.0).structure == penalty.structure


def test_a_structure_of_another_width_is_refused():
    with pytest.raises(ParameterError, match=r"4 columns, one per feature\. Found 5"):
        LinearModel(FixedStructure(0.7, THETA)).fit(np.eye(4), np.arange(4.0))


def test_a_fixed_structure_is_the_same_for_many_tasks_at_once():
    data, _, _ = planted(11)
    learned = LinearModel(ASO(1.0, h=2), **TIGHT).fit(data)
    fixed = LinearModel(FixedStructure(1.0, learned.structure_), **TIGHT).fit(data)
    np.testing.assert_allclose(fixed.coef_, learned.coef_, atol=1e-5)
