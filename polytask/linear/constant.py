"""An intercept that is priced like any coefficient: that of a column of ones, the last one."""

from dataclasses import replace

import numpy as np
from scipy import sparse

from polytask.errors import ParameterError, require

PENALISED = "penalised"


def check_intercept(fit_intercept):
    """Refuse what is neither True, False nor "penalised"."""
    known = isinstance(fit_intercept, bool | np.bool_) or is_priced(fit_intercept)
    require(
        known,
        f"fit_intercept is True, False or {PENALISED!r}. Found {fit_intercept!r}.",
        ParameterError,
    )


def is_priced(fit_intercept):
    """Whether the intercept is a coefficient among the others."""
    return isinstance(fit_intercept, str) and fit_intercept == PENALISED


def times(part, factor):
    """A `GramPart` whose outputs count ``factor`` ``(P,)`` times as much, each with its Gram."""
    return replace(
        part,
        G=part.G * factor[:, None, None],
        C=part.C * factor,
        yy=part.yy * factor,
        x_mean=np.broadcast_to(part.x_mean, (len(factor), part.x_mean.shape[1])),
        resolution=part.resolution * float(factor.max()),
    )


def statistics_with_ones(part, total):
    """A `GramPart` of centred columns, about zero and with a column of ones; X is not looked at.

    Parameters
    ----------
    part : GramPart
    total : array (S,)
        Sum of the weights of the rows of every Gram.
    """
    S, d, _ = part.G.shape
    G, side = np.empty((S, d + 1, d + 1)), total[:, None] * part.x_mean
    G[:, :d, :d] = part.G + side[:, :, None] * part.x_mean[:, None, :]
    G[:, d, :d] = G[:, :d, d] = side
    G[:, d, d] = total
    ones = total * part.y_mean  # one total serves all outputs, or each has its own
    return replace(
        part,
        G=G,
        C=np.vstack([part.C + part.x_mean.T * ones, ones]),
        yy=part.yy + ones * part.y_mean,
        x_mean=np.zeros((S, d + 1)),
        y_mean=np.zeros_like(part.y_mean),
    )


def without_ones(part):
    """What `statistics_with_ones` made, without its last column: statistics about zero."""
    G, C, x_mean = part.G[:, :-1, :-1], part.C[:-1], part.x_mean[:, :-1]
    return replace(part, G=np.ascontiguousarray(G), C=C, x_mean=x_mean)


def table_with_ones(X):
    """The inputs beside a column of ones ``(n, d + 1)``: the one copy for a priced intercept.

    >>> table_with_ones(np.array([[2.0], [3.0]]))
    array([[2., 1.],
           [3., 1.]])
    """
    ones = np.ones((X.shape[0], 1), dtype=X.dtype)
    if sparse.issparse(X):
        return sparse.hstack([X, sparse.csr_array(ones)], format=X.format)
    return np.hstack([X, ones])
