"""Reading the candidates of a search: which parameter varies, and where each candidate stands."""

import ast
from collections import Counter
from dataclasses import dataclass

import numpy as np

from polytask.report.render import lookup


@dataclass(frozen=True)
class Candidate:
    """One place of the grid. A grid may depend on the training rows, so values differ by split."""

    x: float  # what varies most, its geometric mean over splits; or the place in the grid
    series: str  # what else varies, as text; empty where nothing does
    mean: float | None
    se: float | None
    votes: int  # splits that chose it
    text: str
    by_split: tuple  # (x, mean) of every split


@dataclass(frozen=True)
class Grid:
    """The candidates of one model in the order of its grid."""

    axis: str  # name of the parameter on the axis; empty where no single one can be
    candidates: tuple
    splits: int

    @property
    def series(self):
        return tuple(dict.fromkeys(one.series for one in self.candidates))


def read(rows):
    """The grid behind the records of one model in `Report.paths`."""
    splits: dict[int, list] = {}
    for row in rows:
        splits.setdefault(row["split"], []).append(row)
    places = [list(column) for column in zip(*splits.values())]  # as far as every split reaches
    first = [leaves(column[0]["params"]) for column in places]
    names = _varying(first)
    axis = next((name for name in names if _positive(places, name)), "")
    others = [name for name in names if name != axis]
    found = tuple(_candidate(column, i, axis, others=others) for i, column in enumerate(places))
    return Grid(axis, found, len(splits))


def leaves(params):
    """The plain values in the text of a candidate, by their path.

    >>> leaves("penalty=Split(shared=L21(alpha=0.1), own=L1(alpha=2))")
    {'penalty.shared.alpha': 0.1, 'penalty.own.alpha': 2}
    """
    try:
        call = ast.parse(f"dict({params})", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    return dict(_leaves(call, ""))


def _leaves(call, path):
    for keyword in getattr(call, "keywords", ()):
        name = f"{path}{keyword.arg}"
        if isinstance(keyword.value, ast.Call):
            yield from _leaves(keyword.value, f"{name}.")
        elif isinstance(keyword.value, ast.Constant):
            yield name, keyword.value.value


def _varying(found):
    """Names of the leaves with more than one value, the one with the most values first."""
    names = dict.fromkeys(name for one in found for name in one)
    counts = {name: len({repr(one.get(name)) for one in found}) for name in names}
    return sorted((n for n in names if counts[n] > 1), key=lambda n: -counts[n])


def _positive(places, name):
    values = [leaves(row["params"]).get(name) for column in places for row in column]
    return all(type(value) in (int, float) and value > 0 for value in values)


def _candidate(column, place, axis, *, others):
    found = [leaves(row["params"]) for row in column]
    xs = [one[axis] if axis else place for one in found]
    return Candidate(
        x=float(np.exp(np.mean(np.log(xs)))) if axis else place,
        series=", ".join(f"{_last(name)}={found[0].get(name)}" for name in others) if axis else "",
        mean=lookup.mean(row["mean"] for row in column),
        se=lookup.mean(row["se"] for row in column),
        votes=Counter(bool(row.get("chosen")) for row in column)[True],
        text=column[0]["params"],
        by_split=tuple((x, row["mean"]) for x, row in zip(xs, column)),
    )


def _last(name):
    return name.rpartition(".")[2]
