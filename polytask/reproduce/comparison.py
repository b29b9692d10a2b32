"""Tables of methods on given splits: what most linear papers have."""

from abc import abstractmethod
from dataclasses import replace
from functools import partial
from typing import ClassVar

from polytask.report.budget import Deadline
from polytask.report.plan import draw
from polytask.report.run import Recipe, run
from polytask.reproduce.base import Piece, Reproduction
from polytask.reproduce.row import Row

KEPT = ("status", "error", "seconds", "overall", "warnings")  # of a record of a comparison


class Comparison(Reproduction):
    """Methods on the same splits, each tuned by inner cross-validation on training rows.

    A subclass writes `data`, `splits`, `models` and `rows`; a piece is one model on one split.

    Attributes
    ----------
    criterion : str
        The metric that chooses; see `report.compare`.
    inner : int
        Inner folds, dealt within the tasks. A method with nothing to choose needs none.
    kept : tuple of str
        What stays of the record of a piece.
    """

    criterion: ClassVar[str]
    inner: ClassVar[int] = 5
    kept: ClassVar[tuple] = KEPT

    @abstractmethod
    def data(self):
        """The table, as `Tasks`."""

    @abstractmethod
    def splits(self, data, quick):
        """``{name: (training rows, test rows)}``; the quick ones are the first of the full ones."""

    @abstractmethod
    def models(self):
        """``{name: Model}``, not fitted."""

    def pieces(self, quick):
        """One per model and split."""
        data, models = self.data(), self.models()
        named = self.splits(data, quick)
        drawn = draw(data, splits=list(named.values()), inner=self.inner, by="within", seed=0)
        checksum = data.checksum()
        return [
            Piece(
                f"{method} | {name}",
                (checksum, model, split.train, split.test, split.inner, self.criterion),
                partial(_judged, data, model, split, Recipe(self.criterion), self.kept),
            )
            for name, split in zip(named, drawn, strict=True)
            for method, model in models.items()
        ]

    @staticmethod
    def values(records, method, metric, *, among="", factor=1.0):
        """``factor`` times a metric over all tasks, for every split whose name starts so."""
        found = []
        for name, record in records.items():
            if name.startswith(f"{method} | {among}"):
                overall = {row["metric"]: row["value"] for row in record.get("overall", ())}
                value = overall.get(metric)
                found.append(None if value is None else factor * value)
        return tuple(found)


def difference(better, worse, **facts):
    """The row of the paired differences of two rows, split by split.

    Parameters
    ----------
    better, worse : Row
    facts
        ``published`` and ``gate`` of the new row.
    """
    values = tuple(
        None if a is None or b is None else a - b
        for a, b in zip(better.values, worse.values, strict=True)
    )
    published = None
    if better.published is not None and worse.published is not None:
        published = round(better.published - worse.published, 6)
    name = f"{better.name} - {worse.name}"
    return Row(
        name,
        f"{better.method} - {worse.method}",
        better.metric,
        better.unit,
        values,
        **({"published": published, "test_share": better.test_share} | facts),
    )


def _judged(data, model, split, recipe, names=KEPT):
    """The record of one model on one split, cut down to what a table needs."""
    candidates = model.grid(data.take(split.train))
    # where there is nothing to choose, inner fits would only take time
    split = split if len(candidates) > 1 else replace(split, inner=())
    record = run(data, model, split, recipe, Deadline())
    kept = {key: record[key] for key in names if key in record}
    if record["status"] == "ok":
        kept["chosen"] = record["candidates"][record["chosen"]]["params"]
    return kept
