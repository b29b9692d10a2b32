"""Predict what a model of one half of the features says, from the other half."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import clone

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
from polytask.errors import DataError, require
from polytask.independent import Independent
from polytask.labels import Labels


@dataclass(frozen=True)
class PartiallySupervised(Auxiliary):
    """Train on one map of the features with labels; predict its answers from the other map.

    For every task and both directions: a model of the first map, trained on the rows with a label,
    answers for the rows without; what it answers is then to be predicted from the second map. The
    answers know something of the task, and rows without labels are plenty.

    Parameters
    ----------
    model : Model or scikit-learn estimator, optional
        What is trained on a map. Default: ridge or logistic regression by kind (`Independent`).
    maps : pair of tuples of int, optional
        The features of the two maps. Default: all features, dealt at random into two halves.
    top : int, >= 1
        For tasks with several classes: the first choice of the model, and the others up to this
        one, each with a yes-or-no problem per class. Two classes have one problem.
    least : int, >= 1
        A choice is predicted only if so many rows have it, and so many have another.
    seed : int
        Of the default maps.

    Raises
    ------
    DataError
        If no row is without a label, maps overlap, or no choice is frequent enough.

    References
    ----------
    Ando, Zhang. A framework for learning predictive structures from multiple tasks and unlabeled
    data. JMLR 2005 (section 4.2, partially supervised auxiliary problems).
    Survey: representation learning.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import Tasks
    >>> X = np.random.default_rng(0).normal(size=(200, 4))
    >>> y = np.where(np.arange(200) < 40, X.sum(axis=1), np.nan)  # 160 rows without a label
    >>> data = PartiallySupervised(maps=((0, 1), (2, 3)))(Tasks.from_arrays(X, y))
    >>> data.names, data.n_labels.tolist()
    (('y0', 'y0 by map 1', 'y0 by map 2'), [40, 160, 160])
    """

    model: Any = None
    maps: tuple | None = None
    top: int = 1
    least: int = 20
    seed: int = 0

    def __post_init__(self):
        check_counts(self, top=1, least=1)
        require(
            self.maps is None or len(self.maps) == 2,
            f"PartiallySupervised needs two maps of features. Found {self.maps!r}.",
        )

    def __call__(self, tasks):
        maps = halves(tasks.n_features, self.seed) if self.maps is None else self.maps
        check_maps(maps, tasks.n_features, "PartiallySupervised")
        copies, labels, start = [], [], tasks.n_rows
        for number, seen in enumerate(maps):
            # the answers of a map are predicted with that map out of sight
            rows = np.arange(tasks.n_rows)
            copies.append((rows, hidden(tasks.X, seen)))
            for one in tasks:
                if one.task.role == "main":
                    without = np.setdiff1d(rows, one.rows)
                    answers = self._answers(tasks, one, seen, without)
                    name = f"{one.task.name} by map {number + 1}"
                    labels += self._problems(name, one.task.kind, start + without, answers)
            start += tasks.n_rows
        return made(below(tasks, copies), labels, f"Lower least (now {self.least}).")

    def _answers(self, tasks, one, seen, without):
        """What a model of one map says of the rows without a label."""
        require(
            len(without),
            f"PartiallySupervised needs rows without a label. Task {one.task.name!r} has labels "
            "on all of them. Add rows with NaN as their label.",
            DataError,
        )
        inputs = [tasks.inputs[j] for j in seen]
        table = tasks.keep(one.task.name).with_(X=tasks.X[:, list(seen)], inputs=inputs)
        asked = Labels(one.task, without, np.zeros(len(without)))
        answers = self._fitted(table.take(one.rows)).predict_each(table.with_(labels=[asked]))
        return answers[one.task.name]

    def _fitted(self, table):
        model = self.model
        model = clone(model) if hasattr(model, "predict_each") else Independent(model)
        return model.fit(table)

    def _problems(self, name, kind, rows, answers):
        if kind.classes is None:
            return [like(name, kind, rows, answers)]
        choices = np.argsort(-answers, axis=1, kind="stable")
        if len(kind.classes) == 2:
            found = [(name, choices[:, 0])]
        else:
            found = [
                (f"{name}, choice {rank + 1}: {word}", choices[:, rank] == code)
                for rank in range(min(self.top, len(kind.classes)))
                for code, word in enumerate(kind.classes)
            ]
        return [binary(text, rows, y) for text, y in found if enough(y, self.least)]
