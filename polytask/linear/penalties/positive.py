"""Coefficients that must not be negative, under a penalty that counts sizes."""

from dataclasses import dataclass, field

import numpy as np

from polytask.errors import UnsupportedError, require
from polytask.linear.penalties.around import InOtherTerms
from polytask.linear.penalties.base import Penalty, check_priced
from polytask.linear.penalties.l21 import L21
from polytask.linear.penalties.weighted import Weighted


@dataclass(frozen=True)
class Positive(InOtherTerms):
    r"""A penalty, with coefficients held at zero or above: infinite where ``W_jp < 0``.

    Amounts, rates, loads of a mixture: things that add up and are never taken away.

    Parameters
    ----------
    penalty : Penalty
        One in which only sizes count, and larger never costs less: `L1`, `L2`, `L21`, `L1Linf`,
        `L1Lq`, `SquaredL21`, `ElasticNet`, `ElasticL21`, `GroupLasso`, `TaskwiseGroupLasso`,
        `ColumnL2`, `TreeGuided`, or one of them under `Weighted`.

    Raises
    ------
    ParameterError
        If ``penalty`` is no penalty; at the fit, if its strength is zero.
    UnsupportedError
        If the penalty compares coefficients or their signs (trace norms, fused, clustered and
        mean-regularised ones), or is not convex.

    Notes
    -----
    Its step is that of the penalty on ``max(W, 0)``, its dual norm that of ``max(V, 0)``: what
    points below zero costs nothing. A strength of zero is refused, because non-negative least
    squares has no duality gap that ends; take a small one. Intercepts are free of the bound.

    References
    ----------
    Efron, Hastie, Johnstone, Tibshirani. Least angle regression. Annals of Statistics 2004
    (section 3.4, the positive lasso).
    Jenatton, Mairal, Obozinski, Bach. Proximal methods for hierarchical sparse coding. JMLR 2011
    (section 3.5, steps with the bound).
    Survey: block-sparse regularisation.

    Examples
    --------
    >>> import numpy as np
    >>> Positive(L21(1.0)).prox(np.array([[3.0, 4.0], [0.0, -9.0]]), 1.0)
    array([[2.4, 3.2],
           [0. , 0. ]])
    """

    penalty: Penalty = field(default_factory=L21)

    def __post_init__(self):
        super().__post_init__()
        check_priced("Positive", self.penalty)
        require(
            self.penalty.absolute and self.penalty.convex,
            f"Positive needs a convex penalty in which only sizes count, such as L21, L1Linf or "
            f"ElasticNet. Found {type(self.penalty).__name__}, whose step with a bound on signs "
            "is another one.",
            UnsupportedError,
        )

    @property
    def couples(self):
        """As the penalty inside."""
        return self.penalty.couples

    def _seconds(self, problem):
        return self.penalty._seconds(problem)

    def _top(self, problem):
        return min(self.penalty._top(problem), self.alpha_max(problem.null.gradient)) or 1.0

    def bound(self, outputs):
        require(
            self.alpha > 0,
            f"Positive needs {type(self.penalty).__name__} with alpha > 0. Found alpha=0. Take a "
            "small one, such as 1e-6 of the strength that leaves nothing.",
        )
        inside = self.penalty.bound(outputs)
        if isinstance(inside, Weighted):  # signs have no units: weights outside are solved faster
            return Weighted(Positive(inside.penalty), inside.features, inside.tasks)
        return Positive(inside)

    def alone(self):
        inside = self.penalty.alone()
        return None if inside is None else Positive(inside)

    def value(self, W):
        return self.penalty.value(W) if np.min(W, initial=0) >= 0 else np.inf

    def prox(self, W, step):
        return self.penalty.prox(np.maximum(W, 0), step)

    def feasible(self, V):
        return self.penalty.feasible(np.maximum(V, 0))

    def conjugate(self, V):
        return self.penalty.conjugate(np.maximum(V, 0))

    def alpha_max(self, gradient):
        return self.penalty.alpha_max(np.maximum(-gradient, 0))

    def coefficients(self, W):
        return self.penalty.coefficients(W)

    def learned(self, W):
        return self.penalty.learned(W)

    @classmethod
    def examples(cls):
        yield cls(L21(0.3))
        yield cls(L21(0.02))
