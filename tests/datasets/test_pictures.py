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


@pytest.mark.data("mnist")
def test_two_digits_of_unlike_kind_lie_in_opposite_corners():
    small = datasets.MultiMNIST(training=300, test=100, side=56)
    data = small.load()
    assert (data["top_left"].y != data["bottom_right"].y).all()
    mnist = datasets.MNIST(target="multiclass").load()
    pictures, digits = mnist.X.reshape(-1, 28, 28), mnist["digit"].y
    known = {picture.tobytes(): digit for picture, digit in zip(pictures[:60000], digits)}
    held = {picture.tobytes(): digit for picture, digit in zip(pictures[60000:], digits[60000:])}
    whole = data.X.reshape(-1, 56, 56)
    for row, picture in enumerate(whole):
        found = known if row < 300 else held
        corners = {"top_left": picture[:28, :28], "bottom_right": picture[28:, 28:]}
        for name, corner in corners.items():
            assert found[np.ascontiguousarray(corner).tobytes()] == data[name].y[row]
    assert not whole[:, :28, 28:].any()


@pytest.mark.data("mnist")
def test_where_digits_cover_each_other_the_brighter_pixel_stays_and_the_seed_decides():
    small = datasets.MultiMNIST(training=50, test=10)
    far = small.replace(side=56).load().X.reshape(-1, 56, 56)
    near = small.load().X.reshape(-1, 36, 36)
    one, other = np.zeros((2, 60, 36, 36), np.float32)
    one[:, :28, :28], other[:, 8:, 8:] = far[:, :28, :28], far[:, 28:, 28:]
    assert np.array_equal(near, np.maximum(one, other))
    assert np.array_equal(small.load().X, small.load().X)
    assert not np.array_equal(small.load().X, small.replace(seed=1).load().X)


@pytest.mark.parametrize("option", [{"side": 28}, {"training": 0}, {"test": 10001}])
def test_a_picture_of_two_digits_that_cannot_be_is_refused(option):
    with pytest.raises(ParameterError, match=f"MultiMNIST needs {next(iter(option))} in"):
        datasets.MultiMNIST(**option)


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
