"""The tensor normal distribution of weights: features × outputs × tasks, one covariance per axis.

A covariance is a matrix ``(D_k, D_k)``, its diagonal ``(D_k,)``, or None for the identity.
"""

import torch

AXES = ("features", "outputs", "tasks")


def along(W, k, C):
    """Weights ``(..., D_1, D_2, D_3)`` times a symmetric C along axis k of the three."""
    if C is None:
        return W
    k = k - 3
    if C.ndim == 1:
        return W * C.reshape(-1, *[1] * (-k - 1))
    return torch.tensordot(W, C, ([k], [0])).movedim(-1, k)


def quadratic(W, precisions):
    """``vec(W)' (S_1 x S_2 x S_3)^-1 vec(W)`` by three products, without the Kronecker product.

    Examples
    --------
    >>> quadratic(torch.ones(2, 1, 1), [torch.tensor([1.0, 3.0]), None, None])
    tensor(4.)
    """
    Z = W
    for k, P in enumerate(precisions):
        Z = along(Z, k, P)
    return (W * Z).sum()


def log_determinant(covariances, shape):
    """``ln |S_1 x S_2 x S_3| = sum_k (D / D_k) ln |S_k|``."""
    D = shape[0] * shape[1] * shape[2]
    found = torch.zeros((), dtype=torch.float64)
    for size, C in zip(shape, covariances):
        if C is not None:
            found = found + D / size * (C.log().sum() if C.ndim == 1 else torch.logdet(C))
    return found


def log_likelihood(draws, covariances):
    """Of draws ``(m, D_1, D_2, D_3)``, without the term in ``2 pi``."""
    m, *shape = draws.shape
    square = quadratic(draws, [inverse(C) for C in covariances])
    return -(m * log_determinant(covariances, shape) + square) / 2


def inverse(C):
    """The inverse of a covariance, which has to be positive definite."""
    if C is None:
        return None
    return 1 / C if C.ndim == 1 else torch.cholesky_inverse(torch.linalg.cholesky(C))


def scatter(draws, precisions, k, *, diagonal=False):
    """``S_k = (D_k / (m D)) sum_m W_(k) (x_{j != k} S_j)^-1 W_(k)'``, where it is most likely."""
    Z = draws
    for j, P in enumerate(precisions):
        Z = Z if j == k else along(Z, j, P)
    rows, others = (one.movedim(k - 3, 0).flatten(1) for one in (draws, Z))
    S = (rows * others).sum(1) if diagonal else rows @ others.mT
    return S / rows.shape[1]


def sweep(draws, covariances, learnt, *, ridge=0.0):
    """New covariances, one after the other, each where the draws are most likely given the others.

    Parameters
    ----------
    draws : float64 tensor (m, D_1, D_2, D_3)
    covariances : list of 3
    learnt : sequence of 3 of {"fixed", "diagonal", "full"}
        What becomes of each.
    ridge : float in [0, 1)
        Covariances of outputs and tasks are ``(1 - ridge) S + ridge I`` with S of mean variance
        1, that of features is ``S + ridge I``: nothing below ridge is inverted.

    Notes
    -----
    Only the product of the three scales is identified: outputs and tasks have mean variance 1, and
    features the scale. Without a ridge, and with all three learnt, the likelihood never falls.
    """
    covariances = list(covariances)
    for k in (2, 1, 0):
        if learnt[k] == "fixed":
            continue
        precisions = [inverse(C) for C in covariances]
        S = scatter(draws, precisions, k, diagonal=learnt[k] == "diagonal")
        found = _fixed(S, ridge) if k else _ridged(S, ridge, 1.0)
        covariances[k] = covariances[k] if found is None else found
    return covariances


def _fixed(S, ridge):
    """Mean variance 1 and no eigenvalue below the ridge; None where there is nothing to scale."""
    size = _trace(S) / len(S)
    return None if size < torch.finfo(S.dtype).tiny ** 0.5 else _ridged(S / size, ridge, 1 - ridge)


def _ridged(S, ridge, share):
    return share * S + ridge * (torch.ones_like(S) if S.ndim == 1 else torch.eye(len(S)).to(S))


def _trace(S):
    return S.sum() if S.ndim == 1 else S.trace()


def correlation(C):
    """The correlations of a covariance matrix."""
    deviation = C.diagonal().sqrt()
    return C / deviation / deviation[:, None]
