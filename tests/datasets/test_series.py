"""Series: a label is in the future of its inputs, and hidden days are really hidden."""

import numpy as np
import pytest

from polytask import datasets
from polytask.errors import ParameterError


@pytest.mark.data("exchange_rate")
def test_labels_are_horizon_days_after_the_inputs():
    data = datasets.ExchangeRate(horizon=5, lags=3).load()
    tomorrow = datasets.ExchangeRate().load()
    rates = np.vstack([tomorrow.X[:1], tomorrow.Y])  # all 7,588 days
    assert data.n_rows == 7588 - 5 - 2
    assert np.array_equal(data.X[10, :8], rates[12])
    assert np.array_equal(data.X[10, 16:], rates[10])
    assert np.array_equal(data.Y[10], rates[17])
    assert data.time[10] == 12
    assert data.feature_names[8] == "Australia -1"


@pytest.mark.data("exchange_rate")
def test_parts_follow_each_other_in_time():
    rate = datasets.ExchangeRate(horizon=12)
    time = rate.load().time
    parts = [time[rows] for rows in rate.parts().values()]
    assert parts[0].max() < parts[1].min()
    assert parts[1].max() < parts[2].min()
    assert len(parts[0]) / len(time) == pytest.approx(0.6, abs=1e-3)


@pytest.mark.parametrize("options", [{"horizon": 0}, {"lags": 0}])
def test_options_out_of_range_are_refused(options):
    with pytest.raises(ParameterError, match=f"ExchangeRate needs {next(iter(options))}"):
        datasets.ExchangeRate(**options)


@pytest.mark.data("fx2007")
def test_the_known_task_hides_three_stretches_and_nothing_else():
    data = datasets.load("fx2007")
    train, test = datasets.FX2007().benchmark()
    assert test.names == ("CAD/USD", "JPY/USD", "AUD/USD")
    assert test.n_labels.tolist() == [51, 51, 51]
    # days are counted from 1
    assert (test["CAD/USD"].rows + 1)[[0, -1]].tolist() == [50, 100]
    for name in data.names:
        hidden = test[name].rows if name in test else []
        assert sorted([*train[name].rows, *hidden]) == data[name].rows.tolist()
