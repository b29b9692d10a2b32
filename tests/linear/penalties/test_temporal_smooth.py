import numpy as np
import pytest
from linear import oracle

from polytask.errors import ParameterError, TaskError
from polytask.linear import L2, LinearModel, TemporalSmooth


def table():
    sets = oracle.regression()
    return sets, oracle.tasks(sets, dict.fromkeys(sets, "regression"))


def fit(penalty, data, **options):
    return LinearModel(penalty, **{"tol": 1e-10} | options).fit(data)


def test_another_order_reaches_its_own_optimum():
    sets, data = table()
    kinds = dict.fromkeys(sets, "regression")
    expected, _ = oracle.optimum(sets, kinds, TemporalSmooth(0.8, 0.05, order=(2, 0, 3, 1)))
    model = fit(TemporalSmooth(0.8, 0.05, order=("c", "a", "d", "b")), data)
    assert model.penalty_.order == ((2, 0, 3, 1),)
    assert model.objective_ == pytest.approx(expected, rel=1e-6)


def test_without_a_price_on_steps_it_is_ridge():
    _, data = table()
    smooth, ridge = fit(TemporalSmooth(1e-9, 1e8), data), fit(L2(0.1), data)
    np.testing.assert_allclose(smooth.coef_, ridge.coef_, atol=1e-6)


def test_a_task_of_one_row_lies_between_its_neighbours():
    _, data = table()
    model = fit(TemporalSmooth(10.0, 1e-4, order=("a", "c", "d", "b")), data)
    coef = dict(zip("abcd", model.coef_))
    np.testing.assert_allclose(coef["c"], (coef["a"] + coef["d"]) / 2, atol=0.05)


@pytest.mark.parametrize("order", [("a", "b"), ("a", "a", "b", "c")])
def test_an_order_needs_every_task_once(order):
    with pytest.raises(TaskError, match="needs every task once"):
        fit(TemporalSmooth(1.0, order=order), table()[1])


@pytest.mark.parametrize("ratio", [0.0, -1.0, np.inf])
def test_a_price_of_size_is_needed(ratio):
    with pytest.raises(ParameterError, match="finite ratio > 0"):
        TemporalSmooth(1.0, ratio=ratio)


def test_without_an_order_names_count_up():
    numbers = oracle.regression()
    sets = {name: numbers[key] for name, key in (("m12", "a"), ("m6", "b"), ("m24", "d"))}
    model = fit(TemporalSmooth(1.0), oracle.tasks(sets, dict.fromkeys(sets, "regression")))
    assert [model.task_names_[p] for p in model.penalty_.order[0]] == ["m6", "m12", "m24"]
