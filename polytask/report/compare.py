"""The main job: does learning the tasks together help, which method does it, which tasks gain?"""

import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from polytask import __version__
from polytask.errors import DataError, require
from polytask.report.board import Board
from polytask.report.budget import Deadline
from polytask.report.digest import digest
from polytask.report.gather import gather
from polytask.report.lines import lines
from polytask.report.parallel import Clock, results
from polytask.report.plan import draw
from polytask.report.run import Recipe, run
from polytask.report.select import RULES
from polytask.report.store import Store
from polytask.tasks import Tasks

FORMAT = 1  # of a stored record: another number and old results are done again
PACKAGES = ("numpy", "scipy", "scikit-learn", "joblib")


def compare(
    data,
    models,
    *,
    metric=None,
    folds=5,
    repeats=1,
    splits=None,
    by=None,
    inner=5,
    select="min",
    baseline=None,
    seed=0,
    n_jobs=None,
    minutes=None,
    out=None,
    impute="refuse",
    categories="onehot",
    class_weight=None,
    curve=(),
    progress=None,
    command=None,
    name=None,
):
    """Compare models on the same splits, and say per task who gains and who loses.

    Every model is fitted and scored on every split; its hyperparameters are chosen by inner
    cross-validation on the training rows alone, over the grid that comes with it. A gain is the
    paired difference to the same method fitted per task, where it has such a form, else to
    ``Independent`` of its estimator; the table names it. A model that fails is reported with its
    error, and the others go on.

    Parameters
    ----------
    data : Tasks
    models : dict of name -> Model, or sequence of Model
        Of a sequence, the names are the models' texts.
    metric : str, optional
        The metric that chooses and headlines: of one task (``"auc"``) or over all tasks
        (``"explained_variance_within_task"``). Default: the first of each task's kind.
    folds, repeats : int
        Of repeated cross-validation.
    splits : list of (train, test), optional
        Given splits instead: row numbers or masks.
    by : {"within", "row", "group", "time"}, optional
        How rows are dealt; default: whole groups where the table has groups, else evenly within
        the tasks and their classes. Inner folds are dealt in the same way.
    inner : int or None
        Inner folds. None: models are fitted as they are written, binary labels are cut at 1/2,
        and there is no "best" line.
    select : {"min", "1se"}
        The candidate with the smallest mean error, or the simplest within one standard error.
    baseline : Model or str, optional
        One baseline for all gains: a model, or the name of one of ``models``.
    seed : int
        Of the splits, and of models whose ``random_state`` is None.
    n_jobs : int, optional
        Workers, as in joblib. It never changes a number.
    minutes : float, optional
        Budget. What was not tried by then is listed.
    out : path, optional
        Folder where results are kept as they come. Called again with the same work, what is there
        is not done again.
    impute : {"refuse", "median", "constant"}
        Gaps in inputs.
    categories : {"onehot", "refuse"}
        Inputs that are text.
    class_weight : {"balanced"}, optional
        Weigh the training rows of each task so that its classes weigh the same.
    curve : sequence of floats in (0, 1]
        Shares of the training part to fit on as well: scores against training size.
    progress : callable, optional
        Called with a `Progress` after every piece of work.
    command, name : str, optional
        For the provenance: the command that repeats this, the name of the data.

    Returns
    -------
    Report

    Raises
    ------
    DataError, ParameterError
        What is wrong with the call, before any work.

    Notes
    -----
    An interrupted run (Ctrl-C) keeps what is in ``out``.

    Examples
    --------
    >>> from sklearn.datasets import load_linnerud
    >>> from polytask import Independent, Pooled, Tasks, report
    >>> X, Y = load_linnerud(return_X_y=True)
    >>> found = report.compare(Tasks.from_arrays(X, Y), [Independent(), Pooled()], folds=3)
    >>> [(row["model"], row["baseline"]) for row in found.summary]
    [('Pooled()', 'Independent()')]
    """
    started = datetime.now(UTC)
    recipe = Recipe(metric, select, impute, categories, class_weight)
    _check(data, recipe)
    table = lines(models, baseline=baseline, seed=seed)
    drawn = draw(
        data,
        folds=folds,
        repeats=repeats,
        splits=splits,
        by=by,
        inner=inner,
        seed=seed,
        curve=curve,
    )
    deadline = Deadline.after(minutes)
    checksum = data.checksum()
    records = {}
    for line, at, record in _work(
        data,
        table,
        drawn,
        recipe,
        deadline=deadline,
        store=Store(out),
        checksum=checksum,
        n_jobs=n_jobs,
        progress=progress,
    ):
        records[line.name, at] = record
    protocol = _protocol(
        data, drawn, folds=folds, repeats=repeats, splits=splits, by=by, inner=inner
    )
    board = Board(data, table, drawn, records, recipe.criterion)
    return gather(
        board,
        fallback=_fallback(table),
        recipe={
            "command": command,
            "seed": seed,
            "versions": versions(),
            "data": _provenance(data, name, checksum),
            "protocol": protocol,
            "select": select,
            "metric": board.headline,
            "settings": recipe.asdict(),
            "started": started.isoformat(timespec="seconds"),
            "seconds": (datetime.now(UTC) - started).total_seconds(),
        },
    )


