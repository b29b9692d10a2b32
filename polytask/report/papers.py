"""The papers behind a model, from the docstrings of its class and of the slots in it."""

import inspect
import re

from sklearn.base import BaseEstimator

from polytask.slot import Slot

_YEAR = re.compile(r"\b(1[89]|20)\d\d\b")


def papers(model):
    """Citations ``[text, ...]`` of a model and of everything in its parameters, each once."""
    found: dict[str, None] = {}
    for part in (model, *model.get_params(deep=True).values()):
        if isinstance(part, BaseEstimator | Slot):
            found |= dict.fromkeys(citations(type(part).__doc__))
    return list(found)


def citations(docstring):
    """The entries of the ``References`` section; an entry ends with the full stop after a year.

    Examples
    --------
    >>> citations('''Does it.
    ...
    ... References
    ... ----------
    ... Caruana. Multitask learning.
    ... Machine Learning 28, 1997.
    ... Survey: hard sharing.
    ... ''')
    ['Caruana. Multitask learning. Machine Learning 28, 1997.']
    """
    entries, current = [], ""
    for line in _section(docstring):
        if line.startswith("Survey:") or not line:
            current = ""
            continue
        current = f"{current} {line}".strip()
        if line.endswith((".", ")")) and _YEAR.search(current):
            entries.append(current)
            current = ""
    return entries


def _section(docstring):
    lines = [line.strip() for line in inspect.cleandoc(docstring or "").splitlines()]
    if "References" not in lines:
        return []
    after = lines[lines.index("References") + 2 :]
    for i, line in enumerate(after):
        if i + 1 < len(after) and re.fullmatch("-{3,}", after[i + 1]) and line:
            return after[:i]
    return after
