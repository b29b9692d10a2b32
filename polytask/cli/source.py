"""From the words of a command to a table of tasks."""

import sys
from dataclasses import dataclass
from pathlib import Path

from polytask import datasets
from polytask.cli.catalog import parse
from polytask.cli.files import ENDINGS, read_table
from polytask.errors import DataError, ParameterError, require
from polytask.inputs import needed
from polytask.tasks import Tasks

PLACES = ("inputs", "by", "row", "group", "time", "weight")


@dataclass(frozen=True, eq=False)
class Source:
    """What a command works on.

    Attributes
    ----------
    name : str
    data : Tasks
    splits : list of (train, test)
        Official ones; empty where there are none.
    file : bool
        Whether it came from a file, so that new files will look like it.
    """

    name: str
    data: Tasks
    splits: list
    file: bool


def source(args):
    """The `Source` that the arguments of `words.add_data` name.

    Raises
    ------
    DataError, TaskError, ParameterError, DownloadError
    """
    if Path(args.data).suffix.lower() in ENDINGS or Path(args.data).exists():
        return _from_file(args)
    return _from_name(args)


def _from_name(args):
    found = _dataset(args.data)
    spare = [name for name in PLACES if getattr(args, name)]
    require(
        not spare,
        f"--{spare[0] if spare else ''} names a column of a file. Found the data set "
        f"{found.name!r}, which knows its columns. Leave it out.",
        DataError,
    )
    require(
        found.form == "table",
        f"Commands work on tables. Found the data set {found.name!r}, whose rows are {found.form}. "
        f"Load it in Python: datasets.load({found.name!r}).",
        DataError,
    )
    data = found.load()
    if args.targets:
        data = data.keep(*args.targets)
    if not args.quiet:
        print(f"{found.name}: {_first_line(data)}", file=sys.stderr)
    return Source(args.data, data, found.splits(), file=False)


def _dataset(text):
    """A data set by its name, or by a text with its options."""
    found = parse(text) if "(" in text else None
    try:
        found = datasets.get(text) if found is None else found
    except ParameterError as error:
        raise DataError(f"{error} A file ends in {', '.join(ENDINGS)}.") from error
    require(
        isinstance(found, datasets.Dataset),
        f"Expected a data set. Found {' '.join(text.split())[:60]!r}. See `polytask datasets`.",
        DataError,
    )
    return found


def _from_file(args):
    frame = read_table(args.data, max_columns=args.max_columns, separator=args.separator)
    require(
        bool(args.targets),
        f"Name the label columns: --targets COLUMN ... Found none. {Path(args.data).name} has: "
        f"{_some(_columns(frame))}.",
        DataError,
    )
    data = Tasks.from_frame(
        frame,
        args.targets,
        inputs=args.inputs,
        by=args.by,
        row=args.row,
        group=args.group,
        time=args.time,
        weight=args.weight,
        kinds=_kinds(args.kinds),
        drop=tuple(args.drop),
        gaps="refuse" if args.impute == "refuse" else "keep",
        max_levels=args.max_levels,
        verbose=not args.quiet,
    )
    _categories(data, args.categories)
    return Source(Path(args.data).name, data, [], file=True)


def _columns(frame):
    return list(getattr(frame, "column_names", frame.columns))


def _kinds(pairs):
    kinds = {}
    for pair in pairs:
        name, sign, kind = pair.rpartition("=")
        require(
            bool(sign and name and kind),
            f"--kinds takes TASK=KIND, such as passed=binary. Found {pair!r}.",
        )
        kinds[name] = kind
    return kinds


def _categories(data, categories):
    text = [column.name for column in data.inputs if column.levels is not None]
    require(
        categories == "onehot" or not text,
        f"Input columns need numbers with --categories refuse. Found text in {_some(text)}. "
        "Drop them (--drop), or allow a column per level: --categories onehot.",
        DataError,
    )


def prepared(model, source, args):
    """The model made ready for the source's table: with an encoder where new files will come."""
    from polytask.prepared import Prepared

    if not source.file and not needed(source.data):
        return model
    return Prepared(model, args.impute, args.categories, task_column=args.by)


def _first_line(data):
    return repr(data).split("\n", 1)[0].removeprefix("Tasks: ")


def _some(names, most=12):
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(map(str, names[:most])) + more
