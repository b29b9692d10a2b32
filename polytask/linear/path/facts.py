"""What information criteria need to know of a path."""

import numpy as np

from polytask.linear.build import weights
from polytask.linear.datafits_of import datafits_of
from polytask.linear.path.criteria import Facts, log_choices
from polytask.linear.path.points import losses
from polytask.linear.penalties import L1, ElasticNet, NoPenalty, TaskwiseGroupLasso
from polytask.linear.solvers import Direct

# Penalties under which every output chooses features for itself.
EACH_ALONE = (L1, ElasticNet, TaskwiseGroupLasso)


def facts(path):
    """The `Facts` of a `LinearPath`."""
    names = tuple(fit.name for fit in datafits_of(path.data.tasks, path.model.datafit))
    squared = np.array([name == "squared" for name in names])
    found = np.array([point.losses for point in path.points])
    return Facts(_unit(path) * found, _size(path), squared, path.df, _doubt(path), names)


def least_squares_noise(path):
    """Residual variances of least squares ``(T,)``; None where labels are too few."""
    free = _size(path) - path.data.n_features - bool(path.model.fit_intercept)
    if path.problem.losses != {"squared"} or np.any(free <= 0):
        return None
    found = Direct().solve(path.problem, NoPenalty())
    return _unit(path) * losses(path.problem, found.W) / free


def _size(path):
    """Labels of every task ``(T,)``; weights count as repeated rows."""
    return np.array([labels.w.sum() for labels in path.data])


def _unit(path):
    """Deviance of a task over its loss in the objective ``(T,)``."""
    # the objective weighs the labels of a task so that they sum to its share
    share = np.array([a.sum() for a in weights(path.data, path.model.task_weight)])
    return np.divide(2 * _size(path), share, out=np.zeros_like(share), where=share > 0)


def _doubt(path):
    """Logarithm of the number of supports of every point's size ``(K,)``."""
    d = path.data.n_features
    if not isinstance(path.points[0].paid, EACH_ALONE):
        return log_choices(d, np.array([len(point.rows) for point in path.points]))
    each = np.array([np.count_nonzero(point.coefficients, axis=0) for point in path.points])
    return log_choices(d, each).sum(axis=1)
