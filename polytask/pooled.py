"""One model for all tasks: the other baseline."""

import numpy as np
from scipy import sparse
from sklearn.base import clone

from polytask.errors import ParameterError, TaskError, UnsupportedError, require
from polytask.independent import fit_estimator, for_classes, outputs_of, tags_like
from polytask.labels import Labels
from polytask.model import Model
from polytask.task import Task
from polytask.tasks import Tasks


class Pooled(Model):
    """Fit one estimator on the labels of all tasks together.

    Parameters
    ----------
    estimator : scikit-learn estimator or Model, optional
        Default: `sklearn.linear_model.Ridge` for numbers, `LogisticRegression` for classes.
    task_as_category : bool
        Whether the inputs get a column per task, 1 for the rows of that task.
    unknown_task : {"error", "mean"}
        A task that was not there at fitting: an error, or the answer of the one model (without a
        category: all its columns are 0).
    task_column : str or int, optional
        The column of X that names the task of a line.

    Attributes
    ----------
    estimator_ : fitted estimator

    Examples
    --------
    >>> from polytask import Pooled
    >>> Pooled().fit([[0.0], [1.0], [2.0]], [[0, 9], [1, 7], [2, 5]]).predict([[3.0]]).shape
    (1, 2)
    """

    def __init__(
        self, estimator=None, *, task_as_category=True, unknown_task="error", task_column=None
    ):
        self.estimator = estimator
        self.task_as_category = task_as_category
        self.unknown_task = unknown_task
        self.task_column = task_column

    @property
    def _bare_kind(self):
        return "class" if for_classes(self.estimator) else "infer"

    def _fit(self, data):
        require(
            self.unknown_task in ("error", "mean"),
            f"unknown_task is 'error' or 'mean'. Found {self.unknown_task!r}.",
            ParameterError,
        )
        kind = self._common_kind(data)
        rows = np.concatenate([one.rows for one in data])
        y = np.concatenate([one.y for one in data])
        weight = None
        if any(one.weight is not None for one in data):
            weight = np.concatenate([one.w for one in data])
        names = np.repeat([one.task.name for one in data], data.n_labels)
        X = data.X if np.array_equal(rows, np.arange(data.n_rows)) else data.X[rows]
        X = self._with_category(X, names)
        one = Labels(Task("pooled", kind), np.arange(len(y)), y, weight)
        if isinstance(self.estimator, Model):
            inner = clone(self.estimator).set_params(task_column=None)
            self.estimator_ = inner.fit(Tasks(X, [one]))
        else:
            self.estimator_ = fit_estimator(self.estimator, X, y, one.w, one)

    def _common_kind(self, data):
        kinds = set(data.kinds)
        if len(kinds) > 1:
            a, b = data.tasks[0], next(t for t in data.tasks if t.kind != data.tasks[0].kind)
            raise UnsupportedError(
                f"Pooled needs tasks of one kind. Found {a.name!r}: {a.kind} and {b.name!r}: "
                f"{b.kind}. Use Independent, or keep tasks of one kind."
            )
        return kinds.pop()

    def _with_category(self, X, names):
        if not self.task_as_category or len(self.task_names_) == 1:
            return X
        hot = np.asarray(names)[:, None] == np.array(self.task_names_)[None, :]
        if sparse.issparse(X):
            return sparse.hstack([X, sparse.csr_array(hot.astype(X.dtype))], "csr")
        return np.column_stack([X, hot.astype(X.dtype)])

    def _known(self, names):
        if self.unknown_task == "error":
            super()._known(names)

    def _outputs(self, X, name):
        require(
            name in self.task_names_ or self.unknown_task == "mean",
            f"Unknown task {name!r}. Known: {list(self.task_names_)[:8]}.",
            TaskError,
        )
        X = self._with_category(X, np.full(X.shape[0], name))
        if isinstance(self.estimator_, Model):
            return self.estimator_._outputs(X, "pooled")
        return outputs_of(self.estimator_, X, self.tasks_[0].kind)

    def grid(self, data):
        """The candidates of the estimator inside, where it is one of ours."""
        if not isinstance(self.estimator, Model):
            return [{}]
        one = Labels(Task("pooled", data.kinds[0]), *self._stacked(data))
        table = Tasks(data.X[one.rows], [one.moved(np.arange(one.n))])
        return [
            {f"estimator__{key}": value for key, value in candidate.items()}
            for candidate in self.estimator.grid(table)
        ]

    def _stacked(self, data):
        rows = np.concatenate([one.rows for one in data])
        return rows, np.concatenate([one.y for one in data])

    def __sklearn_tags__(self):
        return tags_like(super().__sklearn_tags__(), self.estimator)
