"""How far the probabilities of a task are from the frequencies."""

import numpy as np

from polytask.errors import require
from polytask.report.metrics.metric import present


def calibration_error(y, probabilities, weight=None, *, bins=10):
    """Expected calibration error over bins of equal width.

    ``sum_b (mass of b / mass) |mean probability in b - frequency in b|``. Two classes: of the
    probability of class 1, against how often it came. More: of the likeliest class, against how
    often it was right.

    Parameters
    ----------
    y : array (n,) of class codes
    probabilities : array (n, K)
    weight : array (n,), >= 0, optional
    bins : int, >= 1
        Bin b is ``[b / bins, (b + 1) / bins)``; the last one is closed.

    Notes
    -----
    It is biased upwards where rows are few, and depends on the bins: compare models on the same
    rows only.

    References
    ----------
    Naeini, Cooper, Hauskrecht. Obtaining well calibrated probabilities using Bayesian binning.
    AAAI 2015.
    Guo, Pleiss, Sun, Weinberger. On calibration of modern neural networks. ICML 2017.

    Examples
    --------
    >>> round(calibration_error([0, 1], [[0.8, 0.2], [0.4, 0.6]]), 3)
    0.3
    """
    require(bins >= 1, f"calibration_error needs bins >= 1. Found bins={bins}.")
    confidence, met, weight = _claims(*present(y, probabilities, weight))
    return _gap(np.minimum((confidence * bins).astype(np.int64), bins - 1), confidence, met, weight)


def calibration_error_by_mass(y, probabilities, weight=None, *, bins=10):
    """Expected calibration error over bins that hold about the same weight of rows.

    As `calibration_error`, but bin b holds the rows whose place in the order of the probability
    (the middle of those with the same one) lies in ``[b / bins, (b + 1) / bins)``.

    References
    ----------
    Nguyen, O'Connor. Posterior calibration and exploratory analysis for natural language
    processing models. EMNLP 2015.

    Examples
    --------
    >>> round(calibration_error_by_mass([0, 1], [[0.8, 0.2], [0.4, 0.6]], bins=1), 3)
    0.1
    """
    require(bins >= 1, f"calibration_error_by_mass needs bins >= 1. Found bins={bins}.")
    confidence, met, weight = _claims(*present(y, probabilities, weight))
    _, at = np.unique(confidence, return_inverse=True)
    mass = np.bincount(at, weight)
    middle = (np.cumsum(mass) - mass / 2) / mass.sum()
    bin_of = np.minimum((middle * bins).astype(np.int64), bins - 1)
    return _gap(bin_of[at], confidence, met, weight)


def _claims(y, probabilities, weight):
    if probabilities.shape[1] == 2:
        return probabilities[:, 1], y == 1, weight
    return probabilities.max(axis=1), probabilities.argmax(axis=1) == y, weight


def _gap(bin_of, confidence, met, weight):
    gaps = np.bincount(bin_of, weight * (confidence - met))
    return float(np.abs(gaps).sum() / weight.sum())
