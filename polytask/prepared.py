"""A model for real tables: categories and gaps are dealt with inside ``fit``."""

import numpy as np
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from polytask.door.columns import coded
from polytask.door.of import of
from polytask.errors import DataError, require
from polytask.independent import tags_like
from polytask.inputs import Encoder
from polytask.model import Model
from polytask.tasks import Tasks


class Prepared(Model):
    """Fit an `Encoder` on the training rows, and a model on what it makes of them.

    Parameters
    ----------
    model : Model
    impute : {"refuse", "median", "constant"}
        Gaps in number columns.
    categories : {"onehot", "refuse"}
        Category columns.

    Attributes
    ----------
    encoder_ : Encoder
    model_ : the fitted model
    inputs_ : tuple of Input
        The columns of the raw table, in order; ``predict`` of a data frame finds them by name.

    Examples
    --------
    >>> import pandas as pd
    >>> from polytask import Independent, Tasks
    >>> frame = pd.DataFrame({"eye": ["blue", "grey", "blue"], "y": [1.0, 2.0, 1.0]})
    >>> data = Tasks.from_frame(frame, ["y"], verbose=False)
    >>> Prepared(Independent()).fit(data).predict(frame).shape
    (3, 1)
    """

    def __init__(self, model, impute="refuse", categories="onehot", *, task_column=None):
        self.model = model
        self.impute = impute
        self.categories = categories
        self.task_column = task_column

    @property
    def _bare_kind(self):
        return self.model._bare_kind

    def _of_tasks(self, data):
        self._form = "wide"
        self.n_features_in_ = data.n_features
        self.feature_names_in_ = np.array(data.feature_names, dtype=object)
        return data

    def _fit(self, data):
        self.inputs_ = data.inputs
        self.encoder_ = Encoder(self.impute, self.categories).fit(data)
        self.model_ = clone(self.model).set_params(task_column=None)
        self.model_.fit(self.encoder_.transform(data))
        if hasattr(self.model_, "relation_"):
            self.relation_ = self.model_.relation_

    def _outputs(self, X, name):
        return self.model_._outputs(self._encoded(X), name)

    def _known(self, names):
        self.model_._known(names)

    def _encoded(self, X):
        one = next(iter(self._no_labels(X)))
        table = Tasks(X, [one], inputs=self.inputs_)
        return self.encoder_.transform(table).X

    def _no_labels(self, X):
        return of(np.zeros((X.shape[0], 1)), np.zeros(X.shape[0]), kinds="regression")

    def _inputs(self, X):
        """Codes ``(n, d)`` from a data frame by column name, or from an array by position."""
        check_is_fitted(self)
        if hasattr(X, "columns"):
            return coded(X, self.inputs_)
        X = np.asarray(X, dtype=np.float64)
        require(
            X.ndim == 2 and X.shape[1] == self.n_features_in_,
            f"Expected {self.n_features_in_} input columns. Found shape {X.shape}.",
            DataError,
        )
        return X

    def adapt(self, X, y, *, sample_weight=None):
        """A model of a new task by the model inside; ``X`` are raw inputs ``(n, d)``."""
        inner = self.model_.adapt(self._encoded(self._inputs(X)), y, sample_weight=sample_weight)
        out = clone(self)
        out.__dict__ |= {key: value for key, value in self.__dict__.items() if key.endswith("_")}
        out.model_, out.tasks_, out.task_names_ = inner, inner.tasks_, inner.task_names_
        out._form = inner._form
        return out

    def grid(self, data):
        """The candidates of the model inside, on the encoded table."""
        table = Encoder(self.impute, self.categories).fit(data).transform(data)
        return [
            {f"model__{key}": value for key, value in candidate.items()}
            for candidate in self.model.grid(table)
        ]

    def fit_path(self, data, candidates):
        """One encoding for all candidates, then the path of the model inside."""
        shell = clone(self)
        shell._of_tasks(data)
        shell.tasks_, shell.task_names_, shell.inputs_ = data.tasks, data.names, data.inputs
        shell.encoder_ = Encoder(self.impute, self.categories).fit(data)
        inner = [{key[len("model__") :]: v for key, v in one.items()} for one in candidates]
        table = shell.encoder_.transform(data)
        for params, fitted in zip(
            candidates, clone(self.model).fit_path(table, inner), strict=True
        ):
            out = clone(self).set_params(**params)
            out.__dict__ |= {
                k: v for k, v in shell.__dict__.items() if k not in out.get_params(False)
            }
            out.model_ = fitted
            yield out

    def alone(self):
        """The per-task form of the model inside, prepared the same way."""
        inner = self.model.alone()
        return None if inner is None else Prepared(inner, self.impute, self.categories)

    def __sklearn_tags__(self):
        return tags_like(super().__sklearn_tags__(), self.model)
