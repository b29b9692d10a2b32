"""An experiment with known supports: how many rows does a penalty need to find them?"""

from dataclasses import dataclass

import numpy as np

from polytask import Tasks
from polytask.errors import require
from polytask.linear.model import LinearModel

# What counts as zero; cutting spurious entries any higher makes every method succeed.
ZERO = 1e-4
# Relative gap at which entries that should vanish have vanished.
TOL = 1e-8
# Strengths that are tried, in units of sigma sqrt(log(p) / n).
STRENGTHS = (0.5, 1.0, 2.0, 4.0, 8.0)


@dataclass(frozen=True)
class Recovery:
    """How often the supports were found exactly.

    Attributes
    ----------
    success : float
        Share of trials at the best strength.
    theta : float
        Rows over ``s log(p - (2 - overlap) s)``: theory's scale, see `rows_needed_together`.
    trials : int
    """

    success: float
    theta: float
    trials: int


def rows_needed_together(p, s, overlap):
    """The rows per task at which theory expects `L1Linf` to find the supports of two tasks.

    ``(4 - 3 overlap) s log(p - (2 - overlap) s)``, for Gaussian inputs and coefficients of equal
    size. `rows_needed_alone` has a factor of 2 instead: sharing pays above an overlap of 2/3.

    Parameters
    ----------
    p, s : int
        Features, and how many of them each of the two tasks needs.
    overlap : float, from 0 to 1
        Share of a support that is common.

    Returns
    -------
    float

    Raises
    ------
    ParameterError
        If the two supports do not fit into p features.

    References
    ----------
    Negahban, Wainwright. Phase transitions for high-dimensional joint support recovery. NIPS 2008.
    Survey: block-sparse regularisation.

    Examples
    --------
    >>> [round(rows_needed_together(128, 13, a) / rows_needed_alone(128, 13, a), 2) for a in (0, 1)]
    [2.0, 0.5]
    """
    return (4 - 3 * overlap) * _unit(p, s, overlap)


def rows_needed_alone(p, s, overlap):
    """The rows per task at which theory expects `L1` to find the supports of two tasks.

    ``2 s log(p - (2 - overlap) s)``; parameters and reference as in `rows_needed_together`.

    Examples
    --------
    >>> round(rows_needed_alone(128, 13, 1.0))
    123
    """
    return 2 * _unit(p, s, overlap)


def support_recovery_experiment(
    penalty,
    p,
    *,
    s,
    overlap,
    n,
    by="entries",
    sigma=0.1,
    trials=20,
    strengths=STRENGTHS,
    random_state=None,
):
    """How often a penalty finds the supports of two tasks exactly, at its best strength.

    Two regression tasks with Gaussian inputs of their own, s coefficients of 1 or -1 each, and a
    given share of common features. A trial succeeds where the zeros are exact, and the signs.

    Parameters
    ----------
    penalty : Penalty
        Its ``alpha`` is replaced by each strength; of a `Split` both strengths move.
    p, s : int
        Features, and how many of them each task needs.
    overlap : float, from 0 to 1
    n : int
        Rows per task.
    by : "entries" or "rows"
        What has to be zero exactly: single coefficients, or, for penalties that keep whole rows,
        rows; inside a row signs are then read off coefficients beyond 0.5.
    sigma : float, > 0
        Noise.
    trials : int
    strengths : tuple of float
        In units of ``sigma sqrt(log(p) / n)``.
    random_state : int, Generator or None

    Returns
    -------
    Recovery

    Raises
    ------
    ParameterError
        If the two supports do not fit into p features, or ``by`` is another word.

    Notes
    -----
    Zero means below 1e-4. Where entries up to 0.1 are cut, every method succeeds early and there is
    no transition to see.

    References
    ----------
    Negahban, Wainwright. Phase transitions for high-dimensional joint support recovery. NIPS 2008.
    Survey: block-sparse regularisation.

    Examples
    --------
    >>> from polytask.linear import L1Linf
    >>> many = {"p": 40, "s": 4, "overlap": 1.0, "n": 40, "trials": 3, "random_state": 0}
    >>> support_recovery_experiment(L1Linf(), by="rows", **many).success
    1.0
    """
    require(by in SAME, f"by needs to be one of {sorted(SAME)}. Found {by!r}.")
    scale = _unit(p, s, overlap)
    rng = np.random.default_rng(random_state)
    unit = sigma * np.sqrt(np.log(p) / n)
    found = np.zeros(len(strengths))
    for _ in range(trials):
        data, W = _drawn(rng, p, s, overlap, n, sigma)
        for k, strength in enumerate(strengths):
            priced = penalty.replace(alpha=strength * unit)
            model = LinearModel(priced, fit_intercept=False, tol=TOL)
            found[k] += SAME[by](model.fit(data).coef_.T, W)
    return Recovery(float(found.max() / trials), float(n / scale), trials)


def _drawn(rng, p, s, overlap, n, sigma):
    """Two tasks with inputs of their own, and their coefficients ``(p, 2)``."""
    common = round(overlap * s)
    order = rng.permutation(p)
    W = np.zeros((p, 2))
    W[order[:s], 0] = rng.choice([-1.0, 1.0], s)
    second = np.concatenate([order[:common], order[s : 2 * s - common]])
    W[second, 1] = rng.choice([-1.0, 1.0], s)
    sets = {}
    for t, name in enumerate("ab"):
        X = rng.normal(size=(n, p))
        sets[name] = (X, X @ W[:, t] + sigma * rng.normal(size=n))
    return Tasks.stack(sets), W


def _by_entries(found, W):
    return np.array_equal(np.sign(np.where(np.abs(found) > ZERO, found, 0)), np.sign(W))


def _by_rows(found, W):
    rows = np.abs(found).max(axis=1) > ZERO
    signs = np.sign(np.where(np.abs(found) > 0.5, found, 0))
    return np.array_equal(rows, W.any(axis=1)) and np.array_equal(signs, np.sign(W))


SAME = {"entries": _by_entries, "rows": _by_rows}


def _unit(p, s, overlap):
    """Theory's scale of rows, ``s log(p - (2 - overlap) s)``."""
    require(
        0 <= overlap <= 1 and s >= 1 and p - (2 - overlap) * s > 1,
        "Two supports of s features have to fit into p with an overlap from 0 to 1. "
        f"Found p={p}, s={s}, overlap={overlap}.",
    )
    return float(s * np.log(p - (2 - overlap) * s))
