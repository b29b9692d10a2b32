import numpy as np
import pytest
from linear import oracle

from polytask.errors import ParameterError, TaskError
from polytask.linear import GraphLaplacian, LinearModel, MeanRegularised, TemporalSmooth


def table():
    sets = oracle.regression()
    return sets, oracle.tasks(sets, dict.fromkeys(sets, "regression"))


def fit(penalty, data, **options):
    return LinearModel(penalty, **{"tol": 1e-10} | options).fit(data)


def test_edges_by_name_reach_the_optimum_of_their_positions():
    sets, data = table()
    kinds = dict.fromkeys(sets, "regression")
    edges = ((0, 3, 2.0), (1, 2, -0.5))
    expected, _ = oracle.optimum(sets, kinds, GraphLaplacian(0.8, 0.05, edges=edges))
    model = fit(GraphLaplacian(0.8, 0.05, edges=(("a", "d", 2.0), ("c", "b", -0.5))), data)
    assert model.objective_ == pytest.approx(expected, rel=1e-6)


def test_a_line_is_temporal_smoothness():
    _, data = table()
    line = (("a", "b"), ("b", "c"), ("c", "d"))
    np.testing.assert_allclose(
        fit(GraphLaplacian(0.7, 0.2, edges=line), data).coef_,
        fit(TemporalSmooth(0.7, 0.2), data).coef_,
        atol=1e-8,
    )


def test_every_pair_is_mean_regularisation():
    # sum over pairs |w_a - w_b|^2 = T sum |w_t - mean|^2; a price r on |W|^2 splits over both
    T, alpha, ratio = 4, 0.3, 0.5
    _, data = table()
    own = alpha * (T + ratio)
    mean = alpha * ratio  # strength on the mean: own * r / (T + r)
    same = MeanRegularised(own, ratio=T * mean / (own - mean))
    expected = fit(same, data).coef_
    np.testing.assert_allclose(fit(GraphLaplacian(alpha, ratio), data).coef_, expected, atol=1e-7)


def test_a_negative_edge_draws_towards_opposite_signs():
    _, data = table()
    model = fit(GraphLaplacian(1e4, 1e-4, edges=(("a", "d", -1.0),)), data)
    np.testing.assert_allclose(model.coef_[0], -model.coef_[3], atol=1e-2)


@pytest.mark.parametrize("edges", [((0, 0),), ((0, 1), (1, 0)), ((0,),)])
def test_an_edge_is_a_pair_and_stands_once(edges):
    with pytest.raises(ParameterError, match="GraphLaplacian needs edges"):
        GraphLaplacian(1.0, edges=edges)


def test_an_edge_to_a_task_that_is_not_there_is_refused():
    with pytest.raises(TaskError, match="graph names 'x'"):
        fit(GraphLaplacian(1.0, edges=(("a", "x"),)), table()[1])


@pytest.mark.parametrize("ratio", [0.0, -1.0, np.inf])
def test_a_price_of_size_is_needed(ratio):
    with pytest.raises(ParameterError, match="finite ratio > 0"):
        GraphLaplacian(1.0, ratio=ratio)
