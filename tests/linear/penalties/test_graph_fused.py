import numpy as np
import pytest
from linear import oracle

from polytask import Tasks
from polytask.errors import ParameterError, TaskError
from polytask.linear import L1, GraphFused, LinearModel

EDGES = ((0, 1, 1.0), (1, 3, -0.5), (0, 3, 0.7), (2, 3))


def table(kind="regression"):
    sets = oracle.regression() if kind == "regression" else oracle.binary()
    return sets, oracle.tasks(sets, dict.fromkeys(sets, kind))


def fit(penalty, data, **options):
    return LinearModel(penalty, **{"tol": 1e-9, "max_iter": 50_000} | options).fit(data)


@pytest.mark.parametrize("kind", ["regression", "binary"])
def test_a_given_graph_reaches_the_optimum_of_its_formula(kind):
    sets, data = table(kind)
    penalty = GraphFused(0.05, 0.8, EDGES)
    expected, _ = oracle.optimum(sets, dict.fromkeys(sets, kind), penalty)
    assert fit(penalty, data).objective_ == pytest.approx(expected, rel=1e-6)


def test_without_a_price_on_differences_it_is_the_lasso():
    _, data = table()
    fused, lasso = fit(GraphFused(0.1, 0.0), data), fit(L1(0.1), data)
    np.testing.assert_allclose(fused.coef_, lasso.coef_, atol=1e-5)


def test_a_large_price_on_a_connected_graph_is_one_model():
    _, data = table()
    model = fit(GraphFused(0.05, 1e3, edges=(("a", "b"), ("b", "c"), ("c", "d"))), data)
    np.testing.assert_array_equal(model.coef_, model.coef_[[0]] * np.ones((4, 1)))
    # one lasso for all: four times the price per coefficient, four losses
    assert model.penalty_.value(model.coef_.T) == pytest.approx(0.2 * np.abs(model.coef_[0]).sum())


def test_a_negative_edge_makes_opposite_coefficients():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 5))
    w = rng.normal(size=5)
    data = Tasks.from_arrays(X, np.column_stack([X @ w, -X @ w]) + 0.1 * rng.normal(size=(40, 2)))
    model = fit(GraphFused(0.01, 100.0, ((0, 1, -1.0),)), data)
    np.testing.assert_array_equal(model.coef_[0], -model.coef_[1])
    assert np.any(model.coef_)


def test_edges_come_from_correlated_outputs_with_their_signs():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(80, 6))
    w, v = rng.normal(size=(2, 6))
    Y = np.column_stack([X @ w, X @ w, -X @ w, X @ v]) + 0.2 * rng.normal(size=(80, 4))
    data = Tasks.from_arrays(X, Y, names=list("abcd"))
    penalty = GraphFused.from_outputs(data, alpha=0.01, above=0.8)
    assert {edge[:2] for edge in penalty.edges} == {("a", "b"), ("a", "c"), ("b", "c")}
    assert [np.sign(edge[2]) for edge in penalty.edges] == [1, -1, -1]
    assert fit(penalty, data, tol=1e-6).solution_.converged


def test_planted_blocks_are_found_better_than_by_the_lasso():
    errors = {"GraphFused": [], "L1": []}
    for seed in range(3):
        rng = np.random.default_rng(seed)
        W = np.zeros((30, 6))
        W[:4, :3], W[4:8, 3:] = 0.8, 0.8
        X = rng.normal(size=(30, 30))
        data = Tasks.from_arrays(X, X @ W + rng.normal(size=(30, 6)))
        edges = ((0, 1), (1, 2), (3, 4), (4, 5))
        for penalty in (GraphFused(1.0, 1.0, edges), L1(1.0)):
            path = [{"penalty": penalty.replace(alpha=a)} for a in (0.3, 0.2, 0.1, 0.05)]
            model = LinearModel(penalty, tol=1e-4)
            found = [np.sum((one.coef_.T - W) ** 2) for one in model.fit_path(data, path)]
            errors[type(penalty).__name__].append(min(found))
    assert np.mean(errors["GraphFused"]) < 0.7 * np.mean(errors["L1"])


@pytest.mark.parametrize("edges", [((0, 0),), ((0, 1), (1, 0)), ((0, 1, 2.0, 3),)])
def test_what_is_no_edge_is_refused(edges):
    with pytest.raises(ParameterError, match="edges"):
        GraphFused(0.1, edges=edges)


def test_a_task_that_is_not_there_is_named():
    with pytest.raises(TaskError, match="graph names 'q'"):
        fit(GraphFused(0.1, edges=(("a", "q"),)), table()[1])
