"""Exchange rates: daily, eight countries, 1990 to 2016."""

from dataclasses import dataclass

import numpy as np

from polytask.datasets.base import Dataset
from polytask.datasets.files import DataFile, Repository
from polytask.datasets.readers import numbers, table
from polytask.datasets.tables import rows, shared
from polytask.datasets.writers import same
from polytask.errors import require

REPOSITORY = Repository(
    "laiguokun/multivariate-time-series-data", "7f402f185cc2435b5e66aed13a3b560ed142e023"
)
COUNTRIES = (
    *("Australia", "UK", "Canada", "Switzerland"),
    *("China", "Japan", "New Zealand", "Singapore"),
)
DAYS = 7588


@dataclass(frozen=True)
class ExchangeRate(Dataset):
    """What will the rate be ``horizon`` days from now? Eight series of 7,588 days.

    A regression task per country. Row t has the rates of all countries on the days
    t, t-1, ..., t-lags+1 as inputs and the rates on day t+horizon as labels; ``data.time`` is the
    day t, counted from 0.

    Parameters
    ----------
    horizon : int >= 1
        Days ahead.
    lags : int >= 1
        Days that are inputs.

    Examples
    --------
    >>> ExchangeRate(horizon=5).replace(lags=3)
    ExchangeRate(horizon=5, lags=3)
    """

    horizon: int = 1
    lags: int = 1

    name = "exchange_rate"
    title = "Daily exchange rates of eight countries"
    rows, features, tasks = DAYS - 1, 8, 8
    source = "https://github.com/laiguokun/multivariate-time-series-data"
    licence = "not stated"
    citation = (
        "Lai, Chang, Yang, Liu. Modeling long- and short-term temporal patterns with deep neural "
        "networks. SIGIR 2018."
    )
    split = "60 / 20 / 20 % in the order of time: ``parts()``"
    traps = (
        "split by time only, since neighbouring days are almost equal; today's rate as the "
        "forecast is very hard to beat, and an R² near 1 says nothing."
    )
    files = (
        DataFile(
            "exchange_rate/exchange_rate.txt.gz",
            "6a4fbb561dcdee43f071a83badbeec9223a335552278348656738b556f1c2e9d",
            (
                REPOSITORY.file(
                    "exchange_rate/exchange_rate.txt.gz",
                    "6a4fbb561dcdee43f071a83badbeec9223a335552278348656738b556f1c2e9d",
                ),
            ),
            same,
            rebuilt=True,
        ),
    )

    def __post_init__(self):
        require(
            1 <= self.horizon <= 1000,
            f"ExchangeRate needs horizon in 1 to 1000. Found {self.horizon}.",
        )
        require(1 <= self.lags <= 1000, f"ExchangeRate needs lags in 1 to 1000. Found {self.lags}.")

    def load(self):
        _, cells = table(self._path(".txt.gz"), header=False)
        rates = numbers(cells)
        days = np.arange(self.lags - 1, len(rates) - self.horizon)
        X = np.hstack([rates[days - lag] for lag in range(self.lags)])
        inputs = [
            country if lag == 0 else f"{country} -{lag}"
            for lag in range(self.lags)
            for country in COUNTRIES
        ]
        return shared(X, rates[days + self.horizon], COUNTRIES, inputs=inputs, time=days)

    def parts(self):
        n = DAYS - self.horizon - self.lags + 1
        first, second = int(0.6 * n), int(0.8 * n)
        return {"train": rows(0, first), "valid": rows(first, second), "test": rows(second, n)}
