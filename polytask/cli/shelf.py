"""What the package offers, read from its source files without importing one of them."""

import ast
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import polytask
from polytask.report.papers import citations

# Rooms that name no method, and the file of the bases: their classes are not for model texts.
SILENT = {"cli", "model", "ops", "persist", "report", "reproduce", "slot"}


@dataclass(frozen=True)
class Entry:
    """One public class: where it is defined, what it extends, and its docstring."""

    name: str
    module: str
    bases: tuple
    doc: str
    abstract: bool = False
    record: bool = False

    @property
    def wing(self):
        """The folder below ``polytask``, or the module itself on floor 1."""
        return self.module.split(".")[1]

    @property
    def headline(self):
        """First line of the docstring."""
        return self.doc.strip().split("\n", 1)[0].strip() if self.doc.strip() else ""

    @property
    def paper(self):
        """First entry of the docstring's References section; empty if none."""
        return next(iter(citations(self.doc)), "")


@lru_cache(maxsize=1)
def entries():
    """Every public class of the package by name, in the order of the files.

    >>> entries()["Independent"].module
    'polytask.independent'
    """
    found = {}
    for path, module in _files():
        for entry in _classes(path, module):
            found.setdefault(entry.name, entry)
    return found


def role(name):
    """What a class is for: ``"model"``, ``"penalty"``, ``"sharing"``, ...; ``None`` if nothing.

    Every class below `Model` is a model; the role of any other slot is the class just below `Slot`.

    >>> role("Independent"), role("Binary"), role("Tasks")
    ('model', 'kind', None)
    """
    for line in _lines_of(name) if name in entries() else ():
        if line[-1] in ("Model", "Regressor", "Classifier"):
            return "model"
        if line[-1] == "Slot" and len(line) > 1:
            return line[-2].lower()
    return None


def shelf():
    """``{role: [Entry, ...]}`` of everything that can stand in a model text."""
    by_role = {}
    for name, entry in entries().items():
        what = role(name)
        # every slot value is a dataclass; what is none is a base
        if what and not entry.abstract and (what == "model" or entry.record):
            by_role.setdefault(what, []).append(entry)
    return by_role


def _lines_of(name):
    """Every line of ancestors by name, from the class to a base that is not on the shelf."""
    if name not in entries():
        yield [name]
        return
    for base in entries()[name].bases:
        for line in _lines_of(base):
            yield [name, *line]


def _files():
    root = Path(polytask.__file__).parent
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        if parts[0] in SILENT or any(part.startswith("_") for part in parts):
            continue
        yield path, ".".join(("polytask", *parts))


def _classes(path, module):
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            bases = tuple(filter(None, map(_plain, node.bases)))
            doc = ast.get_docstring(node) or ""
            record = "dataclass" in map(_plain, node.decorator_list)
            yield Entry(node.name, module, bases, doc, _is_abstract(node, bases), record)


def _plain(node):
    if isinstance(node, ast.Call):
        return _plain(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


def _is_abstract(node, bases):
    marks = [
        _plain(mark) for item in node.body if hasattr(item, "decorator_list")
        for mark in item.decorator_list
    ]  # fmt: skip
    return "ABC" in bases or "abstractmethod" in marks
