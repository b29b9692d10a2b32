"""Scores of one fitted model: one line per task and metric."""

from dataclasses import dataclass

from polytask.errors import TaskError, require
from polytask.report.criterion import Criterion
from polytask.report.metrics import OVERALL, of_kind
from polytask.report.metrics import metric as metric_named
from polytask.report.outcome import outcomes
from polytask.report.run import overall_scores


@dataclass(frozen=True)
class Scores:
    """The scores of a model on a test part.

    Attributes
    ----------
    rows : tuple of dict
        ``task, metric, value, n, note``; ``value`` is None where it is undefined, ``note`` says
        why, ``n`` is the number of labels used.
    overall : tuple of dict
        ``metric, value`` over all tasks.

    Examples
    --------
    >>> row = {"task": "maths", "metric": "auc", "value": None, "n": 3, "note": "one class only"}
    >>> print(Scores((row,), ()))
    maths  auc  undefined (one class only)  3 labels
    """

    rows: tuple
    overall: tuple

    def __getitem__(self, key):
        """The value of ``task, metric``, or of a metric over all tasks."""
        name = (None, key) if isinstance(key, str) else tuple(key)
        for row in (*self.rows, *self.overall):
            if (row.get("task"), row["metric"]) == name:
                return row["value"]
        raise TaskError(f"No score {key!r}. Known: {self._known()}.")

    def _known(self):
        pairs = [(row["task"], row["metric"]) for row in self.rows[:6]]
        return ", ".join(map(repr, [*pairs, *[row["metric"] for row in self.overall]]))

    def __str__(self):
        cells = [(r["task"], r["metric"], _number(r), f"{r['n']} labels") for r in self.rows]
        cells += [("all tasks", r["metric"], _number(r | {"note": ""}), "") for r in self.overall]
        width = [max(len(cell[i]) for cell in cells) for i in range(3)]
        return "\n".join(
            f"{a:<{width[0]}}  {b:<{width[1]}}  {c:>{width[2]}}  {d}".rstrip()
            for a, b, c, d in cells
        )


def _number(row):
    if row["value"] is None:
        return f"undefined ({row['note']})" if row["note"] else "undefined"
    return f"{row['value']:.4g}"


def evaluate(model, test, *, metrics=None):
    """Score a fitted model on the tasks of a test part that it knows.

    Parameters
    ----------
    model : Model, fitted
    test : Tasks
        May lack tasks of the training part.
    metrics : sequence of str, optional
        Of one task or over all tasks; default: those of each task's kind, and all of the latter.

    Returns
    -------
    Scores
        Prints one line per task and metric.

    Raises
    ------
    TaskError
        If no task of the test part has a label and is known to the model.

    Examples
    --------
    >>> from sklearn.datasets import load_linnerud
    >>> from polytask import Independent, Tasks, report
    >>> X, Y = load_linnerud(return_X_y=True)
    >>> train, test = Tasks.from_arrays(X, Y, names=["weight", "waist", "pulse"]).split(seed=0)
    >>> print(report.evaluate(Independent().fit(train), test, metrics=["rmse"]))
    weight     rmse       29.07  5 labels
    waist      rmse       3.659  5 labels
    pulse      rmse       11.49  5 labels
    all tasks  mean_rmse  14.74
    """
    said = outcomes(model, test)
    require(
        bool(said),
        f"evaluate needs labels of a task that the model knows: {list(model.task_names_)[:8]}. "
        f"Found the tasks {list(test.names)[:8]}.",
        TaskError,
    )
    rows = [row for one in said for row in _scores(one, metrics)]
    overall = overall_scores(said, rows)
    if metrics is not None:
        overall = [r for r in overall if r["metric"] in metrics or r["metric"] not in OVERALL]
    return Scores(tuple(rows), tuple(overall))


def _scores(outcome, metrics):
    kind = outcome.task.kind
    if metrics is None:
        chosen = Criterion().judged(kind)
    else:
        wanted = [metric_named(name) for name in metrics if name not in OVERALL]
        chosen = [m for m in of_kind(kind) if m in wanted]
    for metric in chosen:
        value, note = outcome.measure(metric)
        row = {"task": outcome.task.name, "metric": metric.name, "value": value}
        yield row | {"n": outcome.n, "note": note}
