"""A chain of tasks: each has the ones before it among its inputs."""

import numpy as np

from polytask.chains.base import _OverTasks
from polytask.chains.columns import beside, columns_of, fit_stage, training_columns
from polytask.errors import ParameterError, TaskError, require
from polytask.model import Model


class Chain(_OverTasks, Model):
    """Fit an estimator task after task, each with the tasks before it as more inputs.

    Regressor chains and classifier chains in one; tasks of several kinds may mix. At prediction
    the inputs are predictions of the tasks before.

    Parameters
    ----------
    estimator : scikit-learn estimator or Model, optional
        Default: `sklearn.linear_model.Ridge` for numbers, `LogisticRegression` for classes.
    order : None, "random", or sequence of T task names or positions
        None is the order of the table; "random" is drawn by ``random_state``.
    meta : {"cv", "train", "true"}
        What stands for an earlier task while a later one is trained: predictions for rows that were
        left out (they err as predictions will), predictions for the rows themselves, or the labels.
        A row without a label has the prediction of a fit that never saw it.
    cv : int or splitter of scikit-learn
        For ``meta="cv"``: folds, dealt among the labelled rows of a task (whole groups where the
        table has groups).
    chain_method : {"predict_proba", "predict"}
        What stands for a task with classes: probabilities, or 1 for the likeliest class.
    random_state : int, optional
        Of the order and the folds.
    task_column : str or int, optional
        The column of X that names the task of a line.

    Attributes
    ----------
    order_ : tuple of T str
    stages_ : dict of task name -> fitted `Independent` of that task

    Raises
    ------
    ParameterError
        If an option is not one of the above, or the order does not name every task once.

    Notes
    -----
    With one task, and for the first task of the order, this is `Independent`. ``meta="true"`` is
    scikit-learn's ``RegressorChain`` (and ``ClassifierChain``, which takes ``"predict"``);
    ``meta="cv"`` the one with ``cv``. A new task: fit again with it.

    References
    ----------
    Read, Pfahringer, Holmes, Frank. Classifier chains for multi-label classification. Machine
    Learning 85, 2011.
    Spyromitros-Xioufis, Tsoumakas, Groves, Vlahavas. Multi-target regression via input space
    expansion. Machine Learning 104, 2016 (RC; ``meta``: the three ways to train it).
    Survey: baselines.

    Examples
    --------
    >>> from polytask.chains import Chain
    >>> X, Y = [[0.0], [1.0], [2.0], [3.0]], [[0, 1], [1, 0], [2, 5], [3, 4]]
    >>> chain = Chain(order=[1, 0], cv=2).fit(X, Y)
    >>> chain.order_, chain.predict([[4.0]]).shape
    (('y1', 'y0'), (1, 2))
    """

    _in_order = True

    def __init__(
        self,
        estimator=None,
        *,
        order=None,
        meta="cv",
        cv=5,
        chain_method="predict_proba",
        random_state=None,
        task_column=None,
    ):
        self.estimator = estimator
        self.order = order
        self.meta = meta
        self.cv = cv
        self.chain_method = chain_method
        self.random_state = random_state
        self.task_column = task_column

    def _fit(self, data):
        self._check()
        self.order_ = self._in_words(data)
        self.stages_, X = {}, data.X
        for name in self.order_:
            self.stages_[name] = stage = fit_stage(self.estimator, data, X, name)
            if name != self.order_[-1]:
                X = beside(X, training_columns(stage, data, X, name, self))

    def _in_words(self, data):
        """The names of the tasks in the order of the chain."""
        if self.order is None:
            return data.names
        if isinstance(self.order, str):
            require(
                self.order == "random",
                f"order is None, 'random' or a list of tasks. Found {self.order!r}.",
                ParameterError,
            )
            places = np.random.default_rng(self.random_state).permutation(data.n_tasks)
            return tuple(data.names[t] for t in places)
        given = [data.names[one] if _is_place(one, data) else str(one) for one in self.order]
        require(
            sorted(given) == sorted(data.names),
            f"order needs every task once: {list(data.names)[:8]}. Found {list(self.order)[:8]}.",
            TaskError,
        )
        return tuple(given)

    def _answering(self, X):
        return _Walk(self, X)


class _Walk:
    """Outputs of the tasks of a chain for one table, as far as they were asked for."""

    def __init__(self, chain, X):
        self.chain, self.X, self.found = chain, X, {}

    def __call__(self, name):
        for one in self.chain.order_[len(self.found) :]:
            if name in self.found:
                break
            stage = self.chain.stages_[one]
            self.found[one] = out = stage._outputs(self.X, one)
            columns = columns_of(stage.tasks_[0].kind, out, self.chain.chain_method)
            self.X = beside(self.X, columns)
        return self.found[name]


def _is_place(one, data):
    return isinstance(one, int | np.integer) and 0 <= one < data.n_tasks
