"""Dense tasks that follow from a map of classes, against slow loops."""

import numpy as np

from polytask.datasets.segments import boundary_distance, centroid_offsets


def drawn(seed=0):
    return np.random.default_rng(seed).integers(0, 3, size=(7, 9)).astype(float)


def test_the_distance_is_that_to_the_nearest_point_of_another_class():
    classes = drawn()
    points = np.argwhere(np.ones(classes.shape, bool))
    for y, x in points:
        others = points[classes[tuple(points.T)] != classes[y, x]]
        nearest = np.sqrt(((others - (y, x)) ** 2).sum(1)).min()
        assert boundary_distance(classes)[y, x] == nearest


def test_gaps_have_no_distance_and_one_class_has_no_boundary():
    classes = drawn()
    classes[0, 0] = np.nan
    assert np.isnan(boundary_distance(classes)).sum() == 1
    assert np.isnan(boundary_distance(np.ones((3, 3)))).all()


def test_ways_to_the_middle_sum_to_nothing_and_end_at_one_point():
    classes = np.zeros((6, 8))
    classes[1:3, 1:4] = classes[4:6, 5:8] = 2
    offsets = centroid_offsets(classes, things=(2,))
    assert np.isnan(offsets[classes == 0]).all()
    places = np.argwhere(np.ones((6, 8), bool)).reshape(6, 8, 2)
    for part, middle in ((np.s_[1:3, 1:4], (1.5, 2)), (np.s_[4:6, 5:8], (4.5, 6))):
        ends = offsets[part] + places[part]
        assert np.allclose(ends, middle)
        assert np.allclose(offsets[part].sum((0, 1)), 0)
