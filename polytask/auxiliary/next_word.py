"""Predict what comes next in a sequence: a task that needs no labels."""

from dataclasses import dataclass

import numpy as np

from polytask.auxiliary.base import Auxiliary, binary, check_counts, enough, made
from polytask.errors import DataError, require


@dataclass(frozen=True)
class NextWord(Auxiliary):
    """Ask of every row of a sequence whether a feature is there in the next one.

    A sequence is a group of the table (``groups``): the positions of a sentence, say, with words as
    columns. Its rows follow each other by ``time``, or as they stand.

    Parameters
    ----------
    targets : int, >= 1
        Number of features that are predicted: the most frequent ones.
    ahead : int
        How far ahead the predicted row is; 1 is the next one, -1 the one before.
    least : int, >= 1
        A feature is predicted only if it follows so many rows, and so many others are followed by
        something else.

    Raises
    ------
    DataError
        If the table has no groups, or no feature is left to predict.

    References
    ----------
    Ando, Zhang. A framework for learning predictive structures from multiple tasks and unlabeled
    data. JMLR 2005 (section 4.1); A high-performance semi-supervised learning method for text
    chunking. ACL 2005.
    Survey: using the future to predict the present.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import Tasks
    >>> words = np.eye(3)[np.arange(90) % 3]  # a b c a b c ...
    >>> data = Tasks.from_arrays(words, np.arange(90.0), groups=np.arange(90) // 9)
    >>> made = NextWord(targets=1, least=5)(data)
    >>> made.names, made["next has x1"].y[:4]  # after a b c a comes b c a b
    (('y0', 'next has x1'), array([1., 0., 0., 1.]))
    """

    targets: int = 50
    ahead: int = 1
    least: int = 20

    def __post_init__(self):
        check_counts(self, targets=1, least=1)
        require(
            isinstance(self.ahead, int | np.integer) and self.ahead != 0,
            f"NextWord needs a whole number ahead that is not 0. Found ahead={self.ahead!r}.",
        )

    def __call__(self, tasks):
        require(
            tasks.groups is not None,
            "NextWord needs to know which rows are one sequence. Found no groups. "
            "Give groups= when the table is made.",
            DataError,
        )
        rows, later = self._pairs(tasks)
        following = tasks.X[later]
        there = np.asarray((following != 0).sum(axis=0)).ravel()
        word = "next" if self.ahead == 1 else f"row {self.ahead:+d}"
        labels = []
        for j in np.argsort(-there, kind="stable").tolist():
            if len(labels) == self.targets or there[j] < self.least:
                break
            has = np.asarray((following[:, [j]] != 0).sum(axis=1)).ravel()
            if enough(has, self.least):
                labels.append(binary(f"{word} has {tasks.feature_names[j]}", rows, has))
        return made(tasks, labels, f"Lower least (now {self.least}).")

    def _pairs(self, tasks):
        """Rows that have a row so far ahead in their sequence, and that row."""
        place = np.arange(tasks.n_rows) if tasks.time is None else tasks.time
        groups = np.unique(tasks.groups, return_inverse=True)[1]
        order = np.lexsort((place, groups))
        step = abs(self.ahead)
        early, late = order[:-step], order[step:]
        same = groups[early] == groups[late]
        pair = (early, late) if self.ahead > 0 else (late, early)
        rows, later = pair[0][same], pair[1][same]
        by_row = np.argsort(rows)
        return rows[by_row], later[by_row]
