"""Predict a hidden feature from the others: a task that needs no labels."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from polytask.auxiliary.base import (
    Auxiliary,
    below,
    binary,
    check_counts,
    check_maps,
    enough,
    halves,
    hidden,
    like,
    made,
)
from polytask.kinds import Regression


@dataclass(frozen=True)
class Masking(Auxiliary):
    """Hide a group of features, and predict what was there from the others.

    Every group gives a copy of all rows with the group at zero, and a task for each of its most
    frequent features: whether it is there (sparse tables, columns with two values), or its value.

    Parameters
    ----------
    targets : int, >= 1
        Number of features that are predicted: those that are not zero in most rows.
    groups : tuple of tuples of int, optional
        Features that are hidden together; ``((0,), (1,), (2,))`` hides one at a time. Default: all
        features, dealt at random into two groups. Every group is one more copy of the rows.
    least : int, >= 1
        A feature is predicted only if so many rows have it, and so many have it not.
    seed : int
        Of the default groups.

    Raises
    ------
    DataError
        If groups overlap or name a column that is not there, or no feature is left to predict.

    Notes
    -----
    A hidden column is zero in the copy, not absent: its coefficient is then zero in every linear
    model that is penalised, and the shared structure comes from what is seen.

    References
    ----------
    Ando, Zhang. A framework for learning predictive structures from multiple tasks and unlabeled
    data. JMLR 2005 (section 4.1, unsupervised auxiliary problems).
    Survey: predicting inputs.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import Tasks
    >>> X = np.random.default_rng(0).poisson(0.5, size=(100, 6))
    >>> data = Masking(targets=3, groups=((0, 1), (2, 3)))(Tasks.from_arrays(X, X[:, 5]))
    >>> data.names, data.n_rows
    (('y0', 'value of x0', 'value of x2', 'value of x1'), 300)
    """

    targets: int = 50
    groups: tuple | None = None
    least: int = 20
    seed: int = 0

    def __post_init__(self):
        check_counts(self, targets=1, least=1)

    def __call__(self, tasks):
        X, d, n = tasks.X, tasks.n_features, tasks.n_rows
        groups = halves(d, self.seed) if self.groups is None else self.groups
        check_maps(groups, d, "Masking")
        group_of = {j: g for g, group in enumerate(groups) for j in group}
        rows, labels = np.arange(n), []
        for j in self._frequent(X, group_of):
            at = rows + n * (1 + group_of[j])
            labels.append(self._problem(X, j, tasks.feature_names[j], at))
        wide = below(tasks, [(rows, hidden(X, group)) for group in groups])
        return made(wide, labels, f"Lower least (now {self.least}), or give other groups.")

    def _frequent(self, X, group_of):
        """The features to predict, the most frequent first."""
        there = np.asarray((X != 0).sum(axis=0)).ravel()
        order = (j for j in np.argsort(-there, kind="stable").tolist() if j in group_of)
        fit = (j for j in order if self._asks(X, j))
        return [j for j, _ in zip(fit, range(self.targets))]

    def _asks(self, X, j):
        """Whether a feature is there often enough, and missing often enough; numbers: always."""
        there = _there(X, j)
        return there is None or enough(there, self.least)

    def _problem(self, X, j, feature, rows):
        there = _there(X, j)
        if there is not None:
            return binary(f"has {feature}", rows, there)
        x = X[:, j]
        return like(f"value of {feature}", Regression(), rows, (x - x.mean()) / x.std())


def _there(X, j):
    """Whether the rows have a feature; None where it is a number with many values."""
    if sparse.issparse(X):
        return X[:, [j]].toarray().ravel() != 0
    values = np.unique(X[:, j])
    return X[:, j] != values[0] if len(values) <= 2 else None
