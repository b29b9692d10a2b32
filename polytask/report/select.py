"""Choosing among candidates by inner cross-validation, on training rows only."""

from dataclasses import dataclass

import numpy as np

from polytask.errors import ParameterError
from polytask.report.outcome import outcomes

RULES = ("min", "1se")


@dataclass(frozen=True)
class Choice:
    """Which candidate, and what the search saw.

    Attributes
    ----------
    index : int
        Position among the candidates.
    mean, se : tuples of k floats
        Mean error over the inner folds and its standard error; NaN where undefined.
    """

    index: int
    mean: tuple[float, ...]
    se: tuple[float, ...]


def choose(errors, rule="min"):
    """The candidate with the smallest mean error, or the simplest within one standard error of it.

    Parameters
    ----------
    errors : array (folds, k)
        Smaller is better; candidates from the simplest to the least simple; NaN is undefined.
    rule : {"min", "1se"}
        ``min``: the smallest mean, the simpler of equals. ``1se``: the first candidate whose mean
        is at most the smallest mean plus the standard error of that mean over the folds; never
        less simple than ``min``.

    Raises
    ------
    ParameterError
        If no candidate has an error.

    References
    ----------
    Breiman, Friedman, Olshen, Stone. Classification and regression trees. 1984. Section 3.4.3.

    Examples
    --------
    >>> errors = [[3.0, 2.0, 1.9], [3.2, 2.4, 2.2]]
    >>> choose(errors, "min").index, choose(errors, "1se").index
    (2, 1)
    """
    if rule not in RULES:
        raise ParameterError(f"select is 'min' or '1se'. Found {rule!r}.")
    errors = np.asarray(errors, dtype=np.float64)
    mean, se = _mean_and_se(errors)
    if not np.isfinite(mean).any():
        raise ParameterError(
            "No candidate could be judged: every inner fold is undefined for the metric. "
            "Use fewer inner folds, or another metric."
        )
    best = int(np.argmin(np.where(np.isfinite(mean), mean, np.inf)))
    index = best
    if rule == "1se":
        index = int(np.flatnonzero(mean <= mean[best] + se[best])[0])
    return Choice(index, tuple(mean.tolist()), tuple(se.tolist()))


def _mean_and_se(errors):
    finite = np.isfinite(errors)
    n = finite.sum(axis=0)
    filled = np.where(finite, errors, 0.0)
    mean = np.where(n > 0, filled.sum(axis=0) / np.maximum(n, 1), np.nan)
    spread = np.where(finite, errors - mean, 0.0)
    variance = (spread**2).sum(axis=0) / np.maximum(n - 1, 1)
    return mean, np.sqrt(variance / np.maximum(n, 1))


@dataclass(frozen=True, eq=False)
class Search:
    """A finished search: the choice, and the held-out outcomes of the chosen candidate."""

    choice: Choice
    held_out: tuple


def search(fits, k, *, criterion, rule="min"):
    """Judge ``k`` candidates over inner folds and choose one.

    Parameters
    ----------
    fits : iterable of ``(models, train, test)``
        Per inner fold: an iterator of ``k`` fitted models in the order of the candidates, and the
        two parts of the fold.
    k : int
    criterion : Criterion
    rule : {"min", "1se"}

    Returns
    -------
    Search
        ``held_out`` has the outcomes of the chosen candidate on every inner fold: predictions
        for training rows by models that did not see them.
    """
    errors, seen = [], []
    for models, train, test in fits:
        said = [outcomes(model, test, train) for model in models]
        errors.append([criterion.error(one) for one in said])
        seen.append([_small(one) for one in said])
    choice = choose(errors, rule)
    held_out = tuple(one for fold in seen for one in fold[choice.index])
    return Search(choice, held_out)


def _small(outcomes):
    # only binary tasks have a threshold to choose; the rest would be kept for nothing
    return [o for o in outcomes if o.task.kind.name == "binary"]
