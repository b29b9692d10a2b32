"""Labels that are times until an event, which some rows do not reach."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.errors import DataError, require
from polytask.kinds.numbers import Numbers
from polytask.ops.concordance import concordance


@dataclass(frozen=True)
class Survival(Numbers):
    """A time per row: until the event, or until it was last seen without one (censored).

    One number says both: ``+time`` where the event happened, ``-time`` where the row is censored.
    `labels` makes it from two columns. Times are above zero. It is never inferred: say
    ``kinds={"relapse": "survival"}``.

    Outputs are log relative hazards: larger is sooner. They are judged by concordance.

    Notes
    -----
    The sign is the convention of XGBoost's ``survival:cox``. One number per label means that gaps,
    weights, splits and files treat survival like every other kind.

    Examples
    --------
    >>> y = Survival.labels(time=[5.0, 2.0, 7.0], event=[True, True, False])
    >>> Survival().encode(y, "relapse")
    array([ 5.,  2., -7.])
    """

    name: ClassVar[str] = "survival"
    loss: ClassVar[str] = "cox"
    metrics: ClassVar[tuple[str, ...]] = ("concordance_index",)
    numeric: ClassVar[bool] = False

    @staticmethod
    def labels(time, event):
        """Labels ``(n,)`` from times and whether the event happened; NaN where a time is missing.

        Parameters
        ----------
        time : array (n,), > 0
        event : array (n,) of bool, or of 0 and 1

        Raises
        ------
        DataError
            If a time is not positive, an event is neither 0 nor 1, or lengths differ.
        """
        time, event = np.asarray(time, dtype=np.float64), np.asarray(event, dtype=np.float64)
        require(
            time.shape == event.shape,
            f"An event per time. Found {time.shape} times and {event.shape} events.",
            DataError,
        )
        given = ~np.isnan(time)
        strange = ~np.isin(event[given], (0, 1))
        require(
            not strange.any(),
            f"event is 1 where it happened and 0 where the row is censored. Found "
            f"{event[given][strange][:1]}.",
            DataError,
        )
        early = time[given] <= 0
        require(
            not early.any(),
            f"Times are above zero. Found {time[given][early][:1]}. Shift the origin, or drop it.",
            DataError,
        )
        return np.where(event == 1, time, -time)

    def encode(self, values, column):
        codes = super().encode(values, column)
        zero = np.flatnonzero(codes == 0)
        if len(zero):
            raise DataError(
                f"Task {column!r} needs times above zero (+ event, - censored). Found 0 in row "
                f"{zero[0]}. Shift the origin, or drop the row."
            )
        return codes

    def strata(self, codes):
        return [codes > 0, codes < 0]

    def score(self, y, outputs, weight=None):
        """Concordance index; NaN where no two rows can be compared."""
        return concordance(y, outputs, weight)
