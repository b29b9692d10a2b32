"""Short names for models that are known by their whole printed text."""

import ast
from collections import Counter
from dataclasses import replace

RECORDS = ("scores", "overall", "gains", "summary", "curves", "paths", "features")
LONG = 24  # columns; a shorter name is left as it is


def with_short_names(report):
    """The same report with names that fit a table; ``text`` of each model stays whole.

    A long name that is a model's text keeps its classes and loses their parameters; where that
    would make two models equal, both keep their whole names.

    Parameters
    ----------
    report : Report

    Returns
    -------
    Report
    """
    short = short_names([model["name"] for model in report.models])
    if all(name == label for name, label in short.items()):
        return report
    return replace(
        report,
        models=[_renamed(model, short) | {"name": short[model["name"]]} for model in report.models],
        best=report.best and _renamed_best(report.best, short),
        relations={short.get(name, name): value for name, value in report.relations.items()},
        **{field: [_renamed(r, short) for r in getattr(report, field)] for field in RECORDS},
    )


def short_names(names):
    """A label for each name, all different.

    >>> short_names(["LinearModel(penalty=TraceNorm(alpha=0.1), tol=1e-06)", "Pooled"])
    {'LinearModel(penalty=TraceNorm(alpha=0.1), tol=1e-06)': 'LinearModel(TraceNorm)',
     'Pooled': 'Pooled'}
    """
    labels = {name: _short(name) for name in names}
    uses = Counter(labels.values())
    return {name: label if uses[label] == 1 else name for name, label in labels.items()}


def _short(name):
    if len(name) <= LONG and "=" not in name:
        return name.removesuffix("()")
    try:
        tree = ast.parse(name, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return name
    return _classes(tree) or name


def _classes(node):
    """Classes inside classes, without the parameters that are plain values."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
        return ""
    given = [*node.args, *(keyword.value for keyword in node.keywords)]
    inside = [text for text in map(_classes, given) if text]
    return f"{node.func.id}({', '.join(inside)})" if inside else node.func.id


def _renamed(record, short):
    keys = [key for key in ("model", "baseline") if key in record]
    return record | {key: short.get(record[key], record[key]) for key in keys}


def _renamed_best(best, short):
    chosen = [short.get(name, name) for name in best["chosen"]]
    return _renamed(best, short) | {"chosen": chosen}
