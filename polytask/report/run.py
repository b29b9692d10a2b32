"""One piece of work: one model on one split, from training rows to plain numbers."""

import threading
import time
import warnings
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from polytask.errors import DataError
from polytask.inputs import Encoder
from polytask.report.budget import OutOfTime
from polytask.report.criterion import Criterion, measure_overall
from polytask.report.features import linear_view
from polytask.report.metrics import MEAN, OVERALL, Undefined
from polytask.report.outcome import outcomes
from polytask.report.select import search
from polytask.report.threshold import thresholds
from polytask.report.weights import weigh_classes


@dataclass(frozen=True)
class Recipe:
    """Every setting that decides numbers, apart from data, model and split."""

    metric: str | None = None
    select: str = "min"
    impute: str = "refuse"
    categories: str = "onehot"
    class_weight: str | None = None

    @property
    def criterion(self):
        """What "better" means."""
        return Criterion(self.metric)

    def asdict(self):
        """The settings as a plain dict."""
        return asdict(self)


def run(data, model, split, recipe, deadline):
    """A plain record of one model on one split; an error is part of it, and stops nothing.

    Parameters
    ----------
    data : Tasks
    model : Model, not fitted
    split : Split
    recipe : Recipe
    deadline : Deadline
        Work that is not done by then is given up: status ``"not tried"``.

    Returns
    -------
    dict
        ``status`` is "ok", "failed" or "not tried"; see `fitted` for the rest.
    """
    start = time.perf_counter()
    try:
        # one thread per worker: more would fight for the cores, and another number of threads
        # sums in another order, so that n_jobs would change the last digits
        with threadpool_limits(1), heard() as warned:
            record = fitted(data, model, split, recipe, deadline)
        record |= {"status": "ok", "error": None, "warnings": warned()}
    except OutOfTime:
        record = {"status": "not tried", "error": None}
    except Exception as error:
        record = {"status": "failed", "error": f"{type(error).__name__}: {error}"}
    return record | {"seconds": time.perf_counter() - start}


@contextmanager
def heard():
    """Warnings of a fit as lines of the report, not on the screen of every worker."""
    if threading.current_thread() is not threading.main_thread():
        # the list of filters belongs to the process: a thread must not swap it
        yield list
        return
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield lambda: sorted({f"{w.category.__name__}: {w.message}" for w in caught})


def fitted(data, model, split, recipe, deadline):
    """Search, fit and score one model on one split; everything it finds, as a dict."""
    deadline.check()
    train, test, lacking = parts(data, split.train, split.test, recipe)
    # without inner folds there is nothing to choose by: the model is fitted as it is written
    candidates = [dict(candidate) for candidate in model.grid(train)] if split.inner else [{}]
    found = _search(data.take(split.train), model, candidates, split, recipe, deadline)
    index = found.choice.index if found else 0
    best = next(iter(model.fit_path(train, [candidates[index]])))
    deadline.check()
    said = outcomes(best, test, train)
    names = sorted({m.name for o in said for m in recipe.criterion.judged(o.task.kind)})
    at = thresholds(found.held_out, names) if found else {}
    scores = [row for one in said for row in task_scores(one, recipe.criterion, at)]
    first = split.number == 0 and split.fraction == 1
    return {
        "scores": scores,
        "overall": overall_scores(said, scores),
        "headline_error": recipe.criterion.error(said),
        "candidates": _candidates(candidates, found),
        "chosen": index,
        "inner_error": found.choice.mean[index] if found else None,
        "lacking": lacking,
        "relation": relation(best) if first else None,
        "features": linear_view(best, train) if first else None,
    }


def parts(data, train_rows, test_rows, recipe):
    """Training and test table made ready, and ``{task: reason}`` of the tasks left out of both.

    Everything that is learnt from rows (levels, medians, class weights) is learnt from the
    training rows.
    """
    train, test = data.take(train_rows), data.take(test_rows)
    lacking = {one.task.name: reason for one in train if (reason := lacks(one))}
    names = [name for name in data.names if name not in lacking]
    if not names:
        raise DataError(
            "A training part needs labels of one task or more. Found "
            f"{len(lacking)} tasks that cannot be learnt: {next(iter(lacking.values()))}. "
            "Use fewer folds."
        )
    if lacking:
        train, test = train.keep(*names), test.keep(*names)
    encoder = Encoder(impute=recipe.impute, categories=recipe.categories).fit(train)
    train = weigh_classes(encoder.transform(train), recipe.class_weight)
    return train, encoder.transform(test), lacking


def lacks(labels):
    """Why a task cannot be learnt from these training labels; "" where it can."""
    if not labels.n:
        return "no label in the training part"
    if labels.task.kind.classes is not None and np.all(labels.y == labels.y[0]):
        return "one class only in the training part"
    return ""


def _search(rows, model, candidates, split, recipe, deadline):
    if not split.inner:
        return None
    fits = (_inner_fits(rows, model, candidates, fold, recipe, deadline) for fold in split.inner)
    return search(fits, len(candidates), criterion=recipe.criterion, rule=recipe.select)


def _inner_fits(rows, model, candidates, fold, recipe, deadline):
    inside, outside = fold
    train, test, _ = parts(rows, inside, outside, recipe)

    def models():
        for one in model.fit_path(train, candidates):
            deadline.check()
            yield one

    return models(), train, test


def task_scores(outcome, criterion, at):
    """Rows of scores of one task: ``task, metric, value, n, note``, the primary metric first."""
    rows = []
    for metric in criterion.judged(outcome.task.kind):
        threshold = at.get((outcome.task.name, metric.name), 0.5)
        value, note = outcome.measure(metric, threshold=threshold)
        if metric.takes == "label" and outcome.task.kind.name == "binary":
            note = note or f"threshold {threshold:.3g}"
        row = {"task": outcome.task.name, "metric": metric.name, "value": value}
        rows.append(row | {"n": outcome.n, "note": note})
    return rows


def overall_scores(said, scores):
    """Rows ``metric, value`` over all tasks: the sums first, then the means over tasks."""
    numbers = [o for o in said if o.task.kind.name == "regression"]
    rows = [{"metric": m.name, "value": _overall(m, numbers)} for m in OVERALL.values() if numbers]
    for name in dict.fromkeys(row["metric"] for row in scores):
        values = [r["value"] for r in scores if r["metric"] == name and r["value"] is not None]
        mean = float(np.mean(values)) if values else None
        rows.append({"metric": MEAN + name, "value": mean})
    return rows


def _overall(metric, numbers):
    try:
        return measure_overall(metric, numbers)
    except Undefined:
        return None


def _candidates(candidates, found):
    mean = found.choice.mean if found else [None] * len(candidates)
    se = found.choice.se if found else [None] * len(candidates)
    return [
        {"params": text_of(params), "mean": m, "se": s}
        for params, m, s in zip(candidates, mean, se, strict=True)
    ]


def text_of(params):
    """The parameters of a candidate as one line.

    Examples
    --------
    >>> text_of({"penalty__alpha": 0.1})
    'penalty__alpha=0.1'
    """
    return ", ".join(f"{key}={value!r}" for key, value in params.items())


def relation(model):
    """The relation a fitted model found, as a plain dict; None where it has none."""
    found = getattr(model, "relation_", None)
    if found is None:
        return None
    return {"names": list(found.names), "matrix": found.matrix.tolist(), "meaning": found.meaning}
