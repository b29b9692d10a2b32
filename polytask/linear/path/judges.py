"""What a point of a path is worth on held-out rows: read from them, or from their moments."""

import numpy as np

from polytask.kinds import Regression
from polytask.linear.datafits_of import datafits_of
from polytask.report.metrics import Undefined
from polytask.report.metrics.regression import standardised_squared
from polytask.report.outcome import Outcome, spread_of


def squared_errors(criterion):
    """Whether regression tasks are judged by squared errors, one by one."""
    metric = criterion.of(Regression())
    return criterion.overall is None and metric.standardised is standardised_squared


class ByRows:
    """Measures a point on the rows that were held out, by any metric.

    Parameters
    ----------
    model : LinearModel or LinearClassifier
    names : tuple of T str
        Tasks of the answer, in order.
    train, test : Tasks
        The training part may lack tasks that it cannot teach.
    problem : Problem
    criterion : Criterion
    """

    def __init__(self, model, names, train, test, problem, criterion):
        self.problem, self.criterion, self.X = problem, criterion, test.X
        self.fits = datafits_of(train.tasks, model.datafit)
        self.tests = [test[name] for name in train.names]
        self.at = [names.index(name) for name in train.names]
        self.spreads = [spread_of(labels) for labels in train]
        self.taught = [labels.n > 0 for labels in train]
        self.n_tasks = len(names)
        self.squared = squared_errors(criterion)

    def __call__(self, point):
        """Error over tasks, and of every task ``(T,)``; NaN where undefined."""
        F = point.outputs(self.X, self.problem.std)
        outcomes, each = [], np.full(self.n_tasks, np.nan)
        for t, labels in enumerate(self.tests):
            if labels.n and self.taught[t]:
                outcomes.append(self._outcome(F, t, labels))
                each[self.at[t]] = self._error(outcomes[-1])
        if self.criterion.overall is not None:
            return self.criterion.error(outcomes), each
        return _mean(each), each

    def _outcome(self, F, t, labels):
        columns, kind = self.problem.outputs.columns(t), labels.task.kind
        output = self.fits[t].answers(F[np.ix_(labels.rows, columns)], kind)
        return Outcome(labels.task, labels.y, output, labels.weight, self.spreads[t])

    def _error(self, said):
        if self.squared and said.task.kind.name == "regression":
            # what the metric does, without its checks: it is called for every point and task
            square = (said.y - said.output) ** 2
            mean = square.mean() if said.weight is None else np.average(square, weights=said.weight)
            return mean / said.spread**2
        metric = self.criterion.of(said.task.kind)
        try:
            return metric.error(said.y, said.output, said.weight, spread=said.spread)
        except Undefined:
            return np.nan


class ByMoments:
    """Measures squared errors of regression tasks from `Moments`, at a cost without n.

    Parameters
    ----------
    train, test : Moments
        The standard deviation of a task's training labels is the unit of its errors.
    problem : Problem
    """

    def __init__(self, train, test, problem):
        self.test, self.std = test, problem.std
        weight = np.maximum(train.weight, np.finfo(np.float64).tiny)
        variance = train.sums.yy / weight
        self.unit = np.where(variance > 0, variance, 1.0)
        self.defined = (train.n_labels > 0) & (test.n_labels > 0)

    def __call__(self, point):
        """Mean error over tasks, and of every task ``(T,)``; NaN where undefined."""
        sums, rows = self.test.sums, point.rows
        W = point.coefficients
        W = W if self.std is None else W / self.std[rows, None]
        G, means = sums.G[:, rows[:, None], rows], sums.x_mean[:, rows]
        GW = G[0] @ W if len(G) == 1 else np.einsum("pjk,kp->jp", G[sums.place], W)
        square = sums.yy - 2 * np.sum(sums.C[:, rows].T * W, axis=0) + np.sum(W * GW, axis=0)
        offset = sums.y_mean - np.sum(means[sums.place].T * W, axis=0) - point.intercept
        weight = np.maximum(self.test.weight, np.finfo(np.float64).tiny)
        mean = np.maximum(square, 0) / weight + offset**2
        each = np.where(self.defined, mean / self.unit, np.nan)
        return _mean(each), each


def _mean(errors):
    """The mean of those that are defined."""
    found = errors[np.isfinite(errors)]
    return float(found.mean()) if len(found) else float("nan")
