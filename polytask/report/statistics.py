"""Paired differences over dependent splits: intervals, several tests at once, verdicts."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from polytask.errors import require

LEVEL = 0.05  # of a verdict, and of the intervals (95 %)
VERDICTS = ("gains", "loses", "cannot tell")


@dataclass(frozen=True)
class Interval:
    """A mean difference with its interval and its p value; None where there is none.

    Attributes
    ----------
    mean, low, high, p : float or None
    n : int
        Splits it rests on.

    Examples
    --------
    >>> corrected_interval([0.5], 0.25)
    Interval(mean=0.5, low=None, high=None, p=None, n=1)
    """

    mean: float | None
    low: float | None
    high: float | None
    p: float | None
    n: int


def corrected_interval(differences, test_share, *, level=LEVEL):
    r"""Mean of paired differences over resampled splits, with an interval that can be trusted.

    Training parts overlap, so the differences are not independent and their plain variance of the
    mean is far too small. The corrected one is
    ``(1 / J + n_test / n_train) s^2``, with s² the variance (J - 1) of the J differences, and the
    interval is ``mean -+ t_(J-1) sqrt(.)``.

    Parameters
    ----------
    differences : array (J,)
        One per split; entries that are not finite are left out.
    test_share : float or array (J,), >= 0
        ``n_test / n_train``; an array is averaged.
    level : float in (0, 1)
        Share of intervals that may miss.

    Returns
    -------
    Interval
        With one split there is a mean and nothing else.

    Notes
    -----
    The correction is an approximation: it holds its level where two methods are compared whose
    difference rests on the test rows, and is a few points short where it rests on the training
    sample itself. k-fold cross-validation is treated as resampling with the same shares.

    References
    ----------
    Nadeau, Bengio. Inference for the generalization error. Machine Learning 52, 2003. Section 3.

    Examples
    --------
    >>> found = corrected_interval([1.0, 2.0, 3.0], 0.5)
    >>> round(found.mean, 2), round(found.low, 2), round(found.p, 3)
    (2.0, -1.93, 0.16)
    """
    differences = np.asarray(differences, dtype=np.float64)
    share = np.broadcast_to(np.asarray(test_share, dtype=np.float64), differences.shape)
    finite = np.isfinite(differences)
    differences, share = differences[finite], share[finite]
    n = len(differences)
    if n < 2:
        return Interval(float(differences[0]) if n else None, None, None, None, n)
    mean = float(differences.mean())
    width = float(np.sqrt((1 / n + share.mean()) * differences.var(ddof=1)))
    half = float(stats.t.ppf(1 - level / 2, n - 1)) * width
    return Interval(mean, mean - half, mean + half, _p_value(mean, width, n), n)


def _p_value(mean, width, n):
    if width == 0:
        return 1.0 if mean == 0 else 0.0
    return float(2 * stats.t.sf(abs(mean) / width, n - 1))


def holm(p):
    """p values adjusted so that all tests together are wrong at the stated level.

    The k-th smallest of m is multiplied by ``m - k + 1``; the results are made increasing and cut
    at 1. An entry that is None or NaN was not tested: it stays None and does not count.

    References
    ----------
    Holm. A simple sequentially rejective multiple test procedure. Scandinavian Journal of
    Statistics 6, 1979.

    Examples
    --------
    >>> holm([0.01, 0.04, None, 0.03])
    [0.03, 0.06, None, 0.06]
    """
    known = [i for i, value in enumerate(p) if value is not None and not np.isnan(value)]
    order = sorted(known, key=lambda i: p[i])
    running = 0.0
    adjusted: list[float | None] = [None] * len(p)
    for rank, i in enumerate(order):
        running = max(running, min(1.0, (len(order) - rank) * float(p[i])))
        adjusted[i] = running
    return adjusted


def verdict(mean, p, *, level=LEVEL):
    """``"gains"``, ``"loses"`` or ``"cannot tell"``; positive differences are better.

    Examples
    --------
    >>> verdict(0.2, 0.01), verdict(-0.2, 0.01), verdict(0.2, 0.3), verdict(0.2, None)
    ('gains', 'loses', 'cannot tell', 'cannot tell')
    """
    require(0 < level < 1, f"A verdict needs a level in (0, 1). Found {level}.")
    if mean is None or p is None or p > level or mean == 0:
        return "cannot tell"
    return "gains" if mean > 0 else "loses"


@dataclass(frozen=True)
class Transfer:
    """What sharing does to the tasks as a whole.

    Attributes
    ----------
    mean_relative_gain, worst_gain : float or None
        Relative gains: difference over the size of the baseline's mean score, positive is better.
    worst_task : str or None
    negative_share : float or None
        Share of tasks with a lower mean than the baseline's.
    negative_significant_share : float or None
        Share of tasks with the verdict "loses".
    """

    mean_relative_gain: float | None
    worst_task: str | None
    worst_gain: float | None
    negative_share: float | None
    negative_significant_share: float | None


def transfer(gains):
    """`Transfer` of per-task gains: dicts with ``task``, ``difference``, ``gain``, ``verdict``.

    References
    ----------
    Maninis, Radosavovic, Kokkinos. Attentive single-tasking of multiple tasks. CVPR 2019 (mean
    relative gain).

    Examples
    --------
    >>> one = {"task": "a", "difference": 0.2, "gain": 0.1, "verdict": "gains"}
    >>> two = {"task": "b", "difference": -0.1, "gain": -0.3, "verdict": "cannot tell"}
    >>> found = transfer([one, two])
    >>> found.worst_task, found.negative_share, found.negative_significant_share
    ('b', 0.5, 0.0)
    """
    compared = [g for g in gains if g["difference"] is not None]
    relative = [g for g in compared if g["gain"] is not None]
    if not compared:
        return Transfer(None, None, None, None, None)
    worst = min(relative, key=lambda g: g["gain"], default=None)
    return Transfer(
        float(np.mean([g["gain"] for g in relative])) if relative else None,
        worst and worst["task"],
        worst and worst["gain"],
        float(np.mean([g["difference"] < 0 for g in compared])),
        float(np.mean([g["verdict"] == "loses" for g in compared])),
    )
