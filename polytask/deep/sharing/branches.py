"""Into how many branches, and which: groups of tasks by how near they are."""

from itertools import pairwise

import numpy as np
from scipy.linalg import qr
from sklearn.metrics import adjusted_rand_score

# Up to here all partitions are tried (203 of six).
FEW = 6


def between(A, groups):
    """Nearness of branches ``(m, m)`` from that of tasks: the mean over one's tasks of the worst.

    ``a(k, l) = mean_{i in k} min_{j in l} A_ij``, and ``(a(k, l) + a(l, k)) / 2``.

    Parameters
    ----------
    A : array (T, T)
    groups : sequence of m sequences of positions
    """
    one_way = np.array([[A[np.ix_(k, j)].min(1).mean() for j in groups] for k in groups])
    return (one_way + one_way.T) / 2


def looseness(B, labels):
    """Mean over groups of ``1 - mean_{k in g} min_{l in g} B_kl``: 0 where all in a group agree."""
    each = [np.flatnonzero(labels == g) for g in np.unique(labels)]
    return float(np.mean([1 - B[np.ix_(g, g)].min(1).mean() for g in each]))


def grouped(B, d):
    """Branches in ``d`` groups, labels ``(m,)`` numbered by first appearance.

    The partition of least `looseness` for few branches; for many, spectral clustering.

    References
    ----------
    Damle, Minden, Ying. Simple, direct and efficient multi-way spectral clustering. Information and
    Inference 8, 2019. (Clusters from a pivoted QR factorisation: nothing is drawn.)

    Examples
    --------
    >>> grouped(np.array([[1.0, 0.2, 0.9], [0.2, 1.0, 0.3], [0.9, 0.3, 1.0]]), 2)
    array([0, 1, 0])
    """
    m = len(B)
    if m <= FEW:
        return min(partitions(m, d), key=lambda labels: looseness(B, labels))
    return in_order(_spectral(B, d))


def partitions(m, d):
    """All partitions of ``m`` things into ``d`` groups, label arrays numbered by appearance.

    Examples
    --------
    >>> [labels.tolist() for labels in partitions(3, 2)]
    [[0, 0, 1], [0, 1, 0], [0, 1, 1]]
    """

    def grow(labels):
        used = max(labels) + 1
        if len(labels) == m:
            if used == d:
                yield np.array(labels)
            return
        for label in range(min(used + 1, d)):
            yield from grow([*labels, label])

    return grow([0])


def in_order(labels):
    """The same groups, numbered by first appearance."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[inverse]


def _spectral(B, d):
    U = _spectrum(B)[1][:, -d:]
    pivots = qr(U.T, pivoting=True, mode="r")[1][:d]
    left, _, right = np.linalg.svd(U[pivots].T)
    labels = np.abs(U @ left @ right).argmax(1)
    while len(np.unique(labels)) < d:
        # a group that nobody chose: the branch that fits worst where the most are
        sizes = np.bincount(labels, minlength=d)
        crowd = np.flatnonzero(labels == sizes.argmax())
        labels[crowd[B[np.ix_(crowd, crowd)].sum(1).argmin()]] = sizes.argmin()
    return labels


def _spectrum(B):
    """Eigenvalues, rising, and vectors of nearness, scaled by how near a branch is to all."""
    S = B.clip(1e-12)  # nearness below nothing is nothing
    scale = 1 / np.sqrt(S.sum(1))
    return np.linalg.eigh(S * scale * scale[:, None])


def by_cost(B, alpha, price):
    """The grouping with the least ``(d - 1) price + alpha looseness``, the smallest on a tie.

    Examples
    --------
    >>> B = np.array([[1.0, 0.2, 0.9], [0.2, 1.0, 0.3], [0.9, 0.3, 1.0]])
    >>> [len(set(by_cost(B, alpha, 1.0).tolist())) for alpha in (0.0, 2.0, 100.0)]
    [1, 2, 3]
    """
    each = [grouped(B, d) for d in range(1, len(B) + 1)]
    costs = [d * price + alpha * looseness(B, labels) for d, labels in enumerate(each)]
    return each[int(np.argmin(costs))]


def by_stability(B, again, least):
    """The grouping where the spectrum has its largest gap, if other rows give the same groups.

    Of 2 to ``m - 1`` groups the number d with the largest ``lambda_d - lambda_{d+1}``, eigenvalues
    of the scaled nearness; one group where the mean adjusted Rand index between the groupings of
    resamples that follow each other is below ``least``.

    Parameters
    ----------
    B : array (m, m)
    again : sequence of arrays (m, m)
        The same from resampled rows.
    least : float

    References
    ----------
    von Luxburg. A tutorial on spectral clustering. Statistics and Computing 17, 2007. Section 8.3.
    """
    m = len(B)
    if m == 2:  # one group or two: nothing can come back otherwise
        return np.zeros(2, int)
    values = _spectrum(B)[0][::-1]
    d = int(np.argmax(values[1:-1] - values[2:])) + 2
    each = [grouped(one, d) for one in again]
    surely = np.mean([adjusted_rand_score(a, b) for a, b in pairwise(each)]) >= least
    return grouped(B, d) if surely else np.zeros(m, int)
