"""Short names for models that are known by their whole printed text."""

import ast
import re
from collections import Counter
from dataclasses import replace

RECORDS = ("scores", "overall", "gains", "summary", "curves", "paths", "features")
CALL = re.compile(r"^\w+\(.*\)$", re.DOTALL)
WRAPPERS = ("Independent", "Pooled", "Prepared")  # what they do is what the table compares


def with_short_names(report):
    """The same report with names that fit a table; ``text`` of each model stays whole.

    A name that is a model's text keeps its classes and loses their parameters, and an engine gives
    way to the one method in it; where that would make two models equal, they keep more.

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
    {'LinearModel(penalty=TraceNorm(alpha=0.1), tol=1e-06)': 'TraceNorm', 'Pooled': 'Pooled'}
    """
    trees = {name: _parse(name) for name in names}
    labels: dict[str, str] = {}
    for shorten in (_inner, _classes):
        tried = {name: shorten(tree) or name for name, tree in trees.items()}
        uses = Counter((tried | labels).values())
        labels |= {n: t for n, t in tried.items() if n not in labels and uses[t] == 1}
    return {name: labels.get(name, name) for name in names}


def _parse(name):
    if not CALL.match(name):
        return None
    try:
        return ast.parse(name, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _classes(node):
    """Classes inside classes, without the parameters that are plain values."""
    if not _is_class(node):
        return ""
    inside = [text for text in map(_classes, _given(node)) if text]
    return f"{node.func.id}({', '.join(inside)})" if inside else node.func.id


def _inner(node):
    """The same without an engine that holds a single method; wrappers of floor 1 stay."""
    if not _is_class(node):
        return ""
    inside = [text for text in map(_inner, _given(node)) if text]
    if len(inside) == 1 and node.func.id not in WRAPPERS:
        return inside[0]
    return f"{node.func.id}({', '.join(inside)})" if inside else node.func.id


def _is_class(node):
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)


def _given(node):
    return [*node.args, *(keyword.value for keyword in node.keywords)]


def _renamed(record, short):
    keys = [key for key in ("model", "baseline") if key in record]
    return record | {key: short.get(record[key], record[key]) for key in keys}


def _renamed_best(best, short):
    chosen = [short.get(name, name) for name in best["chosen"]]
    return _renamed(best, short) | {"chosen": chosen}
