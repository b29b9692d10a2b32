"""One line of a reproduced table: the paper's number, ours, and the gate between them."""

from dataclasses import dataclass

import numpy as np

from polytask.report.statistics import corrected_interval


@dataclass(frozen=True)
class Gate:
    """Where a measured number has to lie.

    Parameters
    ----------
    low, high : float or None
        Both ends belong to it; None is open.
    seeds : int
        With fewer seeds, splits or repeats the gate is not judged.
    quick : bool
        Whether it is judged in the quick form too, whatever the number of seeds.

    Examples
    --------
    >>> Gate(high=2.0, seeds=10).holds(1.9, 10), Gate(high=2.0, seeds=10).holds(1.9, 3)
    (True, None)
    """

    low: float | None = None
    high: float | None = None
    seeds: int = 1
    quick: bool = False

    def holds(self, value, n):
        """True or false; None where ``n`` values are too few to say. No value is false."""
        if n < self.seeds and not self.quick:
            return None
        if value is None or not np.isfinite(value):
            return False
        above = self.low is None or value >= self.low
        below = self.high is None or value <= self.high
        return bool(above and below)


@dataclass(frozen=True)
class Row:
    """One number of a published table, measured again.

    Parameters
    ----------
    name, method, metric, unit : str
        ``name`` says what the row is; ``unit`` such as "%".
    values : sequence of float or None
        One per seed, split or repeat; None for one that failed, which no gate forgives.
    published : float or None
        The paper's number.
    gate : Gate or None
    test_share : float, >= 0
        ``n_test / n_train`` where the values come from splits of one table; 0 for data drawn
        anew. It widens the interval, because such values are not independent.

    Examples
    --------
    >>> row = Row("ridge", "Ridge()", "RMSE", "points", (2.0, 2.2, 2.1), gate=Gate(high=2.5))
    >>> round(row.measured, 2), row.holds
    (2.1, True)
    """

    name: str
    method: str
    metric: str
    unit: str
    values: tuple
    published: float | None = None
    gate: Gate | None = None
    test_share: float = 0.0

    @property
    def finite(self):
        """The values that are there ``(n,)``."""
        values = np.array([np.nan if v is None else v for v in self.values], dtype=np.float64)
        return values[np.isfinite(values)]

    @property
    def complete(self):
        """Whether every value is there."""
        return 0 < len(self.finite) == len(self.values)

    @property
    def measured(self):
        """Mean of the values; None without any."""
        return float(self.finite.mean()) if len(self.finite) else None

    @property
    def holds(self):
        """Whether the gate holds; None where there is none, or where it is not judged."""
        if self.gate is None:
            return None
        return self.gate.holds(self.measured if self.complete else None, len(self.values))

    def to_dict(self):
        """The row in the one JSON form."""
        interval = corrected_interval(self.finite, self.test_share)
        std = float(self.finite.std(ddof=1)) if len(self.finite) > 1 else None
        return {
            "name": self.name,
            "method": self.method,
            "metric": self.metric,
            "unit": self.unit,
            "published": self.published,
            "measured": self.measured,
            "std": std,
            "low": interval.low,
            "high": interval.high,
            "n": len(self.finite),
            "gate": None if self.gate is None else [self.gate.low, self.gate.high],
            "holds": self.holds,
        }
