"""Calibration: what is calibrated by construction has no error, and bins are what they say."""

import numpy as np
import pytest

from polytask.report.metrics import calibration_error, calibration_error_by_mass

BOTH = pytest.mark.parametrize("error", [calibration_error, calibration_error_by_mass])


def two(p):
    return np.column_stack([1 - np.asarray(p), p])


@BOTH
def test_frequencies_equal_to_probabilities_have_no_error(error):
    p = np.repeat([0.25, 0.75], 100)
    y = np.concatenate([np.arange(100) < 25, np.arange(100) < 75]).astype(float)
    assert error(y, two(p)) == pytest.approx(0, abs=1e-12)


@BOTH
def test_a_sure_and_wrong_model_has_error_one(error):
    assert error(np.zeros(5), two(np.ones(5))) == pytest.approx(1)


def test_bins_of_equal_width_average_before_they_compare():
    # 0.42 and 0.48 share the bin [0.4, 0.5): mean 0.45 against frequency 0.5
    assert calibration_error([0, 1], two([0.42, 0.48])) == pytest.approx(0.05)
    # on both sides of a border they do not
    assert calibration_error([0, 1], two([0.38, 0.48])) == pytest.approx((0.38 + 0.52) / 2)


def test_bins_of_equal_mass_follow_the_rows():
    p = np.concatenate([np.full(90, 0.01), np.linspace(0.5, 0.6, 10)])
    y = np.concatenate([np.zeros(90), np.ones(10)])
    # the 90 equal rows are one bin (|0 - 0.01|), the last ten their own (1 - 0.55)
    expected = (90 * 0.01 + 10 * 0.45) / 100
    assert calibration_error_by_mass(y, two(p)) == pytest.approx(expected)


def test_several_classes_are_judged_by_the_likeliest():
    p = np.array([[0.6, 0.3, 0.1], [0.1, 0.1, 0.8]])
    expected = (abs(1 - 0.6) + abs(0 - 0.8)) / 2
    assert calibration_error([0, 1], p) == pytest.approx(expected)
