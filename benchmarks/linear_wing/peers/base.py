"""What the race asks of a peer."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import ClassVar

import numpy as np

from linear_wing.prices import Clusters, Dirty, Spectrum

# One thread: CPU seconds, which others on the machine disturb least; more: seconds that pass.
ALONE = os.environ.get("OMP_NUM_THREADS") == "1"
clock = time.process_time if ALONE else time.perf_counter


def group_of(case):
    """Which problems are of one form, so that one call of a peer takes all of them."""
    if case.group is not None:
        return case.group
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
    warms : bool
        Whether its first run in this process is slower than the others.
    stride : int
        Tolerances are tried in steps of so many powers of ten.
    """

    warms: ClassVar[bool] = True
    stride: ClassVar[int] = 1

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
        """Seconds of this process, and the answers."""
        start = clock()
        answers = self.solve(case, data, tol)
        return clock() - start, answers


def equal_sizes(case):
    """Whether all tasks have as many rows."""
    return len({len(y) for _, y in case.tables}) == 1


def stacked(case):
    """``X (T, n, d)`` and ``Y (T, n)`` of tasks with as many rows each."""
    if case.shared:
        X, Y = case.tables[0]
        return np.broadcast_to(X, (Y.shape[1], *X.shape)), np.ascontiguousarray(Y.T)
    return np.stack([X for X, _ in case.tables]), np.stack([y for _, y in case.tables])
