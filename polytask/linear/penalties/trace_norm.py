"""Low rank: the tasks live in few directions of the inputs."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.linear.penalties.base import Frozen, Penalty, check_strength
from polytask.ops.prox import TINY
from polytask.ops.spectral import map_singular_values, spectral_norm, trace_norm


@dataclass(frozen=True)
class TraceNorm(Penalty):
    """Sum of the singular values of W: ``value(W) = alpha |W|_*``.

    Its step shortens every singular value by ``step * alpha``; the rank falls.

    Parameters
    ----------
    alpha : float, >= 0
        Strength, in units of loss per unit of coefficient.

    Raises
    ------
    ParameterError
        If ``alpha`` is negative or not finite.

    Notes
    -----
    The fitted model has ``features_`` ``(d, k)``, the directions that are used, ``rank_``,
    and ``transform``, the inputs in them.
    A new task (`adapt`): ``value`` is the smallest, over D positive semi-definite, of
    ``alpha/2 (tr W' D^-1 W + tr D)``, at ``D = (W W')^(1/2)``; that D is held fixed.

    References
    ----------
    Argyriou, Evgeniou, Pontil. Multi-task feature learning. NIPS 2006.
    Survey: block-sparse regularisation.

    Examples
    --------
    >>> import numpy as np
    >>> TraceNorm(1.0).prox(np.diag([3.0, 0.5]), 1.0).round(6) + 0.0
    array([[2., 0.],
           [0., 0.]])
    """

    alpha: float = 1.0
    directions: ClassVar[str | None] = "features"

    def __post_init__(self):
        check_strength(self)

    def value(self, W):
        return self.alpha * trace_norm(W)

    def prox(self, W, step):
        return map_singular_values(W, lambda s: np.maximum(s - step * self.alpha, 0))

    def feasible(self, V):
        return min(1.0, self.alpha / max(spectral_norm(V), TINY))

    def conjugate(self, V):
        return 0.0

    def alpha_max(self, gradient):
        return spectral_norm(gradient)

    def learned(self, W):
        return directions(W)

    def frozen(self, W, like):
        U, s = left_singular(W)
        return Frozen(np.zeros((len(W), len(like))), U * np.sqrt(s), self.alpha)


def left_singular(W):
    """The directions ``(d, k)`` that W uses and their singular values ``(k,)``."""
    U, s, _ = np.linalg.svd(W, full_matrices=False)
    # a step of the penalty leaves exact zeros up to rounding of the products
    kept = s > 1e-9 * s.max(initial=0)
    return U[:, kept], s[kept]


def directions(W):
    """What models with a spectral penalty show: ``features`` and ``rank``."""
    U, s = left_singular(W)
    return {"features": U, "rank": len(s)}
