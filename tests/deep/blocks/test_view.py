"""Rows of a table in another form."""

import numpy as np
import pytest
import torch

from polytask import deep
from polytask.errors import ParameterError, UnsupportedError


def test_a_row_is_read_channel_by_channel_as_a_map_and_position_by_position_as_a_sequence():
    row = torch.arange(12.0)[None]
    image = deep.View(3, (2, 2)).build(12)(row)
    assert image[0, 1].tolist() == [[4, 5], [6, 7]]
    sequence = deep.View(3, (4,)).build(12)(row)
    assert sequence[0, 1].tolist() == [3, 4, 5]
    assert torch.equal(deep.Flat().build(deep.Shape(3, (2, 2)))(image), row)


def test_images_in_a_table_are_learned_by_a_convolutional_model():
    """Whether there is a standing or a lying bar, wherever it is: what a convolution is for."""
    rng = np.random.default_rng(0)
    X = 0.1 * rng.normal(size=(300, 64))
    Y = rng.integers(0, 2, size=(300, 2)).astype(float)
    for image, (standing, lying) in zip(X.reshape(-1, 8, 8), Y, strict=True):
        i, j, k, m = rng.integers(0, 6, 4)
        image[i : i + 3, j] += standing
        image[k, m : m + 3] += lying
    trunk = (deep.View(1, (8, 8)), deep.Convolution(8), deep.Pooling("max"), deep.Dense(16))
    options = {"scale": False, "learning_rate": 0.02, "epochs": 60, "random_state": 0}
    scores = {}
    for name, stages in (("convolution", trunk), ("perceptron", deep.mlp(64, 16))):
        model = deep.DeepModel(deep.HardSharing(stages), **options)
        scores[name] = model.fit(X[:200], Y[:200]).score(X[200:], Y[200:])
    assert scores["convolution"] > 0.9 > scores["perceptron"] + 0.05


def test_what_does_not_fit_is_refused():
    with pytest.raises(UnsupportedError, match=r"reads 784 columns. Found 64"):
        deep.View(1, (28, 28)).build(64)
    with pytest.raises(ParameterError, match="one or two sizes"):
        deep.View(1, (2, 3, 4))
    with pytest.raises(UnsupportedError, match="maps of one size"):
        deep.Flat().build(deep.Shape(3, (None, None)))
