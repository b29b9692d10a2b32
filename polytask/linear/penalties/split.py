"""Two penalties on two parts: W is the sum of a shared part and one of the tasks' own."""

from dataclasses import dataclass, field
from functools import partial
from typing import ClassVar

from polytask.errors import require
from polytask.linear.penalties.base import Penalty, _round, check_priced
from polytask.linear.penalties.l1 import L1
from polytask.linear.penalties.l1linf import L1Linf
from polytask.linear.penalties.l21 import L21
from polytask.linear.penalties.mixed_blocks import mixed
from polytask.linear.penalties.none import NoPenalty
from polytask.linear.penalties.pairs import InTurn, pair_of

# Price of the own part on the grid, relative to where both parts leave zero together.
SHARES = (0.8, 1.25)


@dataclass(frozen=True)
class Split(Penalty):
    r"""Let every coefficient be a sum of a shared and an own part, each with its own price.

    ``value(W) = min over B + S = W of shared.value(B) + own.value(S)``.

    - dirty model: ``Split(L1Linf(b), L1(s))`` or ``Split(L21(b), L1(s))``: features that serve all
      tasks, and single coefficients beside them;
    - robust: ``Split(L21(b), ColumnL2(s))``: tasks whose own part is not zero are outliers;
    - sparse and low rank: ``Split(TraceNorm(b), L1(s))``.

    Parameters
    ----------
    shared, own : Penalty
        What is paid for either part. Any two: those pairs that are named above with `L1` beside
        rows have steps in closed form, others alternate two steps until they meet.

    Raises
    ------
    ParameterError
        If one of them is no penalty.

    Notes
    -----
    ``alpha`` stands for both strengths: it reads ``shared.alpha``, and replacing it keeps the ratio
    of the two. A search over both uses ``penalty__shared__alpha`` and ``penalty__own__alpha``.

    With ``L1Linf(b)`` and ``L1(s)`` on T tasks: ``s >= b`` leaves no own part, ``b >= T s`` no
    shared one; with `L21` the second limit is ``b >= sqrt(T) s``. Search between.

    The solver sees one variable, W, not two: the step of ``value`` moves Z to ``Z`` minus its
    projection on what both dual balls have in common. The fitted model has ``shared_coef_`` and
    ``own_coef_`` ``(P, d)``, which add up to ``coef_``. Where the cheapest split is not unique,
    it is one of the cheapest.

    References
    ----------
    Jalali, Ravikumar, Sanghavi, Ruan. A dirty model for multi-task learning. NIPS 2010.
    Gong, Ye, Zhang. Robust multi-task feature learning. KDD 2012.
    Chen, Liu, Ye. Learning incoherent sparse and low-rank patterns from multiple tasks. KDD 2010.
    Survey: block-sparse regularisation.

    Examples
    --------
    >>> import numpy as np
    >>> penalty = Split(L21(1.0), L1(0.75))
    >>> W = np.array([[3.0, 4.0], [0.0, 2.0]])
    >>> shared, own = penalty.parts(W)
    >>> shared.round(2), own.round(2)
    (array([[3. , 3.4],
           [0. , 0. ]]), array([[0. , 0.6],
           [0. , 2. ]]))
    """

    shared: Penalty = field(default_factory=L21)
    own: Penalty = field(default_factory=partial(L1, 0.75))
    second: ClassVar[str | None] = "own__alpha"

    @property
    def signed(self):
        """As either part."""
        return self.shared.signed or self.own.signed

    def __post_init__(self):
        for name in ("shared", "own"):
            part = getattr(self, name)
            require(
                isinstance(part, Penalty),
                f"Split needs a penalty for {name}. Found {part!r}. "
                "For instance Split(L21(0.1), L1(0.05)).",
            )
            check_priced("Split", part)

    @property
    def alpha(self):
        """The strength of the shared part; replacing it moves that of the own part along."""
        return self.shared.alpha

    def replace(self, **params):
        if "alpha" not in params:
            return super().replace(**params)
        alpha = params.pop("alpha")
        shared = self.shared.replace(alpha=alpha)
        ratio = self.own.alpha / self.shared.alpha if self.shared.alpha > 0 else 1.0
        scaled = {"shared": shared, "own": self.own.replace(alpha=alpha * ratio)}
        return super().replace(**scaled | params)

    def bound(self, outputs):
        if min(self.shared.alpha, self.own.alpha) == 0:
            return NoPenalty()  # what one part gets for nothing, nobody pays for
        return Split(self.shared.bound(outputs), self.own.bound(outputs))

    def alone(self):
        parts = self.shared.alone(), self.own.alone()
        if all(isinstance(part, L1) for part in parts):
            return min(parts, key=lambda part: part.alpha)
        return None

    @property
    def closed(self):
        """True where the step of the sum has a closed form."""
        return not isinstance(pair_of(self.shared, self.own), InTurn)

    def value(self, W):
        B, S = self.parts(W)
        return self.shared.value(B) + self.own.value(S)

    def prox(self, W, step):
        return pair_of(self.shared, self.own).step(W, step)

    def in_blocks(self, d):
        shared, own = self.shared.in_blocks(d), self.own.in_blocks(d)
        return mixed(shared, own) or mixed(own, shared)

    def parts(self, W):
        """The cheapest shared and own part ``(d, P)`` with sum W."""
        return pair_of(self.shared, self.own).parts(W)

    def feasible(self, V):
        return min(self.shared.feasible(V), self.own.feasible(V))

    def conjugate(self, V):
        return self.shared.conjugate(V) + self.own.conjugate(V)

    def alpha_max(self, gradient):
        ratio = self.own.alpha / self.shared.alpha
        return max(self.shared.alpha_max(gradient), self.own.alpha_max(gradient) / ratio)

    def lines(self, problem, seconds=None):
        if seconds is not None:
            return super().lines(problem, seconds)
        shared, own = _round(self.shared._top(problem)), self.own._top(problem)
        # two own prices around the one at which both parts leave zero together
        return [self.replace(shared__alpha=shared, own__alpha=_round(own * s)) for s in SHARES]

    def along(self, problem, *, points=None, weakest=None):
        line = super().along(problem, points=points, weakest=weakest)
        return [one.replace(own__alpha=_round(one.own.alpha)) for one in line]

    def _top(self, problem):
        # the part that is dearer leaves zero later: both are there from the first step on
        ratio = self.own.alpha / self.shared.alpha
        return max(self.shared._top(problem), self.own._top(problem) / ratio)

    @property
    def spans(self):
        """Those of the shared part."""
        return self.shared.spans

    def coefficients(self, W):
        return dict(zip(("shared_coef", "own_coef"), self.parts(W)))

    @classmethod
    def examples(cls):
        yield cls(L21(0.3), L1(0.2))
        yield cls(L21(0.02), L1(0.016))
        yield cls(L1Linf(0.3), L1(0.1))
