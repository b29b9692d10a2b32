"""Intervals against closed forms and simulation; Holm; verdicts; transfer."""

import numpy as np
import pytest
from scipy import stats

from polytask.report.statistics import corrected_interval, holm, transfer, verdict


def test_without_a_test_share_the_interval_is_the_paired_t_test():
    d = np.random.default_rng(0).normal(0.3, 1, size=12)
    found, judge = corrected_interval(d, 0.0), stats.ttest_1samp(d, 0)
    interval = judge.confidence_interval(0.95)
    assert found.p == pytest.approx(judge.pvalue)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))


def test_the_correction_widens_by_the_factor_of_the_paper():
    d = np.random.default_rng(0).normal(size=10)
    plain, corrected = corrected_interval(d, 0.0), corrected_interval(d, 1 / 3)
    widths = [one.high - one.low for one in (plain, corrected)]
    assert widths[1] / widths[0] == pytest.approx(np.sqrt((1 / 10 + 1 / 3) * 10))


def test_one_split_has_a_mean_and_no_interval():
    found = corrected_interval([0.5, np.nan], 0.25)
    assert (found.mean, found.low, found.p, found.n) == (0.5, None, None, 1)
    assert corrected_interval([], 0.25).mean is None


def test_equal_differences_are_certain_and_none_at_all_is_no_difference():
    assert corrected_interval([1.0, 1.0, 1.0], 0.5).p == 0
    assert corrected_interval([0.0, 0.0, 0.0], 0.5).p == 1


def resampled(seeds, n, *, splits, test):
    """Differences (seeds, splits) in squared error of two lines, each through another input.

    Both inputs say as much about the label, so that the expected difference is 0.
    """
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, seeds, n))
    y = x[0] + x[1] + rng.normal(size=(seeds, n))
    n_test, out = round(test * n), np.empty((seeds, splits))
    for j in range(splits):
        order = rng.permuted(np.tile(np.arange(n), (seeds, 1)), axis=1)
        label, *inputs = (np.take_along_axis(part, order, axis=1) for part in (y, *x))
        errors = [_error(label, part, n_test) for part in inputs]
        out[:, j] = errors[0] - errors[1]
    return out, n_test / (n - n_test)


def _error(y, x, n_test):
    test, train = slice(n_test), slice(n_test, None)
    slope = (x[:, train] * y[:, train]).sum(axis=1) / (x[:, train] ** 2).sum(axis=1)
    return ((y[:, test] - slope[:, None] * x[:, test]) ** 2).mean(axis=1)


@pytest.mark.parametrize("test", [0.1, 0.25])
def test_corrected_intervals_cover_and_plain_ones_do_not(test):
    # 1000 worlds: a coverage of 0.95 is measured with a standard error of 0.007
    differences, share = resampled(1000, 100, splits=15, test=test)

    def coverage(share):
        found = [corrected_interval(d, share) for d in differences]
        return np.mean([one.low <= 0 <= one.high for one in found])

    print(f"coverage: corrected {coverage(share):.3f}, plain {coverage(0.0):.3f}")
    assert 0.93 <= coverage(share) <= 0.98
    assert coverage(0.0) < 0.85


def test_holm_by_hand_and_never_below_the_plain_value():
    assert holm([0.01, 0.02, 0.03, 0.5]) == pytest.approx([0.04, 0.06, 0.06, 0.5])
    p = np.random.default_rng(0).uniform(size=20)
    adjusted = holm(list(p))
    assert all(a >= b for a, b in zip(adjusted, p))
    assert np.array_equal(np.argsort(p), np.argsort(np.array(adjusted) + 1e-9 * p))


def test_holm_leaves_out_what_was_not_tested():
    assert holm([None, 0.03, float("nan")]) == [None, 0.03, None]
    assert holm([]) == []


def test_holm_is_wrong_in_at_most_five_of_a_hundred_families():
    p = np.random.default_rng(0).uniform(size=(2000, 8))
    wrong = np.mean([min(holm(list(row))) <= 0.05 for row in p])
    # 2000 families: standard error 0.005
    assert wrong <= 0.065


def test_a_verdict_needs_a_sign_and_a_small_p():
    assert verdict(0.1, 0.05) == "gains"
    assert verdict(-0.1, 0.05) == "loses"
    assert verdict(0.1, 0.051) == "cannot tell"
    assert verdict(None, None) == "cannot tell"


def test_transfer_counts_lower_means_and_significant_losses_apart():
    rows = [
        {"task": "a", "difference": 1.0, "gain": 0.5, "verdict": "gains"},
        {"task": "b", "difference": -1.0, "gain": -0.2, "verdict": "cannot tell"},
        {"task": "c", "difference": -2.0, "gain": -0.6, "verdict": "loses"},
        {"task": "d", "difference": 0.0, "gain": None, "verdict": "cannot tell"},
    ]
    found = transfer(rows)
    assert found.mean_relative_gain == pytest.approx(-0.1)
    assert (found.worst_task, found.worst_gain) == ("c", -0.6)
    assert (found.negative_share, found.negative_significant_share) == (0.5, 0.25)


def test_without_gains_transfer_is_undefined_and_not_zero():
    found = transfer([])
    assert found.mean_relative_gain is None
    assert found.negative_share is None
