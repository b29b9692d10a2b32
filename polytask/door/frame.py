"""Tables from data frames (pandas, polars, Arrow), wide or long."""

import sys
from dataclasses import dataclass

import narwhals.stable.v2 as nw
import numpy as np

from polytask.door.checks import empty_tasks, finite_inputs, no_twins, weights
from polytask.door.columns import input_column, plain
from polytask.door.of import as_names, ordered
from polytask.errors import DataError, require
from polytask.kinds.base import missing
from polytask.kinds.infer import resolve
from polytask.labels import Labels
from polytask.task import Task
from polytask.tasks import Tasks


@dataclass(frozen=True)
class Roles:
    """Which column is what; the rest are inputs."""

    targets: tuple
    by: str | None = None
    row: str | None = None
    group: str | None = None
    time: str | None = None
    weight: str | None = None
    drop: tuple = ()

    @property
    def named(self):
        """Every column that is not an input."""
        single = (self.by, self.row, self.group, self.time, self.weight)
        return (*self.targets, *self.drop, *(name for name in single if name is not None))


def from_frame(
    frame,
    targets,
    *,
    inputs=None,
    by=None,
    row=None,
    group=None,
    time=None,
    weight=None,
    kinds=None,
    drop=(),
    gaps="refuse",
    max_levels=50,
    allow_empty=False,
    verbose=True,
):
    """A table from a data frame, wide (a column per task) or long (a column that names the task).

    Parameters
    ----------
    frame : pandas, polars or Arrow table
    targets : sequence of str
        Label columns; gaps are missing labels.
    inputs : sequence of str, optional
        Default: every column that is not named otherwise.
    by : str, optional
        Long form: the column with the name of the task of a line. With several targets the tasks
        are called ``name/target``.
    row : str, optional
        Row key: lines with the same key are one row, and must agree on the inputs.
    group, time, weight : str, optional
        Columns for splits and for the weight of a line.
    kinds : dict of column (or task) name -> kind, optional
        Default: text, bool and categories are classes, exactly {0, 1} is binary, other numbers are
        regression.
    drop : sequence of str
        Columns to leave out.
    gaps : {"refuse", "keep"}
        What happens with gaps in inputs; kept ones are for `polytask.inputs.Encoder`.
    max_levels : int
        Text inputs with more levels are refused.
    allow_empty : bool
        Whether a task without a label may pass.
    verbose : bool
        Say on the standard error stream what was taken as input and as label.

    Returns
    -------
    Tasks

    Raises
    ------
    DataError
        Naming the column: unknown, double, with gaps, with too many levels, constant key conflicts.

    Examples
    --------
    >>> import pandas as pd
    >>> pupils = pd.DataFrame({"age": [9, 10], "maths": [3.5, None], "sport": [1, 2]})
    >>> from_frame(pupils, ["maths", "sport"], verbose=False)
    Tasks: 2 rows, 1 inputs, 2 tasks
      maths: regression, labels 1 of 2 (50%)
      sport: regression, labels 2 of 2 (100%)
    """
    require(gaps in ("refuse", "keep"), f"gaps is 'refuse' or 'keep'. Found {gaps!r}.")
    # twins first: data-frame libraries fail on them with words of their own
    no_twins([str(c) for c in getattr(frame, "columns", ()) if isinstance(c, str)], "columns")
    table = nw.from_native(frame, eager_only=True)
    targets = (targets,) if isinstance(targets, str) else tuple(targets)
    roles = Roles(targets, by, row, group, time, weight, tuple(drop))
    names = _input_names(table, roles, inputs)
    require(len(table) > 0, "The table needs rows. Found 0 rows under its header.", DataError)
    first, place = _rows(table, roles)
    columns = [input_column(table[name], name, gaps, max_levels) for name in names]
    X = np.column_stack([codes for _, codes in columns]) if columns else np.zeros((len(table), 0))
    _same_inputs(X, first, place, names, table, roles)
    finite_inputs(X, names)
    labels = _labels(table, roles, kinds or {}, first, place)
    empty_tasks(labels, allow_empty)
    out = Tasks(
        X[first],
        labels,
        inputs=[column for column, _ in columns],
        groups=None if group is None else plain(table[group])[first],
        time=None if time is None else plain(table[time])[first],
    )
    if verbose:
        _say(out)
    return out


