"""What the race asks of a peer."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np

from linear_wing.prices import Clusters, Dirty, Spectrum


def group_of(case):
    """Which problems are of one form, so that one call of a peer takes all of them."""
    if isinstance(case.price, Dirty):
        return "dirty-l2" if case.price.order == 2 else "dirty-linf"
    if isinstance(case.price, Spectrum):
        return "trace"
    if isinstance(case.price, Clusters):
        return "clustered"
    return "rows, shared" if case.shared else "rows, own"


def nothing(case):
    """No form of the data but that of the case."""


@dataclass(frozen=True)
class Peer:
    """A solver of somebody, for one group of cases.

    Attributes
    ----------
    name : str
        Of the package, and after a comma the way it is used.
    group : str
    solve : callable
        ``(case, data, tol) -> list of answers``, timed.
    prepare : callable
        ``(case) -> data``, not timed: the form in which its own users would hold their data.
    needs : str
        A module that must be there.
    fits : callable
        ``(case) -> bool``: whether it takes a case of its group.
    """

    name: str
    group: str
    solve: Callable
    prepare: Callable = nothing
    needs: str = "polytask"
    fits: Callable = lambda case: True

    def missing(self):
        """Why it is not run; None where it is."""
        return None if find_spec(self.needs) else f"{self.needs} is not installed"

    def run(self, case, data, tol):
        """CPU seconds of this process, and the answers."""
        start = time.process_time()
        answers = self.solve(case, data, tol)
        return time.process_time() - start, answers


def equal_sizes(case):
    """Whether all tasks have as many rows."""
    return len({len(y) for _, y in case.tables}) == 1


def stacked(case):
    """``X (T, n, d)`` and ``Y (T, n)`` of tasks with as many rows each."""
    if case.shared:
        X, Y = case.tables[0]
        return np.broadcast_to(X, (Y.shape[1], *X.shape)), np.ascontiguousarray(Y.T)
    return np.stack([X for X, _ in case.tables]), np.stack([y for _, y in case.tables])
