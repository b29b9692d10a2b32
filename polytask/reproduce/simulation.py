"""Tables from drawn data: what papers show where the truth has to be known."""

from abc import abstractmethod
from functools import partial
from typing import ClassVar

import numpy as np

from polytask.linear import LinearModel
from polytask.reproduce.base import Piece, Reproduction
from polytask.reproduce.row import Row

TOL = 1e-6


class Simulation(Reproduction):
    """A piece is one setting with one seed; every method of the table sees the same drawn data.

    A subclass writes `measure` and `rows`.

    Attributes
    ----------
    settings : tuple of str
    seeds, few : int
        Draws of the full form and of the quick one.
    """

    settings: ClassVar[tuple[str, ...]]
    seeds: ClassVar[int]
    few: ClassVar[int]

    @abstractmethod
    def measure(self, setting, rng):
        """Numbers by name, from one draw; a number may be a list, one per strength of a grid."""

    def pieces(self, quick):
        """Settings take turns, so that a run that is stopped has seen them all."""
        return [
            Piece(f"{setting} | {seed}", (setting, seed), partial(self._measured, setting, seed))
            for seed in range(self.few if quick else self.seeds)
            for setting in self.settings
        ]

    def _measured(self, setting, seed):
        return self.measure(setting, np.random.default_rng([seed, self.settings.index(setting)]))

    def values(self, records, setting, key):
        """One number per seed; None where a piece failed."""
        return tuple(
            record.get(key) for name, record in records.items() if name.startswith(f"{setting} | ")
        )

    def at_best(self, records, setting, key, *, by=None):
        """Of lists by strength, the numbers at the strength where the mean of ``by`` is smallest.

        ``by`` is the name of other lists by strength; default: these.
        """
        judged = [one for one in self.values(records, setting, by or key) if one is not None]
        best = int(np.argmin(np.mean(judged, axis=0))) if judged else 0
        lists = self.values(records, setting, key)
        return tuple(None if one is None else one[best] for one in lists)


def against(name, values, others, *, metric, gate=None, ratio=False):
    """The row of what two sequences of values have between them, seed by seed."""
    pairs = zip(values, others, strict=True)
    each = tuple(None if a is None or b is None else (a / b if ratio else a - b) for a, b in pairs)
    return Row(name, name, f"{'ratio' if ratio else 'difference'} of {metric}", "", each, gate=gate)


def path(data, penalties, *, tol=TOL, **options):
    """Coefficients ``(d, T)`` at every penalty, each fit from where the last one ended."""
    model = LinearModel(tol=tol, **{"fit_intercept": False} | options)
    for fitted in model.fit_path(data, [{"penalty": penalty} for penalty in penalties]):
        yield fitted.coef_.T