def _check(data, recipe):
    require(
        isinstance(data, Tasks),
        f"compare needs a Tasks. Found {type(data).__name__}. Make one: Tasks.from_frame, "
        "Tasks.from_arrays, Tasks.stack.",
        DataError,
    )
    require(recipe.select in RULES, f"select is 'min' or '1se'. Found {recipe.select!r}.")
    recipe.criterion.refuse_strangers(data.kinds)


def _work(data, table, drawn, recipe, *, deadline, store, checksum, n_jobs, progress):
    """Yield (line, position of the split, record) of everything, first what is there already."""
    pieces = [(line, at) for at in range(len(drawn)) for line in table]
    keys = {(line.name, at): _key(data, line, drawn[at], recipe, checksum) for line, at in pieces}
    kept = {piece: store.get(keys[piece[0].name, piece[1]]) for piece in pieces}
    clock = Clock(len(pieces), sum(record is not None for record in kept.values()))
    tell = progress or (lambda step: None)
    for (line, at), record in kept.items():
        if record is not None:
            tell(clock.tick(line.name, drawn[at].number, "resumed"))
            yield line, at, record
    todo = [piece for piece in pieces if kept[piece] is None]
    jobs = [(data, line.model, drawn[at], recipe, deadline) for line, at in todo]
    for number, record in results(run, jobs, n_jobs=n_jobs):
        line, at = todo[number]
        if record["status"] == "ok":
            record = store.put(keys[line.name, at], record)
        tell(clock.tick(line.name, drawn[at].number, record["status"]))
        yield line, at, record


def _key(data, line, split, recipe, checksum):
    known = data.descriptors
    return digest(
        FORMAT,
        __version__,
        checksum,
        None if known is None else (known.names, known.values),
        line.model,
        (split.number == 0, split.train, split.test, split.inner, split.fraction),
        recipe,
    )


def _fallback(table):
    """The baseline that most gains are measured against; what "best" is compared with."""
    names = [line.baseline for line in table if line.baseline is not None]
    return max(names, key=names.count) if names else None


def _provenance(data, name, checksum):
    return {
        "name": name or "unnamed table",
        "checksum": checksum,
        "rows": data.n_rows,
        "features": data.n_features,
        "tasks": data.n_tasks,
        "labels": int(data.n_labels.sum()),
    }


def _protocol(data, drawn, *, folds, repeats, splits, by, inner):
    number = sum(split.fraction == 1 for split in drawn)
    if splits is not None:
        outer = f"{number} given splits"
    else:
        dealt = by or ("within" if data.groups is None else "group")
        outer = f"{folds}-fold cross-validation by {dealt}, {repeats} x, {number} splits"
    return f"{outer}; inner {inner}-fold cross-validation" if inner else f"{outer}; no inner folds"


def versions():
    """Versions of Python and of the packages that decide numbers."""
    own = {"python": platform.python_version(), "polytask": __version__}
    return own | {name: _version(name) for name in PACKAGES}


def _version(package):
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
