"""Digits in pictures: pixels in their range, ten tasks or ten classes."""

import numpy as np
import pytest

from polytask import datasets
from polytask.errors import ParameterError


@pytest.mark.data("mnist")
def test_mnist_has_the_usual_mean_and_counts():
    data = datasets.MNIST(target="multiclass").load()
    assert data.X[:60000].mean(dtype=np.float64) == pytest.approx(0.13066, abs=1e-5)
    counts = np.bincount(data["digit"].y[60000:].astype(int)).tolist()
    assert counts == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert data.kinds[0].width == 10


@pytest.mark.data("usps")
def test_usps_pixels_and_counts():
    data = datasets.load("usps")
    assert (data.X.min(), data.X.max()) == (-1, 1)
    counts = [int(labels.y[:7291].sum()) for labels in data]
    assert counts == [1194, 1005, 731, 658, 652, 556, 664, 645, 542, 644]


@pytest.mark.data("dermatology")
def test_classes_and_binary_tasks_say_the_same():
    ten = datasets.load("dermatology")
    one = datasets.Dermatology(target="multiclass").load()["disease"]
    kind = one.task.kind
    assert kind.classes == (1, 2, 3, 4, 5, 6)
    for code, labels in enumerate(ten):
        assert np.array_equal(labels.y == 1, one.y == code)
    assert np.bincount(one.y.astype(int)).tolist() == [111, 60, 71, 48, 48, 20]


@pytest.mark.parametrize("name", ["mnist", "usps", "dermatology"])
def test_an_unknown_target_is_refused(name):
    with pytest.raises(ParameterError, match="target out of"):
        datasets.get(name).replace(target="all")
