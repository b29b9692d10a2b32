"""Row-sparse penalty with any norm inside the rows: between the lasso and the row maximum."""

from dataclasses import dataclass
from typing import ClassVar

from polytask.errors import require
from polytask.linear.penalties.base import check_strength
from polytask.linear.penalties.l1 import L1
from polytask.linear.penalties.norm import Norm
from polytask.ops.rows import dual_exponent, row_norms, shrink_rows_lq


@dataclass(frozen=True)
class L1Lq(Norm):
    r"""Sum of the lq norms of the rows of W: ``value(W) = alpha sum_j (sum_p |W_jp|^q)^(1/q)``.

    The exponent says how much tasks share a feature: q = 1 is `L1` (not at all), q = 2 is `L21`,
    q infinite is `L1Linf` (all that is free is taken).

    Parameters
    ----------
    alpha : float, >= 0
        Strength, in units of loss per unit of coefficient.
    q : float, >= 1, may be infinite
        Norm inside the rows.

    Raises
    ------
    ParameterError
        If ``alpha`` is negative or not finite, or ``q`` is below 1.

    Notes
    -----
    The step has closed forms for q = 1, 2 and infinity; for other q the norm of every row is found
    by Newton's method inside a bracket, to rounding, for all rows at once. The dual norm is the
    largest lq' norm of a row, ``1/q + 1/q' = 1``.

    References
    ----------
    Obozinski, Taskar, Jordan. Joint covariate selection and joint subspace selection for multiple
    classification problems. Statistics and Computing 2010.
    Liu, Ye. Efficient L1/Lq norm regularization. arXiv 1009.4766, 2010.
    Survey: block-sparse regularisation.

    Examples
    --------
    >>> import numpy as np
    >>> L1Lq(1.0, q=4).value(np.array([[1.0, 1.0, 0.0], [0.0, 2.0, 0.0]])).__round__(4)
    3.1892
    """

    alpha: float = 1.0
    q: float = 1.5
    couples: ClassVar[str] = "rows"
    absolute: ClassVar[bool] = True

    def __post_init__(self):
        check_strength(self)
        require(self.q >= 1, f"L1Lq needs q >= 1. Found q={self.q}. Infinite: the row maximum.")

    def value(self, W):
        return self.alpha * float(row_norms(W, self.q).sum())

    def prox(self, W, step):
        return shrink_rows_lq(W, step * self.alpha, self.q)

    def alone(self):
        return L1(self.alpha)

    def dual_norm(self, V):
        return float(row_norms(V, dual_exponent(self.q)).max(initial=0))

    @classmethod
    def examples(cls):
        yield cls(alpha=0.3, q=1.5)
        yield cls(alpha=0.02, q=4.0)
