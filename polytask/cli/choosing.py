"""Strengths by inner cross-validation over a whole table, as inside a comparison."""

from sklearn.base import clone

from polytask.report.criterion import Criterion
from polytask.report.lines import seeded
from polytask.report.plan import inner_folds
from polytask.report.run import lacks
from polytask.report.select import search


def choose(model, data, args):
    """The model with the candidate of its grid that inner cross-validation prefers.

    Parameters
    ----------
    model : Model
    data : Tasks
    args : arguments of `words.add_search`
        With ``inner == 0`` the model stays as it is written.

    Returns
    -------
    model : Model, not fitted
    params : dict
        What was chosen; empty where there was nothing to choose.
    """
    model = seeded(model, type(model).__name__, args.seed)
    candidates = [dict(candidate) for candidate in model.grid(data)] if args.inner else [{}]
    if len(candidates) < 2:
        return model.set_params(**candidates[0]), candidates[0]
    criterion = Criterion(args.metric)
    criterion.refuse_strangers(data.kinds)
    by = args.split_by or ("time" if data.time is not None else None)
    folds = inner_folds(data, args.inner, by=by, seed=args.seed)
    fits = (_fits(model, data, fold, candidates) for fold in folds)
    found = search(fits, len(candidates), criterion=criterion, rule=args.select)
    params = candidates[found.choice.index]
    return clone(model).set_params(**params), params


def _fits(model, data, fold, candidates):
    train, test = (data.take(rows) for rows in fold)
    names = [one.task.name for one in train if not lacks(one)]
    train, test = train.keep(*names), test.keep(*names)
    return model.fit_path(train, candidates), train, test
