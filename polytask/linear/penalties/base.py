"""What a penalty must give: its value, its step, its dual, and the strengths worth trying."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.errors import UnsupportedError, require
from polytask.slot import Slot


@dataclass(frozen=True, eq=False)
class Frozen:
    """What was learned from old tasks, as a prior of a new one: ``w = center + factor v``.

    The new task then pays ``alpha/2 |v|^2``.

    Attributes
    ----------
    center : array (d, width)
    factor : array (d, k) or None
        None is the identity.
    alpha : float
    price : Penalty, optional
        Paid for v instead of that, where some directions are dearer than others.
    """

    center: np.ndarray
    factor: np.ndarray | None
    alpha: float
    price: "Penalty | None" = None


class Penalty(Slot, ABC):
    """A price on the coefficients W ``(d, P)``, a column per output; zero at W = 0.

    Attributes
    ----------
    smooth : bool
        True for quadratic forms, which have a gradient and exact solvers.
    differentiable : bool
        True for other penalties that have a `gradient` everywhere.
    directions : str or None
        Which fitted attribute has the learned directions of the inputs: "structure", "features".
    convex : bool
        True, except where a price levels off: then there is no duality gap.
    couples : "entries", "rows", "columns" or "everything"
        What the step moves together: a sum of prices of entries has a step for every entry.
    absolute : bool
        True where only the sizes of coefficients count, and larger ones never cost less: what
        `Positive` takes.
    signed : bool
        True where it ties features by their signs, so that one of them cannot be taken out.
    frees : bool
        True where some features cost nothing.
    spans : tuple of float
        Strongest and weakest strength of a path, relative to the scale of the problem.
    points : int
        Strengths on a path, where none are asked for.
    second : str or None
        The field of the second strength, which makes a line of the path for each of its values;
        ``own__alpha`` reaches into a penalty inside. None where ``alpha`` is the only one.
    """

    alpha: float
    smooth: ClassVar[bool] = False
    differentiable: ClassVar[bool] = False
    directions: ClassVar[str | None] = None
    convex: ClassVar[bool] = True
    couples: ClassVar[str] = "everything"
    absolute: ClassVar[bool] = False
    signed: ClassVar[bool] = False
    frees: ClassVar[bool] = False
    spans: ClassVar[tuple[float, float]] = (1.0, 1e-3)
    points: ClassVar[int] = 13
    second: ClassVar[str | None] = None

    @abstractmethod
    def value(self, W):
        """The price of W ``(d, P)``, a float."""

    @abstractmethod
    def prox(self, W, step):
        """``argmin_V |V - W|^2 / 2 + step * value(V)``."""

    @abstractmethod
    def conjugate(self, V):
        """``max_W <V, W> - value(W)``, for V that `feasible` did not have to shrink."""

    def feasible(self, V):
        """The largest factor s in [0, 1] for which ``conjugate(s V)`` is finite."""
        return 1.0

    def alpha_max(self, gradient):
        """The smallest strength at which W = 0 is optimal; infinite where there is none.

        ``gradient`` ``(d, P)`` is that of the datafits at W = 0, with the best intercepts.
        """
        return np.inf

    def grid(self, problem, *, points=None, weakest=None, seconds=None):
        """Penalties worth trying on a problem, from the strongest to the weakest.

        All lines together; see `along` and `lines` for the options.
        """
        lines = self.lines(problem, seconds)
        found = [
            one for line in lines for one in line.along(problem, points=points, weakest=weakest)
        ]
        return sorted(found, key=lambda one: -one.alpha)

    def lines(self, problem, seconds=None):
        """This penalty at every value of its second strength, the strongest first.

        Parameters
        ----------
        problem : Problem
        seconds : sequence of float, optional
            Values of the field ``second``. Default: those worth trying on this problem.

        Returns
        -------
        list of Penalty
            ``[self]`` where there is no second strength.

        Raises
        ------
        ParameterError
            If values are given for a penalty with one strength.
        """
        require(
            self.second is not None or seconds is None,
            f"{type(self).__name__} has one strength, alpha. Found values {seconds!r} of a second "
            "one. Leave them out.",
        )
        if self.second is None:
            return [self]
        values = self._seconds(problem) if seconds is None else seconds
        return [self.replace(**{self.second: value}) for value in values]

    def along(self, problem, *, points=None, weakest=None):
        """One line of a path: geometric in ``alpha``, from the strength that leaves nothing.

        Parameters
        ----------
        problem : Problem
        points : int, optional
            Default: the class's own.
        weakest : float, optional
            The last strength, relative to the scale of the problem: for sparse penalties to the
            smallest strength at which nothing is left. Default: the class's own.
        """
        strong, weak = self.spans
        weak, points = weakest or weak, points or self.points
        alphas = self._top(problem) * np.geomspace(strong, weak, points)
        return [self.replace(alpha=_round(alpha)) for alpha in alphas]

    def _seconds(self, problem):
        """Values of the second strength that are worth trying."""
        return [self.get_params()[self.second]]

    def _top(self, problem):
        return self.alpha_max(problem.null.gradient) or 1.0

    def bound(self, outputs):
        """The penalty for these outputs; of strength zero it is no penalty at all."""
        from polytask.linear.penalties.none import NoPenalty

        return self if self.alpha > 0 else NoPenalty()

    def alone(self):
        """What this penalty is on one output, as a penalty on the outputs of all tasks; or None.

        It may tie no outputs. Its strength grows in proportion to ``alpha``.
        """
        return None  # noqa: RET501  None is an answer here

    def in_blocks(self, d):
        """The price of d rows as `Blocks` that are moved one at a time; None where rows are tied.

        Coordinate descent on working sets takes what has such a form.
        """
        return None  # noqa: RET501  None is an answer here

    def coefficients(self, W):
        """Parts ``(d, P)`` of the optimum that are shown like ``coef_``, by attribute name."""
        return {}

    def learned(self, W):
        """Facts about the optimum that the model shows, by attribute name without underscore."""
        return {}

    def frozen(self, W, like):
        """The prior of a new task, whose outputs are like the columns ``like`` of W.

        Raises
        ------
        UnsupportedError
            If nothing is shared that a new task could be held to.
        """
        raise UnsupportedError(
            f"{type(self).__name__} shares nothing that a new task could be held to. Fit again "
            "with the new task, or take MeanRegularised, L21, TraceNorm or SquaredTraceNorm."
        )

    @classmethod
    def examples(cls):
        """Values on which the laws try this class."""
        yield cls(alpha=0.3)
        yield cls(alpha=0.02)


def check_strength(penalty):
    """Refuse a strength below zero, or one that is no number."""
    name, alpha = type(penalty).__name__, penalty.alpha
    require(
        np.isfinite(alpha) and alpha >= 0,
        f"{name} needs a finite alpha >= 0. Found alpha={alpha}. Larger is simpler.",
    )


def check_priced(name, part):
    """Refuse free features inside a penalty that cannot take them out."""
    require(
        not part.frees,
        f"{name} needs a price on every feature. Found weights of zero in {part!r}. Weigh outside: "
        f"Weighted({name}(...), features=...).",
        UnsupportedError,
    )


def _round(alpha):
    # six digits: the strength that a report prints is the strength that was used
    return float(f"{alpha:.6g}")
