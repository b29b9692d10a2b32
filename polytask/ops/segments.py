"""Segments of a map from the points that its pixels vote for."""

import numpy as np
from sklearn.base import clone
from sklearn.cluster import OPTICS

from polytask.errors import DataError, require


def instances(offsets, inside, *, cluster=None):
    """Which pixels belong together: those whose offsets lead to about the same point.

    Every pixel votes for ``position + offset``; the votes are clustered.

    Parameters
    ----------
    offsets : array (height, width, 2)
        Rows down and columns right to the middle of the pixel's segment, in pixels.
    inside : bool array (height, width)
        Pixels that belong to a segment at all.
    cluster : clusterer of scikit-learn, optional
        With ``fit_predict``, -1 for noise. Default: ``OPTICS(min_samples=5, max_eps=4,
        cluster_method="dbscan", eps=2)``: as the paper, by density, without a number of segments.

    Returns
    -------
    int array (height, width)
        Segments from 0; -1 outside, and where a vote stands alone.

    Raises
    ------
    DataError
        If shapes do not fit.

    References
    ----------
    Ankerst, Breunig, Kriegel, Sander. OPTICS: ordering points to identify the clustering structure.
    SIGMOD 1999.
    Kendall, Gal, Cipolla. Multi-task learning using uncertainty to weigh losses for scene geometry
    and semantics. CVPR 2018. Section 4.

    Examples
    --------
    >>> place = np.argwhere(np.ones((4, 8)))
    >>> middle = np.where(place[:, 1:] < 4, [[1.5, 1.5]], [[1.5, 5.5]])
    >>> offsets = (middle - place).reshape(4, 8, 2)
    >>> instances(offsets, np.ones((4, 8), bool))[0]
    array([0, 0, 0, 0, 1, 1, 1, 1])
    """
    offsets, inside = np.asarray(offsets, dtype=np.float64), np.asarray(inside, dtype=bool)
    require(
        offsets.shape == (*inside.shape, 2) and inside.ndim == 2,
        f"Offsets need shape (height, width, 2), as a map of pixels. Found {offsets.shape} for "
        f"pixels {inside.shape}.",
        DataError,
    )
    found = np.full(inside.shape, -1)
    votes = np.argwhere(inside) + offsets[inside]
    cluster = (
        OPTICS(min_samples=5, max_eps=4, cluster_method="dbscan", eps=2)
        if cluster is None
        else clone(cluster)
    )
    if len(votes) >= getattr(cluster, "min_samples", 1):
        found[inside] = cluster.fit_predict(votes)
    return found
