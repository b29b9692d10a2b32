"""Stacked single targets: first every task alone, then every task with what was said of all."""

import numpy as np

from polytask.chains.base import _OverTasks
from polytask.chains.columns import beside, columns_of, fit_stage, training_columns
from polytask.model import Model


class Stacking(_OverTasks, Model):
    """Fit an estimator per task, then again with the first predictions of all tasks as inputs.

    Parameters
    ----------
    estimator : scikit-learn estimator or Model, optional
        Of both stages. Default: `sklearn.linear_model.Ridge` for numbers, `LogisticRegression` for
        classes.
    meta : {"cv", "train", "true"}
        What the second stage is trained on: first predictions for rows that were left out, first
        predictions for the rows themselves, or the labels of the *other* tasks. A row without a
        label has the prediction of a fit that never saw it.
    cv, chain_method
        As in `Chain`.
    random_state : int, optional
        Of the folds.
    task_column : str or int, optional
        The column of X that names the task of a line.

    Attributes
    ----------
    first_, second_ : dict of task name -> fitted `Independent` of that task
        ``second_`` is empty with one task.

    Raises
    ------
    ParameterError
        If an option is not one of the above.

    Notes
    -----
    With one task there is nothing to stack: this is `Independent`. The inputs of the second stage
    are those of the table and a column per task, its own first prediction among them (not with
    ``meta="true"``: it would be the answer).

    References
    ----------
    Wolpert. Stacked generalization. Neural Networks 5, 1992.
    Godbole, Sarawagi. Discriminative methods for multi-labeled classification. PAKDD 2004.
    Spyromitros-Xioufis, Tsoumakas, Groves, Vlahavas. Multi-target regression via input space
    expansion. Machine Learning 104, 2016 (SST; with ``meta="cv"`` SST_cv).
    Survey: baselines.

    Examples
    --------
    >>> from polytask.chains import Stacking
    >>> X, Y = [[0.0], [1.0], [2.0], [3.0]], [[0, 1], [1, 0], [2, 5], [3, 4]]
    >>> Stacking(cv=2).fit(X, Y).second_["y0"].n_features_in_
    3
    """

    def __init__(
        self,
        estimator=None,
        *,
        meta="cv",
        cv=5,
        chain_method="predict_proba",
        random_state=None,
        task_column=None,
    ):
        self.estimator = estimator
        self.meta = meta
        self.cv = cv
        self.chain_method = chain_method
        self.random_state = random_state
        self.task_column = task_column

    def _fit(self, data):
        self._check()
        self.first_ = {name: fit_stage(self.estimator, data, data.X, name) for name in data.names}
        self.second_ = {}
        if data.n_tasks == 1:
            return
        columns = {
            name: training_columns(stage, data, data.X, name, self)
            for name, stage in self.first_.items()
        }
        for name in data.names:
            X = beside(data.X, *self._chosen(columns, name))
            self.second_[name] = fit_stage(self.estimator, data, X, name)

    def _chosen(self, columns, name):
        """The columns that the second stage of a task sees."""
        own = self.meta != "true"
        return [one for other, one in columns.items() if own or other != name]

    def _answering(self, X):
        first = {name: stage._outputs(X, name) for name, stage in self.first_.items()}
        if not self.second_:
            return first.__getitem__
        columns = {
            name: columns_of(stage.tasks_[0].kind, first[name], self.chain_method)
            for name, stage in self.first_.items()
        }

        def answer(name):
            inputs = beside(X, *self._chosen(columns, name))
            return np.asarray(self.second_[name]._outputs(inputs, name))

        return answer
