"""How far tasks need the same features, and what theory says of sharing them."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from polytask.errors import DataError, require
from polytask.linear.model import LinearModel
from polytask.linear.penalties.l1 import L1

# Overlap from which l1/linf needs fewer rows than the lasso: 4 - 3 a < 2.
WORTH_IT = 2 / 3


@dataclass(frozen=True)
class Overlap:
    """An estimate of the overlap of supports, its interval, and what follows from it.

    Attributes
    ----------
    value : float
        Mean over pairs of tasks of the shared features over the larger support; NaN where fewer
        than two tasks have a support.
    low, high : float
        Bootstrap interval.
    level : float
        Its level.
    """

    value: float
    low: float
    high: float
    level: float

    @property
    def warning(self):
        """What to beware of, as a sentence; empty unless the whole interval is below 2/3."""
        if not self.high < WORTH_IT:
            return ""
        return (
            "The overlap is below 2/3: L1Linf is expected to need more rows than L1 "
            "(Negahban and Wainwright 2008; the theorem is for two tasks whose coefficients have "
            "equal magnitudes)."
        )

    def __str__(self):
        interval = f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f}, {self.level:.0%})"
        return f"Overlap of supports: {interval}. {self.warning}".rstrip()


def overlap_of(coef):
    """The mean over pairs of tasks of shared features over the larger of the two supports.

    Parameters
    ----------
    coef : array (T, d)
        A row per task, as ``coef_``; a feature is in the support where it is not zero.

    Returns
    -------
    float
        From 0 to 1; pairs with a task without support are left out, NaN where no pair is left.

    References
    ----------
    Negahban, Wainwright. Joint support recovery under high-dimensional scaling: benefits and
    perils of l1,inf-regularization. NIPS 2008.
    Survey: block-sparse regularisation.

    Examples
    --------
    >>> overlap_of([[1.0, 2.0, 0.0, 0.0], [0.0, -1.0, 3.0, 0.0]])
    0.5
    """
    support = np.asarray(coef) != 0
    pairs = [(a, b) for a, b in combinations(support, 2) if a.any() and b.any()]
    shares = [np.sum(a & b) / max(a.sum(), b.sum()) for a, b in pairs]
    return float(np.mean(shares)) if shares else float("nan")


def support_overlap(data, alpha, *, repeats=100, level=0.9, random_state=None):
    """Estimate how far the tasks of a table need the same features, with a bootstrap interval.

    Every task gets a lasso of its own at one strength; `overlap_of` their supports is the estimate,
    and the same on rows drawn anew gives the interval.

    Parameters
    ----------
    data : Tasks
        Two tasks or more, with one output each.
    alpha : float, > 0
        Strength of `L1` on inputs of variance 1. False positives lower the estimate: choose it
        rather too large than too small.
    repeats : int
        Number of bootstrap samples. Rows are drawn among those that carry labels of the same tasks.
    level : float, between 0 and 1
        Level of the interval, between quantiles of the bootstrap around the estimate.
    random_state : int, Generator or None

    Returns
    -------
    Overlap
        Its ``warning`` cites the limit of 2/3 only where the whole interval lies below.

    Raises
    ------
    DataError
        If there are fewer than two tasks, or one with several outputs.

    Notes
    -----
    The bootstrap's own supports are a little less alike than the truth, since every sample selects
    other false positives. So the interval is the reflected one: the estimate minus the bootstrap's
    deviations from it, cut to [0, 1].

    References
    ----------
    Negahban, Wainwright. Joint support recovery under high-dimensional scaling: benefits and
    perils of l1,inf-regularization. NIPS 2008.
    Survey: block-sparse regularisation.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import Tasks
    >>> rng = np.random.default_rng(0)
    >>> X, W = rng.normal(size=(100, 20)), np.zeros((20, 2))
    >>> W[:4, 0] = W[3:7, 1] = 2  # one of four features is shared
    >>> data = Tasks.from_arrays(X, X @ W + rng.normal(size=(100, 2)))
    >>> print(support_overlap(data, 0.5, repeats=20, random_state=0).value)
    0.25
    """
    require(data.n_tasks >= 2, "support_overlap needs two tasks or more. Found 1.", DataError)
    wide = [one.task.name for one in data if one.task.kind.width > 1]
    require(not wide, f"support_overlap needs one output per task. Found {wide}.", DataError)
    rng = np.random.default_rng(random_state)
    model = LinearModel(L1(alpha), scale=True)
    value = overlap_of(model.fit(data).coef_)
    drawn = [overlap_of(model.fit(_drawn(data, rng)).coef_) for _ in range(repeats)]
    low, high = np.nanquantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    low, high = np.clip([2 * value - high, 2 * value - low], 0, 1)
    return Overlap(value, float(low), float(high), level)


def _drawn(data, rng):
    """The table with rows drawn with replacement, as weights, among rows of the same tasks."""
    has = np.zeros((data.n_rows, data.n_tasks), dtype=bool)
    for t, one in enumerate(data):
        has[one.rows, t] = True
    _, pattern = np.unique(has, axis=0, return_inverse=True)
    count = np.zeros(data.n_rows)
    for group in range(pattern.max() + 1):
        rows = np.flatnonzero(pattern.ravel() == group)
        count += np.bincount(rng.choice(rows, len(rows)), minlength=data.n_rows)
    return data.with_(labels=[_weighted(one, count) for one in data])


def _weighted(labels, count):
    kept = labels.pick(count[labels.rows] > 0)
    return type(labels)(labels.task, kept.rows, kept.y, kept.w * count[kept.rows])
