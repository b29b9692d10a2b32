"""What is public is sorted, explained, shown at work, and has its place in the survey."""

import importlib.util
import inspect
import pkgutil
import re
import sys
from pathlib import Path

import pytest

import polytask
from polytask.model import Model
from polytask.slot import Slot

ROOT = Path(polytask.__file__).parent.parent
# Packages whose classes are methods: each names its section of the survey.
METHODS = (
    "polytask.auxiliary",
    "polytask.bayes",
    "polytask.deep.balance",
    "polytask.deep.sharing",
    "polytask.linear.penalties",
)
# Wings that need an extra; without it their faces cannot be looked at.
NEEDS = {"polytask.deep": "torch"}


def make_survey():
    """The script that writes docs/survey.md."""
    path = ROOT / "docs" / "make_survey.py"
    spec = importlib.util.spec_from_file_location("make_survey", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_survey"] = module  # its dataclass looks itself up there
    spec.loader.exec_module(module)
    return module


SURVEY = make_survey()


def packages():
    """The dotted names of all packages, found by walking."""
    found = pkgutil.walk_packages(polytask.__path__, "polytask.", onerror=lambda name: None)
    return ["polytask", *(info.name for info in found if info.ispkg)]


def load(name):
    """The package of this name, or a skip that says which extra is missing."""
    for wing, extra in NEEDS.items():
        if name.startswith(wing):
            pytest.importorskip(extra)
    return importlib.import_module(name)


def face(package):
    """The public names of a package with what they stand for; ours only, modules left out."""
    values = {name: getattr(package, name) for name in getattr(package, "__all__", ())}
    return {
        name: value
        for name, value in values.items()
        if (inspect.isclass(value) or inspect.isfunction(value))
        and value.__module__.startswith("polytask")
    }


def place(name):
    """Constants, then classes, then functions, numbers by value: the order in which ruff sorts."""
    rank = 0 if name.isupper() else 1 if name[0].isupper() else 2
    return rank, [(part.isdigit(), int(part) if part.isdigit() else part) for part in split(name)]


def split(name):
    """The stretches of digits and of other letters in a name."""
    return re.findall(r"\d+|\D+", name)


@pytest.mark.parametrize("name", packages())
def test_a_package_has_a_sorted_face_and_a_first_line(name):
    package = load(name)
    names = getattr(package, "__all__", None)
    assert names is not None, f"{name} needs __all__"
    assert list(names) == sorted(set(names), key=place), f"`make format` sorts __all__ of {name}"
    assert (package.__doc__ or "").strip(), f"{name} needs a docstring"
    missing = [public for public in names if not hasattr(package, public)]
    assert not missing, f"{name} promises {missing} and does not have them"


@pytest.mark.parametrize("name", packages())
def test_everything_public_is_explained(name):
    without = [
        f"{value.__module__}.{value.__qualname__}"
        for public in face(load(name)).values()
        for value in [public, *own_methods(public)]
        if not (inspect.getdoc(value) or "").strip()
    ]
    assert not without, f"These need a docstring: {without}"


@pytest.mark.parametrize("name", packages())
def test_everything_public_is_shown_at_work(name):
    without = [
        f"{value.__module__}.{value.__qualname__}"
        for value in face(load(name)).values()
        if ">>>" not in (value.__doc__ or "") and not shown_elsewhere(value)
    ]
    assert not without, f"These need an Examples section that runs: {without}"


def shown_elsewhere(value):
    """Whether a class is shown by others: a base by its members, a result by what returns it."""
    if not inspect.isclass(value):
        return False
    text = inspect.getdoc(value) or ""
    base = any(getattr(one, "__isabstractmethod__", False) for one in vars(value).values())
    result = "Attributes\n---" in text and "Parameters\n---" not in text
    return base or result or issubclass(value, tuple | Exception)


def own_methods(value):
    """The public methods that a class writes itself."""
    if not inspect.isclass(value):
        return []
    return [m for name, m in vars(value).items() if inspect.isfunction(m) and name[0] != "_"]


@pytest.mark.parametrize("name", METHODS)
def test_every_method_names_its_section_of_the_survey(name):
    without = [
        public
        for public, value in face(load(name)).items()
        if inspect.isclass(value)
        and issubclass(value, Slot | Model)
        and not inspect.isabstract(value)
        and not SURVEY.sections_of(inspect.getdoc(value) or "")
    ]
    assert not without, f"These methods of {name} need a line 'Survey: <section>': {without}"


def test_every_section_that_is_named_stands_in_the_survey():
    unknown = SURVEY.unknown()
    assert not unknown, f"Unknown sections {unknown}. Known: {', '.join(SURVEY.SECTIONS)}"


def test_the_survey_page_is_up_to_date():
    written = (ROOT / "docs" / "survey.md").read_text(encoding="utf-8")
    assert written == SURVEY.page(), "docs/survey.md is old. Run `make survey` and commit it."


def test_the_page_says_which_sections_have_no_home_yet():
    text = (ROOT / "docs" / "survey.md").read_text(encoding="utf-8")
    homeless = SURVEY.homeless()
    print(f"\n{len(homeless)} sections of the survey without a home: {', '.join(homeless)}")
    assert text.count("no home yet") == len(homeless)
    assert set(homeless) < set(SURVEY.SECTIONS)


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        ("Survey: sluice networks.", ("sluice networks",)),
        ("Notes.\n\nSurvey: hints; related task.\n\nMore.", ("hints", "related task")),
        ("Survey: weighting losses with\n    uncertainty.", ("weighting losses with uncertainty",)),
        ("A survey: of nothing.", ()),
    ],
)
def test_survey_lines_are_read(text, sections):
    assert SURVEY.sections_of(text) == sections
