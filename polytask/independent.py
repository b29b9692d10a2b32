"""A model per task: the baseline of everything."""

import numpy as np
from sklearn.base import clone, is_classifier
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import LogisticRegression, PoissonRegressor, Ridge

from polytask.errors import UnsupportedError, require
from polytask.model import Model


class Independent(Model):
    """Fit one estimator per task, each on the rows with a label of that task.

    Parameters
    ----------
    estimator : scikit-learn estimator or Model, optional
        Default: `Ridge` for numbers, `LogisticRegression` for classes, `PoissonRegressor` for
        counts, all of scikit-learn.
    task_column : str or int, optional
        The column of X that names the task of a line.

    Attributes
    ----------
    estimators_ : dict of task name -> fitted estimator

    Notes
    -----
    A new task: fit again; nothing is shared that could help it.

    Examples
    --------
    >>> from polytask import Independent
    >>> Independent().fit([[0.0], [1.0], [2.0]], [[0, 9], [1, 7], [2, 5]]).predict([[3.0]]).shape
    (1, 2)
    """

    def __init__(self, estimator=None, *, task_column=None):
        self.estimator = estimator
        self.task_column = task_column

    @property
    def _bare_kind(self):
        return "class" if for_classes(self.estimator) else "infer"

    def _fit(self, data):
        self.estimators_ = {one.task.name: self._fit_one(data, one) for one in data if one.n}

    def _fit_one(self, data, one):
        if isinstance(self.estimator, Model):
            alone = data.take(one.rows).keep(one.task.name)
            return clone(self.estimator).set_params(task_column=None).fit(alone)
        return fit_estimator(self.estimator, *data.table(one.task.name), one)

    def _outputs(self, X, name):
        fitted = self.estimators_.get(name)
        require(
            fitted is not None,
            f"Task {name!r} had no label when this model was fitted.",
            UnsupportedError,
        )
        if isinstance(fitted, Model):
            return fitted._outputs(X, name)
        return outputs_of(fitted, X, self._kind(name))

    def _kind(self, name):
        return self.tasks_[self.task_names_.index(name)].kind

    def grid(self, data):
        """The candidates of the estimator inside, where it is one of ours: one for all tasks."""
        if not isinstance(self.estimator, Model):
            return [{}]
        return [
            {f"estimator__{key}": value for key, value in candidate.items()}
            for candidate in self.estimator.grid(data)
        ]

    def __sklearn_tags__(self):
        return tags_like(super().__sklearn_tags__(), self.estimator)


def for_classes(estimator):
    """Whether an estimator, or None for the default of a kind, is made for classes."""
    return estimator is not None and is_classifier(estimator)


def fit_estimator(estimator, X, y, w, one):
    """A scikit-learn estimator fitted on the labels ``(n_t,)`` of one task, or the only class."""
    kind = one.task.kind
    require(
        kind.numeric or kind.classes is not None,
        f"Task {one.task.name!r} is {kind.name}: no estimator of scikit-learn reads its labels. "
        "Take a model of polytask, such as Independent(LinearModel()).",
        UnsupportedError,
    )
    estimator = _usual(kind, y) if estimator is None else estimator
    require(
        is_classifier(estimator) == (kind.classes is not None),
        f"Task {one.task.name!r} is {kind.name}, and {type(estimator).__name__} is "
        f"{'a classifier' if is_classifier(estimator) else 'not a classifier'}.",
        UnsupportedError,
    )
    if kind.classes is not None:
        y = y.astype(np.int64)
        if len(np.unique(y)) == 1:
            return int(y[0])
    weights = {} if one.weight is None else {"sample_weight": w}
    return clone(estimator).fit(X, y, **weights)


def _usual(kind, y):
    if kind.classes is not None:
        return LogisticRegression(max_iter=1000)
    if kind.loss != "poisson":
        return Ridge()
    return PoissonRegressor(max_iter=1000) if y.any() else DummyRegressor()


def outputs_of(fitted, X, kind):
    """Outputs of a scikit-learn estimator: ``(n,)`` numbers or ``(n, K)`` probabilities."""
    if kind.classes is None:
        return np.asarray(fitted.predict(X), dtype=np.float64).ravel()
    out = np.zeros((X.shape[0], len(kind.classes)))
    if isinstance(fitted, int):
        out[:, fitted] = 1.0
    elif hasattr(fitted, "predict_proba"):
        out[:, fitted.classes_] = fitted.predict_proba(X)
    else:
        out[np.arange(len(out)), fitted.predict(X)] = 1.0
    return out


def tags_like(tags, estimator):
    """Tags of a wrapper: those of the estimator inside, where there is one."""
    if estimator is None:
        inner = Ridge().__sklearn_tags__()
    else:
        inner = estimator.__sklearn_tags__()
    tags.estimator_type = inner.estimator_type
    tags.classifier_tags = inner.classifier_tags
    tags.regressor_tags = inner.regressor_tags
    tags.input_tags.sparse = inner.input_tags.sparse
    return tags
