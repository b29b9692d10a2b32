"""Multi-task feature learning: few directions, learned with the tasks."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.linear.penalties.base import Frozen, Penalty, check_strength
from polytask.linear.penalties.l2 import L2
from polytask.linear.penalties.trace_norm import directions, left_singular
from polytask.ops.prox import squared_sum_cut
from polytask.ops.spectral import map_singular_values, spectral_norm, trace_norm


@dataclass(frozen=True)
class SquaredTraceNorm(Penalty):
    """Multi-task feature learning: ``value(W) = alpha/2 |W|_*^2``, the squared trace norm.

    It is the smallest, over D positive semi-definite with trace at most 1, of
    ``alpha/2 sum_t w_t' D^-1 w_t``: all tasks are ridge regressions in one metric, and the metric
    is learned. The best D is ``(W W')^(1/2) / tr (W W')^(1/2)``.

    Parameters
    ----------
    alpha : float, >= 0
        Strength, in units of loss per squared coefficient. The paper's ``gamma`` (plain sums of
        squares) is ``alpha = 2 gamma`` times the factor that turns its loss into ours, for n rows
        per task ``alpha = gamma / n``.

    Raises
    ------
    ParameterError
        If ``alpha`` is negative or not finite.

    Notes
    -----
    The paper alternates between W and D; without its perturbation the alternation stops away from
    the optimum, with it it is slow. Here the step of the penalty is taken on the singular values,
    ``s -> max(0, s - c)`` with ``c = g S_k / (1 + g k)``, g = step * alpha, so the optimum is
    reached with exact rank. With one task this is `L2`. It is also the linear form of
    Zhang and Yeung's task relationship learning with its ridge term left out.

    The fitted model has ``features_`` ``(d, k)``, the learned directions, ``rank_``, and
    ``transform``, the inputs in them. A new task (`adapt`): D is held fixed.

    References
    ----------
    Argyriou, Evgeniou, Pontil. Convex multi-task feature learning. Machine Learning 2008.
    Survey: block-sparse regularisation.

    Examples
    --------
    >>> import numpy as np
    >>> SquaredTraceNorm(1.0).value(np.diag([3.0, 1.0]))
    8.0
    """

    alpha: float = 1.0
    directions: ClassVar[str | None] = "features"
    spans: ClassVar[tuple[float, float]] = (10.0, 1e-4)

    def __post_init__(self):
        check_strength(self)

    def value(self, W):
        return 0.5 * self.alpha * trace_norm(W) ** 2

    def prox(self, W, step):
        return map_singular_values(
            W, lambda s: np.maximum(s - squared_sum_cut(s, step * self.alpha), 0)
        )

    def alone(self):
        return L2(self.alpha)

    def conjugate(self, V):
        return spectral_norm(V) ** 2 / (2 * self.alpha)

    def _top(self, problem):
        return problem.curvature

    def learned(self, W):
        return directions(W)

    def frozen(self, W, like):
        U, s = left_singular(W)
        factor = U * np.sqrt(s / max(s.sum(), np.finfo(np.float64).tiny))
        return Frozen(np.zeros((len(W), len(like))), factor, self.alpha)
