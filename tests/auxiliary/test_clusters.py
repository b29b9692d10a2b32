import numpy as np
import pytest

from polytask import Tasks
from polytask.auxiliary import Clusters
from polytask.errors import DataError, ParameterError


def heaps(sizes, d=4, seed=0):
    rng = np.random.default_rng(seed)
    number = np.repeat(np.arange(len(sizes)), sizes)
    return rng.normal(size=(len(number), d)) + 20 * np.eye(d)[number], number


def test_heaps_of_rows_become_tasks():
    X, number = heaps((40, 50, 60))
    made = Clusters(counts=(3,))(Tasks.from_arrays(X, number.astype(float)))
    found = {tuple(one.y.astype(int)) for one in list(made)[1:]}
    assert found == {tuple((number == k).astype(int)) for k in range(3)}
    assert made.n_rows == 150


def test_small_clusters_are_not_asked_for():
    X, number = heaps((40, 5, 60))
    made = Clusters(counts=(3,), least=20)(Tasks.from_arrays(X, number.astype(float)))
    assert sorted(one.y.sum() for one in list(made)[1:]) == [40, 60]


def test_several_clusterings_have_tasks_of_their_own():
    X, number = heaps((40, 50, 60))
    made = Clusters(counts=(2, 3))(Tasks.from_arrays(X, number.astype(float)))
    assert made.names[1:] == (
        "cluster 1 of 2",
        "cluster 0 of 3",
        "cluster 1 of 3",
        "cluster 2 of 3",
    )


def test_features_that_are_clustered_are_out_of_sight():
    X, number = heaps((40, 50, 60))
    made = Clusters(counts=(3,), features=(0, 1, 2))(Tasks.from_arrays(X, number.astype(float)))
    seen, _, _ = made.table("cluster 0 of 3")
    assert not seen[:, :3].any()
    np.testing.assert_array_equal(seen[:, 3], X[:, 3])


def test_options_out_of_range_are_refused():
    X, number = heaps((40, 50))
    with pytest.raises(ParameterError, match=r"from 2 on in counts\. Found counts=\(1,\)"):
        Clusters(counts=(1,))
    with pytest.raises(DataError, match="No auxiliary problem"):
        Clusters(counts=(2,), least=80)(Tasks.from_arrays(X, number.astype(float)))
