"""Learning to learn: a new task, with what the old ones shared held fixed."""

import numpy as np
from sklearn.base import clone

from polytask.errors import TaskError, require
from polytask.linear.datafits_of import datafits_of
from polytask.linear.outputs import Outputs
from polytask.linear.penalties import L2
from polytask.linear.problem import Problem
from polytask.linear.relation import similarity
from polytask.linear.solvers import automatic
from polytask.linear.table_part import TablePart
from polytask.linear.task_weights import weights
from polytask.tasks import Tasks


def newcomer(model, X, y, sample_weight):
    """A model like ``model`` for one new task: ridge regression around what was learned.

    With ``w = center + factor v`` the new task is a ridge problem in v on the inputs
    ``X factor``, whose outputs start from ``X center``.
    """
    data = X if isinstance(X, Tasks) else _table(model, X, y, sample_weight)
    require(
        data.n_tasks == 1, f"adapt takes one new task at a time. Found {data.n_tasks}.", TaskError
    )
    datafit = _datafit(model, data.tasks[0])
    new = clone(model).set_params(task_column=None, datafit=datafit)
    new._form, new.n_features_in_ = "one", model.n_features_in_
    if hasattr(model, "feature_names_in_"):
        new.feature_names_in_ = model.feature_names_in_
    new.tasks_, new.task_names_ = data.tasks, data.names
    if hasattr(model, "classes_"):
        new.classes_ = np.asarray(data.tasks[0].kind.classes)
    _learn(new, model, data)
    return new


def _table(model, X, y, sample_weight):
    kinds = {task.kind for task in model.tasks_}
    kind = next(iter(kinds)) if len(kinds) == 1 else model._bare_kind
    return Tasks.from_arrays(model._inputs(X), y, weight=sample_weight, kinds=kind)


def _datafit(old, task):
    """The loss of a new task: where old tasks have their own, what those of its kind agree on."""
    if not isinstance(old.datafit, dict):
        return old.datafit
    fits = zip(old.tasks_, datafits_of(old.tasks_, old.datafit))
    alike = {fit for one, fit in fits if one.kind == task.kind}
    return alike.pop() if len(alike) == 1 else "auto"


def _learn(new, old, data):
    fits = datafits_of(data.tasks, new.datafit)
    outputs = Outputs.of(data.tasks, fits)
    center, factor, penalty = _prior(old, data.tasks[0], len(outputs.task))
    problem = _problem(data, fits[0], outputs, center, factor, bool(new.fit_intercept))
    solved = automatic(problem, penalty).solve(problem, penalty, tol=new.tol, max_iter=new.max_iter)
    new.coef_ = (center + factor @ solved.W).T
    new.intercept_, new.outputs_ = solved.intercept, outputs.names
    new.solution_, new.penalty_, new.scale_ = solved, old.penalty_, old.scale_
    new.objective_, new.dual_gap_ = solved.objective, solved.gap
    new.n_iter_ = max(1, solved.iterations)
    new.relation_ = similarity(new.coef_, outputs, data.names)


def _prior(old, task, width):
    """What was learned, in the units of the inputs: center ``(d, width)``, factor, price."""
    fits = datafits_of(old.tasks_, old.datafit)
    like = Outputs.of(old.tasks_, fits).like(task, width)
    frozen = old.penalty_.frozen(old.coef_.T * old.scale_[:, None], like)
    factor = np.eye(old.n_features_in_) if frozen.factor is None else frozen.factor
    price = L2(frozen.alpha) if frozen.price is None else frozen.price
    return frozen.center / old.scale_[:, None], factor / old.scale_[:, None], price


def _problem(data, fit, outputs, center, factor, fit_intercept):
    """The rows of the new task as a problem in v; what is known already is an offset."""
    X, y, _ = data.table(data.names[0])
    columns = np.arange(len(outputs.task))
    part = TablePart(
        columns,
        np.asarray(X @ factor),
        fit.targets(y, data.kinds[0]),
        weights(data, "equal")[0][:, None],
        [(fit, columns)],
        std=None,
        fit_intercept=fit_intercept,
        offset=np.asarray(X @ center),
    )
    return Problem((part,), outputs, factor.shape[1])
