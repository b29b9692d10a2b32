import numpy as np
import pytest
from linear import oracle

from polytask import Tasks
from polytask.errors import ParameterError
from polytask.linear import L21, FusedTemporal, LinearModel


def table(names="abcd"):
    sets = {name: oracle.regression()[name] for name in names}
    return sets, oracle.tasks(sets, dict.fromkeys(sets, "regression"))


def fit(penalty, data, **options):
    return LinearModel(penalty, **{"tol": 1e-9, "max_iter": 50_000} | options).fit(data)


def test_another_order_reaches_its_own_optimum():
    sets, data = table()
    kinds = dict.fromkeys(sets, "regression")
    penalty = FusedTemporal(0.1, 0.6, 0.3, order=(2, 0, 3, 1))
    expected, _ = oracle.optimum(sets, kinds, penalty)
    model = fit(penalty.replace(order=("c", "a", "d", "b")), data)
    assert model.objective_ == pytest.approx(expected, rel=1e-6)


def test_without_a_price_on_changes_it_is_the_group_lasso():
    _, data = table()
    fused, rows = fit(FusedTemporal(0.2, steps=0.0), data), fit(L21(0.2), data)
    np.testing.assert_allclose(fused.coef_, rows.coef_, atol=1e-4)


def test_the_place_of_a_task_in_the_table_means_nothing():
    one = fit(FusedTemporal(0.1), table("abcd")[1])
    other = fit(FusedTemporal(0.1), table("cbda")[1])
    at = [other.task_names_.index(name) for name in one.task_names_]
    np.testing.assert_allclose(other.coef_[at], one.coef_, atol=1e-4)


def test_effects_that_change_once_are_found_as_two_levels():
    rng = np.random.default_rng(0)
    W = np.zeros((8, 10))
    W[0], W[1, 5:] = 1.0, 1.5
    X = rng.normal(size=(100, 8))
    data = Tasks.from_arrays(X, X @ W + 0.1 * rng.normal(size=(100, 10)))
    model = fit(FusedTemporal(0.05, steps=0.5), data, tol=1e-8)
    assert len(np.unique(model.coef_[:, 0])) <= 2
    assert np.all(np.diff(model.coef_[:5, 1]) == 0)
    assert np.all(np.diff(model.coef_[5:, 1]) == 0)
    assert model.coef_[9, 1] > 1
    assert not np.any(model.coef_[:, 2:])


@pytest.mark.parametrize("prices", [{"steps": -1.0}, {"entries": np.inf}])
def test_prices_below_zero_or_infinite_are_refused(prices):
    with pytest.raises(ParameterError, match="FusedTemporal needs a finite"):
        FusedTemporal(0.1, **prices)
