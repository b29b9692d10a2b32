"""A file imports from its own room and from lower floors, and says so in its import lines."""

import ast
import sys
from pathlib import Path

import pytest

import polytask

HOUSE = Path(polytask.__file__).parent

# The floor of every room. A room is a folder of the package; the files that stand directly in it
# are floor 1, with chains/, door/, kinds/, ops/ and persist/, and that floor is one room: its
# values know each other.
FLOORS = {
    1: {"chains", "door", "kinds", "ops", "persist"},
    2: {"datasets", "auxiliary", "report"},
    3: {"linear", "bayes", "deep", "kernel"},
    4: {"reproduce"},
    5: {"cli"},
}
FLOOR = {room: floor for floor, rooms in FLOORS.items() for room in rooms}

# What may be imported when a module is loaded: the dependencies of the core.
FOUNDATION = {"numpy", "scipy", "sklearn", "narwhals", "safetensors", "joblib", "threadpoolctl"}
# Packages of the extras: only inside a function, so that the core runs without them.
GUESTS = {"pandas", "pyarrow", "pooch", "plotly", "skops", "tensorboard", "mlflow"}
# Packages that one room owns.
OWNED = {"torch": "deep", "numba": "ops"}

# Rooms inside a wing, from the lowest: a file may look down, never up, and not to its neighbours
# in another room of the same height.
STOREYS = {
    "kernel": [{"kernels"}],
    "linear": [{"penalties", "datafits"}, {"solvers"}],
    "deep": [
        {"shape", "losses"},
        {"blocks", "targets"},
        {"trunk", "heads"},
        {"columns", "data"},
        {"sharing", "balance"},
        {"train"},
        {"text"},
    ],
}

FILES = sorted(HOUSE.rglob("*.py"))


def room_of(parts):
    """The room of a path or of a dotted name inside the package."""
    return parts[0].removesuffix(".py") if parts else "__init__"


def package_of(path):
    """The dotted package that a relative import in this file starts from."""
    return ("polytask", *path.relative_to(HOUSE).parts[:-1])


def imports(path):
    """Yield (line, dotted name, whether it is loaded with the module) of every import."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        for name in names_of(node, path):
            yield node.lineno, name, id(node) not in inside


def names_of(node, path):
    """The dotted names that one node imports; ``from a import b`` is ``a.b``."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    base = (node.module or "").split(".") if node.module else []
    if node.level:
        start = package_of(path)
        base = [*start[: len(start) - node.level + 1], *base]
    return [".".join([*base, alias.name]) for alias in node.names]


def floor_of(room):
    """The floor of a room; a file directly in the package stands on floor 1."""
    return FLOOR.get(room, 1)


def offence_at_home(here, there):
    """Why a file in room ``here`` may not import from room ``there`` of the house, or None."""
    if floor_of(there) > floor_of(here):
        return f"looks up: {here} stands on floor {floor_of(here)}, {there} on {floor_of(there)}"
    if here != there and floor_of(there) == floor_of(here) > 1:
        return f"looks sideways: {here} and {there} are strangers on floor {floor_of(here)}"
    return None


def offence_abroad(here, name, at_load):
    """Why a file in room ``here`` may not import this package of others, or None."""
    package, *rest = name.split(".")
    if package in sys.stdlib_module_names:
        return None
    if any(part.startswith("_") and not part.startswith("__") for part in rest):
        return f"uses what {package} keeps private"
    if package in OWNED:
        return None if here == OWNED[package] else f"{package} belongs to {OWNED[package]}/"
    if package in FOUNDATION or (package in GUESTS and not at_load):
        return None
    return (
        "is an extra: import it inside the function that needs it"
        if package in GUESTS
        else ("is no dependency of polytask")
    )


def offences(path):
    """One line for every import of this file that leaves its place."""
    here = room_of(path.relative_to(HOUSE).parts)
    found = []
    for line, name, at_load in imports(path):
        parts = name.split(".")
        own = parts[0] == "polytask"
        why = (
            offence_at_home(here, room_of(parts[1:]))
            if own
            else (offence_abroad(here, name, at_load))
        )
        if why:
            found.append(f"{path.relative_to(HOUSE.parent)}:{line}: import {name} {why}")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(HOUSE)))
def test_every_import_stays_in_its_room_or_goes_down(path):
    assert not offences(path), "\n".join(offences(path))


def test_every_folder_has_a_floor():
    folders = {path.relative_to(HOUSE).parts[0] for path in FILES if path.parent != HOUSE}
    assert folders <= set(FLOOR), f"Give these a floor in FLOORS: {sorted(folders - set(FLOOR))}"


@pytest.mark.parametrize("wing", STOREYS)
def test_inside_a_wing_imports_go_down_too(wing):
    height = {room: i for i, rooms in enumerate(STOREYS[wing]) for room in rooms}
    found = []
    for path in sorted((HOUSE / wing).rglob("*.py")):
        here = room_of(path.relative_to(HOUSE / wing).parts)
        for line, name, _ in imports(path):
            parts = name.split(".")
            there = room_of(parts[2:]) if parts[:2] == ["polytask", wing] else here
            if there != here and height.get(here, 99) <= height.get(there, -1):
                found.append(f"{path.relative_to(HOUSE)}:{line}: {here} imports {there}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("room", "line", "why"),
    [
        ("linear", "from polytask.deep import DeepModel", "sideways"),
        ("linear", "from ..bayes import EmpiricalBayes", "sideways"),
        ("report", "from polytask import linear", "looks up"),
        ("report", "import plotly.graph_objects as go", "is an extra"),
        ("linear", "def f():\n    import torch", "torch belongs to deep/"),
        ("linear", "from sklearn.utils._param_validation import Interval", "keeps private"),
        ("linear", "import requests", "is no dependency"),
    ],
)
def test_an_offender_is_named(room, line, why, tmp_path, monkeypatch):
    house = tmp_path / "polytask"
    (house / room).mkdir(parents=True)
    path = house / room / "new.py"
    path.write_text(line)
    monkeypatch.setattr(sys.modules[__name__], "HOUSE", house)
    (found,) = offences(path)
    assert why in found
    assert f"{room}/new.py" in found.replace("\\", "/")


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("linear", "from polytask.ops import prox"),
        ("report", "def f():\n    import plotly"),
        ("cli", "from polytask import linear, deep"),
        ("deep", "import torch.nn as nn"),
        ("tasks", "from .errors import require"),
    ],
)
def test_what_is_allowed_is_not_named(room, line, tmp_path, monkeypatch):
    house = tmp_path / "polytask"
    path = house / f"{room}.py" if room == "tasks" else house / room / "new.py"
    path.parent.mkdir(parents=True)
    path.write_text(line)
    monkeypatch.setattr(sys.modules[__name__], "HOUSE", house)
    assert offences(path) == []
