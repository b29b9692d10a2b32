"""``polytask predict``: a column per task for the rows of a new table."""

import csv
import io
import os
import sys
from pathlib import Path

from polytask.cli.words import add_file


def add(parser):
    """The arguments of the verb."""
    parser.add_argument("model", help="a file that `polytask fit` wrote")
    parser.add_argument("data", help="a .csv, .tsv or .parquet file with the input columns")
    add_file(parser)
    parser.add_argument("--out", metavar="FILE", help="a .csv file; default: printed")
    parser.add_argument("--row", metavar="COLUMN", help="copy this column to the front")
    parser.add_argument(
        "--probabilities", action="store_true", help="of classes, a column TASK=CLASS each"
    )


def run(args):
    """Match columns by name, predict, write."""
    from polytask import persist
    from polytask.cli.files import read_table
    from polytask.cli.outputs import writable

    if args.out:
        writable(args.out, (".csv",))
    model = persist.load(args.model)
    frame = read_table(args.data, max_columns=args.max_columns, separator=args.separator)
    table, names = _columns(frame, model, args)
    answers = _answers(model, table.select(names), args.probabilities)
    front = [args.row] if args.row else []
    front += [model.task_column] if model.task_column in table.columns else []
    keys = {name: table[name].to_list() for name in dict.fromkeys(front)}
    text = _text({**keys, **answers})
    if args.out:
        _write(Path(args.out), text)
    else:
        sys.stdout.write(text)


def _columns(frame, model, args):
    """The table, and the columns of it that the model wants, in the model's order."""
    import narwhals.stable.v2 as nw

    from polytask.errors import DataError, require

    table = nw.from_native(frame, eager_only=True)
    found = set(table.columns)
    inputs = [str(name) for name in getattr(model, "feature_names_in_", ())]
    inputs = inputs or [f"x{j}" for j in range(model.n_features_in_)]
    wanted = [*inputs, *([model.task_column] if model.task_column else [])]
    lost = [name for name in [*wanted, *([args.row] if args.row else [])] if name not in found]
    require(
        not lost,
        f"{Path(args.data).name} needs the columns that the model was fitted on. Missing: "
        f"{_some(lost)}. It has: {_some(table.columns)}. Rename or add them.",
        DataError,
    )
    require(len(table) > 0, f"{Path(args.data).name} has no rows under its header.", DataError)
    spare = [name for name in table.columns if name not in {*wanted, args.row}]
    if spare and not args.quiet:
        print(f"not used: {_some(spare)}", file=sys.stderr)
    return table, wanted


def _answers(model, table, probabilities):
    """``{column: values}``: a column per task, or one where every row names its task."""
    long = model.task_column is not None
    if not probabilities:
        found = model.predict(_inputs(model, table))
        if long or found.ndim == 1:
            return {"prediction" if long else model.task_names_[0]: found.tolist()}
        return {name: found[:, t].tolist() for t, name in enumerate(model.task_names_)}
    return _probabilities(model, table, long)


def _probabilities(model, table, long):
    from polytask.errors import UnsupportedError, require

    require(
        all(task.kind.classes is not None for task in model.tasks_),
        "--probabilities needs tasks with classes. Found numbers: "
        f"{_some([t.name for t in model.tasks_ if t.kind.classes is None])}. Leave it out.",
        UnsupportedError,
    )
    found = model.predict_proba(_inputs(model, table))
    if long or len(model.tasks_) == 1:
        name = "prediction" if long else model.task_names_[0]
        return _of_classes(name, model.tasks_[0].kind.classes, _two(found))
    columns = {}
    for t, task in enumerate(model.tasks_):
        one = found[task.name] if isinstance(found, dict) else _two(found[:, [t]])
        columns |= _of_classes(task.name, task.kind.classes, one)
    return columns


def _two(found):
    """Both columns of a binary task, whichever of the two forms a model gave."""
    import numpy as np

    return found if found.shape[1] > 1 else np.column_stack([1 - found, found])


def _of_classes(name, classes, found):
    return {f"{name}={label}": found[:, k].tolist() for k, label in enumerate(classes)}


def _inputs(model, table):
    from polytask.prepared import Prepared

    if isinstance(model, Prepared):
        return table.to_native()
    return _numbers(model, table)


def _numbers(model, table):
    """Inputs of a model without an encoder: numbers only, and no gaps."""
    from polytask.door.columns import input_column

    names = [name for name in table.columns if name != model.task_column]
    for name in names:
        input_column(table[name], name, "refuse", 0)
    return table.to_native()


def _text(columns):
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return file.getvalue()


def _write(path, text):
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _some(names, most=10):
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(map(str, names[:most])) + more
