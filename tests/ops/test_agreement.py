"""Weighted kappa beside scikit-learn's."""

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from polytask.ops.agreement import quadratic_kappa


def test_it_is_that_of_scikit_learn():
    rng = np.random.default_rng(0)
    y, level, weight = rng.integers(0, 5, 80), rng.integers(0, 5, 80), rng.integers(0, 3, 80)
    found = quadratic_kappa(y, level, weight)
    expected = cohen_kappa_score(y, level, weights="quadratic", sample_weight=weight)
    assert found == pytest.approx(expected, rel=1e-12)


def test_of_one_level_only_there_is_none():
    assert np.isnan(quadratic_kappa([3, 3], [3, 3]))
    assert quadratic_kappa([3, 3], [4, 4]) == 0