def _input_names(table, roles, inputs):
    columns = list(table.columns)
    wanted = (*roles.named, *(inputs or ()))
    unknown = [name for name in wanted if name not in columns]
    require(
        not unknown,
        f"Unknown columns {unknown[:5]}. The table has: {columns[:12]}"
        + (f" and {len(columns) - 12} more." if len(columns) > 12 else "."),
        DataError,
    )
    require(roles.targets, "Name at least one label column in targets. Found none.", DataError)
    both = sorted(set(inputs or ()) & set(roles.named))
    require(not both, f"Columns {both} are named as inputs and as something else.", DataError)
    names = list(inputs) if inputs is not None else [c for c in columns if c not in roles.named]
    require(names, "The table needs an input column. Found only labels and keys.", DataError)
    return names


def _rows(table, roles):
    """First line of every row, and the row of every line."""
    n = len(table)
    if roles.row is None:
        return np.arange(n), np.arange(n)
    keys = as_names(plain(table[roles.row]))
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return first[order], rank[inverse]


def _same_inputs(X, first, place, names, table, roles):
    if roles.row is None:
        return
    base = X[first][place]
    differs = ~((base == X) | (np.isnan(base) & np.isnan(X)))
    if differs.any():
        line, column = np.argwhere(differs)[0]
        key = table[roles.row][int(line)]
        raise DataError(
            f"Lines of row {roles.row}={key} must agree on the inputs. Found two values of "
            f"{names[column]!r}. Drop that column, or leave out row={roles.row!r}."
        )


def _labels(table, roles, kinds, first, place):
    weight = None if roles.weight is None else plain(table[roles.weight]).astype(np.float64)
    weight = weights(weight, len(table), 1)[0]
    lines = {"": np.arange(len(table))}
    if roles.by is not None:
        column = plain(table[roles.by])
        gap = missing(column)
        require(
            not gap.any(),
            f"Column {roles.by!r} names the task of every line. Found {int(gap.sum())} gaps. "
            "Fill or drop those lines.",
            DataError,
        )
        names = as_names(column)
        lines = {name: np.flatnonzero(names == name) for name in ordered(names)}
    out = []
    for by, at in lines.items():
        for target in roles.targets:
            name = (
                target if roles.by is None else by if len(roles.targets) == 1 else f"{by}/{target}"
            )
            values = plain(table[target])
            wanted = kinds.get(name, kinds.get(target, "named"))
            kind = resolve(wanted, values, name if roles.by is None else target)
            codes = kind.encode(values[at], name)
            one = Labels.of(Task(name, kind), codes, None if weight is None else weight[at], at)
            out.append(_onto_rows(one, place, roles))
    return out


def _onto_rows(one, place, roles):
    rows = place[one.rows]
    order = np.argsort(rows, kind="stable")
    twice = np.flatnonzero(np.diff(rows[order]) == 0)
    require(
        not len(twice),
        f"A row carries one label per task. Found two labels of task {one.task.name!r} with the "
        f"same {roles.row!r}. Average them, or leave out row={roles.row!r}.",
        DataError,
    )
    return one.pick(order).moved(rows[order])


def _say(data):
    inputs = ", ".join(c.name + ("*" if c.levels else "") for c in data.inputs[:12])
    more = f", ... ({data.n_features} in all)" if data.n_features > 12 else ""
    star = "  (* text, categories)" if any(c.levels for c in data.inputs) else ""
    kinds = ", ".join(f"{one.task.name} ({one.task.kind.name})" for one in list(data)[:8])
    rest = f", ... ({data.n_tasks} in all)" if data.n_tasks > 8 else ""
    sys.stderr.write(f"inputs: {inputs}{more}{star}\nlabels: {kinds}{rest}\n")
