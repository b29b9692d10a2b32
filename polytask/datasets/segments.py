"""Tasks that follow from a map of classes: the way to the next boundary, to a segment's middle."""

import numpy as np
from scipy import ndimage


def boundary_distance(classes):
    """Distance of every point to the nearest point of another class, in points.

    Parameters
    ----------
    classes : array (height, width)
        Class numbers; NaN is a gap, and is a class of its own here.

    Returns
    -------
    array (height, width), float64
        1 beside a boundary; NaN at gaps, and everywhere where there is no boundary.

    Examples
    --------
    >>> boundary_distance(np.array([[0.0, 0, 0, 1, 1]]))
    array([[3., 2., 1., 1., 2.]])
    """
    known = np.nan_to_num(classes, nan=-1)
    found = np.full(known.shape, np.nan)
    values = np.unique(known)
    for value in values if len(values) > 1 else ():
        inside = known == value
        found[inside] = ndimage.distance_transform_edt(inside)[inside]
    found[np.isnan(classes)] = np.nan
    return found


def centroid_offsets(classes, things):
    """From every point of a thing the way to the middle of its segment.

    A segment is what hangs together of one class, points that touch at a side.

    Parameters
    ----------
    classes : array (height, width)
    things : sequence of class numbers
        The classes that come in things; all others have gaps.

    Returns
    -------
    array (height, width, 2), float64
        Rows down and columns right to the centroid, in points; NaN where there is no thing.

    References
    ----------
    Kendall, Gal, Cipolla. Multi-task learning using uncertainty to weigh losses for scene geometry
    and semantics. CVPR 2018, section 4.2.

    Examples
    --------
    >>> centroid_offsets(np.array([[8.0, 8, 8, 0]]), things=(8,))[0].tolist()
    [[0.0, 1.0], [0.0, 0.0], [0.0, -1.0], [nan, nan]]
    """
    found = np.full((*np.shape(classes), 2), np.nan)
    for value in things:
        segment, count = ndimage.label(np.asarray(classes) == value)
        for number in range(1, count + 1):
            points = np.argwhere(segment == number)
            found[tuple(points.T)] = points.mean(axis=0) - points
    return found
