"""Pixels that vote for one point are one segment."""

import numpy as np
import pytest
from sklearn.cluster import DBSCAN
from sklearn.metrics import adjusted_rand_score

from polytask.datasets.segments import centroid_offsets
from polytask.errors import DataError
from polytask.ops.segments import instances


def picture():
    """Three blocks that do not touch, and their numbers."""
    truth = np.zeros((24, 30), int)
    truth[2:9, 3:9], truth[12:22, 2:14], truth[5:20, 18:27] = 1, 2, 3
    return truth


def test_segments_come_back_from_their_offsets_even_with_noise():
    truth = picture()
    offsets = np.nan_to_num(centroid_offsets((truth > 0).astype(float), things=(1,)))
    noise = 0.5 * np.random.default_rng(0).normal(size=offsets.shape)
    for cluster in (None, DBSCAN(eps=1.5)):
        found = instances(offsets + noise, truth > 0, cluster=cluster)
        assert adjusted_rand_score(truth[truth > 0], found[truth > 0]) > 0.99
        assert (found[truth == 0] == -1).all()


def test_without_pixels_there_is_no_segment_and_wrong_shapes_are_refused():
    assert (instances(np.zeros((4, 5, 2)), np.zeros((4, 5), bool)) == -1).all()
    with pytest.raises(DataError, match=r"\(height, width, 2\)"):
        instances(np.zeros((4, 5)), np.zeros((4, 5), bool))
