"""A few rows of a matrix that all its rows are combinations of."""

import numpy as np

from polytask.errors import require


def somp(W, k):
    r"""Pick ``k`` rows of ``W`` so that ``W`` is near ``A W[rows]``.

    Simultaneous orthogonal matching pursuit: with the residual ``R``, at first W, the next row is
    the one with the largest ``sum_i |<R_i, W_r>| / |W_r|``; then ``A`` is fitted again by least
    squares and ``R = W - A W[rows]``.

    Parameters
    ----------
    W : array (d, m)
    k : int in 1..d

    Returns
    -------
    rows : int array (k,)
        Distinct, in the order in which they were picked.
    A : array (d, k)
        A picked row stands for itself alone: of dependent ones too.

    Raises
    ------
    ParameterError
        If ``k`` is out of range.

    References
    ----------
    Tropp, Gilbert, Strauss. Algorithms for simultaneous sparse approximation. Part I: greedy
    pursuit. Signal Processing 86, 2006.
    Lu, Kumar, Zhai, Cheng, Javidi, Feris. Fully-adaptive feature sharing in multi-task networks
    with applications in person attribute classification. CVPR 2017. Algorithm 1.

    Examples
    --------
    >>> W = np.array([[1.0, 0, 0], [0, 1, 0], [3, 4, 0]])
    >>> rows, A = somp(W, 2)
    >>> rows
    array([2, 0])
    >>> float(np.abs(W - A @ W[rows]).max().round(12))
    0.0
    """
    W = np.asarray(W, dtype=float)
    require(1 <= k <= len(W), f"somp needs k in 1..{len(W)}, the rows of W. Found k={k}.")
    lengths = np.linalg.norm(W, axis=1)
    directions = np.divide(W, lengths[:, None], out=np.zeros_like(W), where=lengths[:, None] > 0)
    rows: list[int] = []
    residual = W
    while len(rows) < k:
        gain = np.abs(residual @ directions.T).sum(axis=0)  # (d,)
        gain[rows] = -1.0
        rows.append(int(gain.argmax()))
        A = np.linalg.lstsq(W[rows].T, W.T, rcond=None)[0].T
        A[rows] = np.eye(len(rows))  # one solution of many, where picked rows are dependent
        residual = W - A @ W[rows]
    return np.array(rows), A
