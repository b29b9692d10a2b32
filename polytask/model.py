"""What every model promises: a scikit-learn estimator that knows its tasks by name."""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin, clone
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted, validate_data

from polytask import answers
from polytask.door.of import check_known, of, task_names
from polytask.errors import DataError, TaskError, UnsupportedError, require
from polytask.inputs import by_position, needed
from polytask.slot import Slot
from polytask.tasks import Tasks


def _knows_classes(model):
    """Probabilities are there for classifiers, and once a task with classes was fitted."""
    tasks = getattr(model, "tasks_", ())
    return model._bare_kind == "class" or any(task.kind.classes is not None for task in tasks)


class Model(BaseEstimator):
    """Base of every model. A subclass writes ``_fit(data)`` and ``_outputs(X, name)``.

    ``fit`` takes a `Tasks`; or inputs ``(n, d)`` with labels ``(n,)``, ``(n, T)`` (NaN where a
    label is missing), or ``(n,)`` with the task of every line in ``tasks`` or in the column of X
    that ``task_column`` names. All pass one door; behind it there is only `Tasks`.

    Attributes
    ----------
    task_names_ : tuple of T str
    tasks_ : tuple of T Task
    n_features_in_ : int
    feature_names_in_ : array of str, where the inputs had names
    relation_ : Relation, where the model has one
    """

    # tasks= needs no set_fit_request: whoever passes it means it
    __metadata_request__fit = {"tasks": True}
    __metadata_request__predict = {"tasks": True}
    __metadata_request__predict_proba = {"tasks": True}
    __metadata_request__score = {"tasks": True}

    _bare_kind = "infer"  # kind of bare label columns; classifiers say "class"

    # -- fitting ----------------------------------------------------------------------------

    def fit(self, X, y=None, *, tasks=None, sample_weight=None):
        """Learn all tasks together.

        Parameters
        ----------
        X : Tasks, or array, sparse matrix or data frame (n, d)
        y : array (n,) or (n, T), NaN where a label is missing
        tasks : sequence (n,) of names, optional
            The task of every line; then ``y`` is ``(n,)``.
        sample_weight : array (n,), or (n, T) where ``y`` has that shape

        Returns
        -------
        self

        Raises
        ------
        DataError, TaskError, UnsupportedError
        """
        self._fit(self._enter(X, y, tasks, sample_weight))
        return self

    def _enter(self, X, y, tasks, sample_weight):
        """The `Tasks` of what `fit` was given; keeps what the model must know of its inputs."""
        if isinstance(X, Tasks):
            data = self._of_tasks(of(X, y, tasks=tasks, sample_weight=sample_weight))
        else:
            data = self._of_arrays(X, y, tasks, sample_weight)
        self.tasks_ = data.tasks
        self.task_names_ = data.names
        if self._bare_kind == "class":
            self.classes_ = answers.classes(self.tasks_, self._form)
        return data

    def _of_tasks(self, data):
        require(
            not needed(data),
            "The inputs have categories or gaps, and this model takes numbers. Wrap it: "
            f"polytask.inputs.Encoder, or Prepared({type(self).__name__}(...)).",
            DataError,
        )
        self._columns_of(data)
        return data

    def _columns_of(self, data):
        """Remember the input columns of a table that came by name."""
        self._form = "wide"
        self.n_features_in_ = data.n_features
        if not by_position(data.feature_names):
            self.feature_names_in_ = np.array(data.feature_names, dtype=object)
        elif hasattr(self, "feature_names_in_"):
            del self.feature_names_in_

    def _of_arrays(self, X, y, tasks, sample_weight, *, reset=True, kinds=None, allow_empty=False):
        y = answers.checked_labels(self, y)
        X, names = task_names(X, self.task_column, tasks)
        self._form = "long" if names is not None else "one" if _flat(y) else "wide"
        X = self._validated(X, reset=reset)
        answers.same_length(X, y)
        return of(
            X,
            y,
            tasks=names,
            sample_weight=sample_weight,
            kinds=self._bare_kind if kinds is None else kinds,
            allow_empty=allow_empty,
            feature_names=getattr(self, "feature_names_in_", None),
        )

    # -- answers ----------------------------------------------------------------------------

    def predict(self, X, *, tasks=None):
        """Labels: a column per task ``(n, T)``, or one value a row ``(n,)``.

        One value a row where the model was fitted on one bare label column, or where ``tasks`` or
        the task column names the task of every row.

        Raises
        ------
        TaskError
            If a task was not there at fitting; names the choices.
        """
        X, names = self._question(X, tasks)
        return answers.predict(self._reader(), X, names)

    @available_if(_knows_classes)
    def predict_proba(self, X, *, tasks=None):
        """Probabilities of the classes.

        ``(n, K)`` for one bare label column, and where the task of every row is named; ``(n, T)``,
        the probability of ``classes[1]``, where all tasks are binary; else a dict by task name.
        """
        X, names = self._question(X, tasks)
        return answers.proba(self._reader(), X, names)

    def predict_each(self, data):
        """Outputs for the labelled rows of every task of ``data`` that the model knows.

        Returns
        -------
        dict of task name -> array
            ``(n_t,)`` numbers for regression; ``(n_t, K)`` probabilities for classes, in the order
            of the kind's ``classes``.
        """
        check_is_fitted(self)
        require(
            data.n_features == self.n_features_in_,
            f"Expected {self.n_features_in_} input columns. Found {data.n_features}.",
            DataError,
        )
        reader = self._reader()
        return {
            one.task.name: reader._outputs(data.table(one.task.name)[0], one.task.name)
            if one.n
            else answers.none(one.task.kind)
            for one in data
            if one.task.name in self.task_names_
        }

    def score(self, X, y=None, *, tasks=None, sample_weight=None):
        """Mean over tasks of the kind's own score (R², accuracy), each over its labelled rows."""
        check_is_fitted(self)
        data = X if isinstance(X, Tasks) else self._answered(X, y, tasks, sample_weight)
        return answers.mean_score(self, data)

    def _answered(self, X, y, tasks, sample_weight):
        X, names = task_names(X, self.task_column, tasks)
        X = self._inputs(X)
        if names is not None:
            check_known(names, self.task_names_)
        elif _flat(y) and self._form != "one" and len(self.task_names_) > 1:
            raise TaskError(
                f"score needs labels of shape (n, {len(self.task_names_)}). Found one column."
            )
        return answers.relabelled(self, X, y, names, sample_weight)

    def _question(self, X, tasks):
        check_is_fitted(self)
        if isinstance(X, Tasks):
            return X.X, None
        X, names = task_names(X, self.task_column, tasks)
        return self._inputs(X), names

    def _inputs(self, X):
        return self._validated(X, reset=False)

    def _validated(self, X, *, reset):
        """X as scikit-learn checks it; other columns than those of the fit are named."""
        rules = {"accept_sparse": ["csr", "csc"], "dtype": [np.float64, np.float32], "order": None}
        try:
            return validate_data(self, X, reset=reset, **rules)
        except ValueError as error:
            text = str(error)
            if reset or not text.startswith(("X has", "The feature names")):
                raise
            names = [str(name) for name in getattr(self, "feature_names_in_", ())]
            known = f" The columns of the fit: {names[:10]}." if names else ""
            raise DataError(f"{text.rstrip()}{known} Give these columns, or fit anew.") from error

    def _known(self, names):
        """Refuse unknown tasks; a model with a rule for new tasks answers for itself."""
        check_known(names, self.task_names_)

    def _reader(self):
        """Who answers one question about many tasks: a model that walks from task to task gives
        one that remembers the way."""
        return self

    # -- what a method may offer ------------------------------------------------------------

    def adapt(self, X, y, *, sample_weight=None):
        """A model of a *new* task, with what was shared held fixed.

        Raises
        ------
        UnsupportedError
            If this model shares nothing that a new task could use.
        """
        raise UnsupportedError(
            f"{type(self).__name__} has no rule for a new task. Fit again with the new task in it."
        )

    def grid(self, data):
        """Candidates that come with the method: dicts for ``set_params``, the simplest first."""
        return [{}]

    def fit_path(self, data, candidates):
        """Fitted models for these candidates, in this order."""
        for params in candidates:
            yield clone(self).set_params(**params).fit(data)

    def alone(self):
        """The same method per task, the baseline of its gain; None where it has no such form."""
        return

    # -- slots are searchable ---------------------------------------------------------------

    def set_params(self, **params):
        """Set parameters; ``penalty__alpha`` puts a new slot value in place of the old one."""
        nested = {}
        for key in [key for key in params if "__" in key]:
            name, _, rest = key.partition("__")
            value = params.get(name, getattr(self, name, None))
            if isinstance(value, Slot):
                nested.setdefault(name, {})[rest] = params.pop(key)
        super().set_params(**params)
        for name, values in nested.items():
            setattr(self, name, getattr(self, name).replace(**values))
        return self

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        tags.target_tags.multi_output = self.task_column is None
        return tags


class Regressor(RegressorMixin, Model):
    """A model whose bare label columns are numbers; from a `Tasks` it takes every kind it can."""

    score = Model.score


class Classifier(ClassifierMixin, Model):
    """A model whose bare label columns are classes."""

    _bare_kind = "class"
    score = Model.score


def _flat(y):
    return np.ndim(y) == 1
