"""How far two orderings into levels agree."""

import numpy as np


def quadratic_kappa(y, level, weight=None):
    """Cohen's kappa with quadratic weights: 1 less the squared error over that of chance.

    ``1 - sum_i w_i (y_i - l_i)^2 / sum_ij w_i w_j (y_i - l_j)^2 * sum_i w_i``; chance gives the
    levels as often as the predictions do, whatever the label. NaN where both are one constant.

    Parameters
    ----------
    y, level : arrays (n,) of level numbers
    weight : array (n,), optional

    References
    ----------
    Cohen. Weighted kappa. Psychological Bulletin 70, 1968.

    Examples
    --------
    >>> quadratic_kappa([0, 1, 2], [0, 1, 2]), quadratic_kappa([0, 2], [2, 0])
    (1.0, -1.0)
    """
    y, level = np.asarray(y, dtype=np.float64), np.asarray(level, dtype=np.float64)
    weight = np.ones(len(y)) if weight is None else np.asarray(weight, dtype=np.float64)
    # E (Y - L)^2 of independent draws is var + var + (difference of the means)^2
    centre = np.average(y, weights=weight)
    mean, other = np.average(y - centre, weights=weight), np.average(level - centre, weights=weight)
    spread = np.average((y - centre) ** 2, weights=weight) - mean**2
    spread += np.average((level - centre) ** 2, weights=weight) - other**2
    chance = spread + (mean - other) ** 2
    if chance <= 1e-15 * (1 + centre**2):
        return float("nan")
    return float(1 - np.average((y - level) ** 2, weights=weight) / chance)
