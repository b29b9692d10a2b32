"""The approximate inverse of a covariance that has more columns than rows."""

import numpy as np

from polytask.errors import UnsupportedError, require
from polytask.ops.prox import soft_threshold


def approximate_inverse(S, mu, *, tol=1e-6, max_iter=5000):
    r"""M with rows ``m_j = argmin m' S m`` subject to ``|S m - e_j|_inf <= mu``.

    The rows with the least variance among those that undo the shrinkage of a lasso up to ``mu``.
    All rows are found at once, from the dual problem
    ``min_v v' S v / 2 - v_j + mu |v|_1``, by accelerated proximal steps on one matrix.

    Parameters
    ----------
    S : array (d, d)
        Symmetric and positive semi-definite.
    mu : float, >= 0
        0 is the inverse itself (of smallest norm, where S is singular).
    tol : float, > 0
        How far optimality may be missed, in units of the constraint.
    max_iter : int

    Returns
    -------
    array (d, d)

    Raises
    ------
    UnsupportedError
        If no M can be found within ``max_iter`` steps, for instance because ``mu`` is so small that
        there is none.

    References
    ----------
    Javanmard, Montanari. Confidence intervals and hypothesis testing for high-dimensional
    regression. JMLR 15, 2014. Equation 4.

    Examples
    --------
    >>> import numpy as np
    >>> approximate_inverse(np.eye(2), 0.25)
    array([[0.75, 0.  ],
           [0.  , 0.75]])
    """
    if mu == 0 or not len(S):
        return np.linalg.pinv(S, hermitian=True)
    d, step = len(S), 1 / max(np.linalg.eigvalsh(S)[-1], np.finfo(np.float64).tiny)
    V = ahead = np.zeros((d, d))
    momentum = 1.0
    for _ in range(max_iter):
        new = soft_threshold(ahead - step * (S @ ahead - np.eye(d)), step * mu)
        if np.abs(new - ahead).max() <= tol * step:
            return new.T
        if np.sum((ahead - new) * (new - V)) > 0:  # the momentum points uphill: without it
            momentum = 1.0
        after = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        V, ahead = new, new + (momentum - 1) / after * (new - V)
        momentum = after
    gap = np.abs(S @ V - np.eye(d)).max()
    require(
        False,
        f"No approximate inverse with mu={mu:.3g} after {max_iter} steps; the nearest has "
        f"{gap:.3g}. Raise mu, or max_iter.",
        UnsupportedError,
    )
    return V.T
