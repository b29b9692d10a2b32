"""How a sum of two parts is split: in closed form where there is one, else by two steps in turn."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from polytask.linear.penalties.base import Penalty
from polytask.linear.penalties.l1 import L1
from polytask.linear.penalties.l1linf import L1Linf
from polytask.linear.penalties.l21 import L21
from polytask.ops.infimal import (
    alternate,
    clip_level_ball,
    clip_level_largest,
    project_box_ball,
    project_box_simplex,
)
from polytask.ops.prox import TINY

# The proximal point method for the cheapest split: its first step, relative to strength over size,
# how the step grows, and what may be missing at the end, relative to the largest entry.
FIRST = 1.0
GROWTH = 2.0
ROUNDS = 60
EXACT = 1e-10
# Where its inner steps meet: rounding in singular values keeps them from meeting at 1e-15.
MET = 1e-12


@dataclass(frozen=True)
class RowsAndEntries:
    """Rows of one length measure beside single coefficients: `L21` or `L1Linf` beside `L1`.

    The shared part of a row w is ``clip(w, -m, m)`` with one level m; the step of a row z is z
    minus its projection on the box and the dual ball at once.
    """

    rows: float
    entries: float
    project: Callable
    level: Callable

    def step(self, Z, step):
        """``argmin_W |W - Z|^2 / 2 + step * value(W)``."""
        return Z - self.project(Z, step * self.entries, step * self.rows)

    def parts(self, W):
        """The cheapest parts for rows and for entries, with sum W."""
        m = self.level(W, self.entries / self.rows)
        B = np.clip(W, -m, m)
        return B, W - B


@dataclass(frozen=True)
class Swapped:
    """The same pair, named the other way round."""

    pair: RowsAndEntries

    def step(self, Z, step):
        """As of the pair."""
        return self.pair.step(Z, step)

    def parts(self, W):
        """The parts of the pair, in the other order."""
        return self.pair.parts(W)[::-1]


@dataclass(frozen=True)
class InTurn:
    """Any two penalties, by their steps alone."""

    shared: Penalty
    own: Penalty

    def step(self, Z, step):
        """``argmin_W |W - Z|^2 / 2 + step * value(W)``."""
        B, S = self._split(Z, step)
        return B + S

    def parts(self, W):
        """The cheapest parts with sum W.

        The proximal point method on the dual: from V it goes to the V' that splits ``V + s W``
        with step s, and the parts of that split have a sum that approaches W.
        """
        size = max(float(np.abs(W).max(initial=0)), TINY)
        V, s, B = np.zeros_like(W), FIRST * self.shared.alpha / size, None
        for _ in range(ROUNDS):
            # splits of one round and the next are near: from there it takes a fifth of the steps
            B, S = self._split(W + V / s, 1 / s, met=MET, start=B)
            missing = W - B - S
            V = V + s * missing
            if np.abs(missing).max(initial=0) <= EXACT * size:
                break
            s *= GROWTH
        # what rounding leaves goes where there is something already: zeros stay zero
        B = np.where(S == 0, W, B)
        return B, W - B

    def _split(self, Z, step, **options):
        first, second = (partial(part.prox, step=step) for part in (self.shared, self.own))
        return alternate(Z, first, second, **options)


KNOWN = {
    L21: (project_box_ball, clip_level_ball),
    L1Linf: (project_box_simplex, clip_level_largest),
}


def pair_of(shared, own):
    """How these two split a matrix."""
    if type(shared) in KNOWN and type(own) is L1:
        return RowsAndEntries(shared.alpha, own.alpha, *KNOWN[type(shared)])
    if type(own) in KNOWN and type(shared) is L1:
        return Swapped(pair_of(own, shared))
    return InTurn(shared, own)
