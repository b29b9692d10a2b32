"""A penalty paid by every task for itself: what the same method is without sharing."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from polytask.linear.penalties.around import Around
from polytask.linear.penalties.base import Penalty, _round, check_priced
from polytask.linear.penalties.l21 import L21
from polytask.linear.penalties.none import NoPenalty
from polytask.linear.penalties.trace_norm import TraceNorm


@dataclass(frozen=True)
class PerTask(Around):
    """The same penalty for every task by itself: ``value(W) = sum_t penalty.value(W_t)``.

    ``W_t`` are the columns of task t. One fit of all tasks, and the answer of a fit per task under
    one strength: the baseline of the gain of a linear model.

    Parameters
    ----------
    penalty : Penalty
        With one output per task, `L21` is here `L1`, `SquaredTraceNorm` is `L2`, and
        `MeanRegularised` is `L2` with the strength that it has for a single task.

    Raises
    ------
    ParameterError
        If ``penalty`` is not a penalty.

    References
    ----------
    Caruana. Multitask learning. Machine Learning 1997: single-task learning as the baseline.
    Survey: baselines.

    Examples
    --------
    >>> import numpy as np
    >>> W = np.array([[3.0, 4.0], [0.0, 0.0]])
    >>> L21(1.0).value(W), PerTask(L21(1.0)).value(W)
    (5.0, 7.0)
    """

    penalty: Penalty = field(default_factory=L21)
    spans: ClassVar[tuple[float, float]] = L21.spans

    def bound(self, outputs):
        if self.alpha == 0:
            return NoPenalty()
        widths = np.bincount(outputs.task)
        single = self.penalty.alone() if widths.max() == 1 else None
        if single is None:
            check_priced("PerTask", self.penalty)
            return _Blocks(self.penalty, tuple(outputs.task))
        return single.bound(outputs)

    def along(self, problem, *, points=None, weakest=None):
        found = self.bound(problem.outputs)
        if isinstance(found, NoPenalty):
            return [self]
        share = self.alpha / found.alpha
        line = found.along(problem, points=points, weakest=weakest)
        return [self.replace(alpha=share * one.alpha) for one in line]

    def value(self, W):
        return self._columns(W).value(W)

    def prox(self, W, step):
        return self._columns(W).prox(W, step)

    def feasible(self, V):
        return self._columns(V).feasible(V)

    def conjugate(self, V):
        return self._columns(V).conjugate(V)

    def alpha_max(self, gradient):
        return self._columns(gradient).alpha_max(gradient)

    def _columns(self, W):
        return _Blocks(self.penalty, tuple(range(W.shape[1])))

    @classmethod
    def examples(cls):
        yield cls(L21(0.3))
        yield cls(TraceNorm(0.2))


@dataclass(frozen=True)
class _Blocks(Penalty):
    """A penalty on every block of columns; ``task`` ``(P,)`` says which block a column is in."""

    penalty: Penalty
    task: tuple[int, ...]

    @property
    def alpha(self):
        return self.penalty.alpha

    def _parts(self, W):
        task = np.asarray(self.task)
        return [(at, W[:, at]) for at in (np.flatnonzero(task == t) for t in np.unique(task))]

    def value(self, W):
        return float(sum(self.penalty.value(part) for _, part in self._parts(W)))

    def prox(self, W, step):
        out = np.empty_like(W)
        for at, part in self._parts(W):
            out[:, at] = self.penalty.prox(part, step)
        return out

    def feasible(self, V):
        return min(self.penalty.feasible(part) for _, part in self._parts(V))

    def conjugate(self, V):
        return float(sum(self.penalty.conjugate(part) for _, part in self._parts(V)))

    def alpha_max(self, gradient):
        return max(self.penalty.alpha_max(part) for _, part in self._parts(gradient))

    def along(self, problem, *, points=None, weakest=None):
        top = self.alpha_max(problem.null.gradient)
        top = top if np.isfinite(top) and top > 0 else problem.curvature
        strong, weak = self.penalty.spans
        alphas = top * np.geomspace(strong, weakest or weak, points or self.penalty.points)
        return [self.replace(penalty__alpha=_round(alpha)) for alpha in alphas]
