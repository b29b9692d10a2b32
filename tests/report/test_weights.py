"""Class weights: the classes weigh the same, the task weighs what it weighed."""

import numpy as np
import pytest
from report.small import classed, related
from sklearn.utils.class_weight import compute_sample_weight

from polytask.errors import ParameterError
from polytask.report.weights import weigh_classes


def test_weights_are_those_of_scikit_learn_per_task():
    data = classed()
    for labels in weigh_classes(data, "balanced"):
        assert labels.w == pytest.approx(compute_sample_weight("balanced", labels.y))


def test_given_weights_are_kept_within_a_class():
    data = classed()
    rng = np.random.default_rng(0)
    W = rng.uniform(0.5, 2, size=data.Y.shape)
    weighted = data.with_(
        labels=[type(one)(one.task, one.rows, one.y, W[:, t]) for t, one in enumerate(data)]
    )
    for t, labels in enumerate(weigh_classes(weighted, "balanced")):
        mass = np.bincount(labels.y.astype(int), labels.w)
        assert mass[0] == pytest.approx(mass[1])
        assert labels.w.sum() == pytest.approx(W[:, t].sum())
        ones = labels.y == 1
        assert np.ptp(labels.w[ones] / W[ones, t]) == pytest.approx(0, abs=1e-12)


def test_regression_is_left_alone_and_an_unknown_rule_refused():
    data = related()
    assert all(labels.weight is None for labels in weigh_classes(data, "balanced"))
    with pytest.raises(ParameterError, match="class_weight is None or 'balanced'"):
        weigh_classes(data, "equal")
