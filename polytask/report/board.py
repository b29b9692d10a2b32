"""All records of a comparison, and the questions that its tables ask of them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from polytask.report.criterion import Criterion
from polytask.report.metrics import MEAN, METRICS, OVERALL
from polytask.tasks import Tasks


@dataclass(frozen=True, eq=False)
class Board:
    """What every model said on every split.

    Parameters
    ----------
    data : Tasks
    lines : list of Line
    splits : list of Split
        Those of a curve of training sizes among them.
    records : dict of (line name, position in ``splits``) -> dict
        As `run` makes them; a piece that was not tried may be absent.
    criterion : Criterion
    """

    data: Tasks
    lines: list
    splits: list
    records: dict
    criterion: Criterion

    @property
    def whole(self):
        """Positions of the splits with their whole training part."""
        return [i for i, split in enumerate(self.splits) if split.fraction == 1]

    def ok(self, name, at):
        """The record of a model on the split at this position, or None if it has no scores."""
        record = self.records.get((name, at))
        return record if record and record["status"] == "ok" else None

    def values(self, name, task):
        """The primary metric of a task per whole split ``(J,)``; NaN where undefined or absent."""
        key = task, self.metric_of(task).name
        found = [self._tables.get((name, at), {}).get(key) for at in self.whole]
        return np.array([np.nan if value is None else value for value in found])

    @cached_property
    def _tables(self):
        """Per record, its scores by task and metric."""
        return {
            key: {(row["task"], row["metric"]): row["value"] for row in record["scores"]}
            for key, record in self.records.items()
            if record["status"] == "ok"
        }

    def metric_of(self, task):
        """The primary metric of a task."""
        return self.criterion.of(self.data[task].task.kind)

    @property
    def headline(self):
        """Name of the metric that sums up a model: over all tasks, or the mean of one per task.

        Where kinds with metrics of their own are mixed, it is ``"mean_error"``: the mean over the
        tasks of errors without unit.
        """
        if self.criterion.overall:
            return self.criterion.overall.name
        names = {self.metric_of(task).name for task in self.data.names}
        return MEAN + names.pop() if len(names) == 1 else MEAN + "error"

    @property
    def headline_sign(self):
        """1 where a larger headline is better, else -1."""
        if self.criterion.overall:
            return 1 if self.criterion.overall.greater_is_better else -1
        metric = METRICS.get(self.headline.removeprefix(MEAN))
        return 1 if metric and metric.greater_is_better else -1

    def headline_at(self, name, at):
        """The headline of a model on the split at this position; NaN where there is none."""
        record = self.ok(name, at)
        if record is None:
            return np.nan
        if self.headline == MEAN + "error":
            value = record["headline_error"]
        else:
            rows = {row["metric"]: row["value"] for row in record["overall"]}
            value = rows.get(self.headline)
        return np.nan if value is None else value

    def headlines(self, name):
        """The headline per whole split ``(J,)``."""
        return np.array([self.headline_at(name, at) for at in self.whole])

    def counts(self, task, at):
        """Training and test labels of a task on the whole split at this position."""
        return tuple(self._counts[self.whole.index(at), self.data.names.index(task)].tolist())

    @cached_property
    def _counts(self):
        """Training and test labels ``(J, T, 2)`` of every task on every whole split."""
        out = np.zeros((len(self.whole), self.data.n_tasks, 2), dtype=np.int64)
        for j, at in enumerate(self.whole):
            for side, rows in enumerate((self.splits[at].train, self.splits[at].test)):
                here = np.zeros(self.data.n_rows, dtype=bool)
                here[rows] = True
                out[j, :, side] = [here[labels.rows].sum() for labels in self.data]
        return out

    def share(self, task=None):
        """``n_test / n_train`` per whole split ``(J,)``, of one task's labels or of all."""
        tasks = slice(None) if task is None else [self.data.names.index(task)]
        train, test = self._counts[:, tasks].sum(axis=1).T
        return test / np.maximum(train, 1)


def describe_metrics(board):
    """``name, better, text`` of every metric that has a value somewhere in a report."""
    used = {row["metric"] for r in board.records.values() for row in r.get("scores", ())}
    over = {row["metric"] for r in board.records.values() for row in r.get("overall", ())}
    rows = [_described(METRICS[name]) for name in METRICS if name in used]
    rows += [_described(OVERALL[name]) for name in OVERALL if name in over]
    for name in (n for n in METRICS if MEAN + n in over):
        metric = METRICS[name]
        text = f"mean over the tasks: {metric.text}"
        rows.append({"name": MEAN + name, "better": metric.better, "text": text})
    if board.headline == MEAN + "error":
        text = "mean over the tasks of errors without unit"
        rows.append({"name": board.headline, "better": "lower", "text": text})
    return rows


def _described(metric):
    return {"name": metric.name, "better": metric.better, "text": metric.text}
