"""Write docs/survey.md: which class is the home of which section of the survey.

The page is made from the ``Survey:`` lines of the docstrings, which are read without importing
anything. Run ``make survey`` after adding a method; ``tests/test_face.py`` checks the page.
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parent
HOUSE = DOCS.parent / "polytask"

# Chapters and sections in the order of Ruder, "An overview of multi-task learning in deep neural
# networks" (2017), and the wing where a section without a home belongs.
CHAPTERS = {
    "Two methods for deep learning": {
        "hard parameter sharing": "deep",
        "soft parameter sharing": "deep",
    },
    "Multi-task learning in non-neural models": {
        "block-sparse regularisation": "linear",
        "learning task relationships": "linear, bayes, kernel, online",
    },
    "Work on multi-task learning for deep learning": {
        "deep relationship networks": "deep",
        "fully-adaptive feature sharing": "deep",
        "cross-stitch networks": "deep",
        "low supervision": "deep",
        "a joint many-task model": "deep",
        "weighting losses with uncertainty": "deep",
        "tensor factorisation": "deep",
        "sluice networks": "deep",
        "what should I share in my model": "relate",
    },
    "Auxiliary tasks": {
        "related task": "auxiliary",
        "adversarial": "auxiliary",
        "hints": "auxiliary",
        "focusing attention": "auxiliary",
        "quantization smoothing": "auxiliary",
        "predicting inputs": "auxiliary",
        "using the future to predict the present": "auxiliary",
        "representation learning": "auxiliary",
        "what auxiliary tasks are helpful": "relate",
    },
    "Beside the survey": {
        "baselines": "core",
        "since the survey": "every wing",
    },
}
SECTIONS = {name: wing for sections in CHAPTERS.values() for name, wing in sections.items()}

HEAD = """\
<!-- Made by `make survey` from the docstrings. Change those, not this file. -->
# The survey, section by section

The sections of Ruder, *An overview of multi-task learning in deep neural networks* (2017), and the
classes that are their homes here. A section without a home yet names the wing where it belongs.
"""


@dataclass(frozen=True)
class Home:
    """A public class or function whose docstring has a ``Survey:`` line."""

    name: str
    summary: str
    sections: tuple


def homes():
    """Every home, sorted by its public name."""
    found = [home for path in HOUSE.rglob("*.py") for home in homes_of(path)]
    return sorted(found, key=lambda home: home.name)


def homes_of(path):
    """The homes in one file."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if not isinstance(node, ast.ClassDef | ast.FunctionDef) or node.name.startswith("_"):
            continue
        text = ast.get_docstring(node) or ""
        sections = sections_of(text)
        if sections:
            yield Home(public_name(path, node.name), text.splitlines()[0], sections)


def sections_of(text):
    """The sections that the ``Survey:`` lines of a docstring name; several are parted by ``;``."""
    lines = re.findall(r"^\s*Survey: (.+(?:\n(?!\s*\n)\s*\S.*)*)", text, flags=re.MULTILINE)
    parts = [part for line in lines for part in " ".join(line.split()).split(";")]
    return tuple(part.strip().rstrip(".?") for part in parts)


def public_name(path, name):
    """The name that users import: that of the lowest package above whose ``__all__`` has it."""
    package = path.parent
    best = ".".join(["polytask", *path.relative_to(HOUSE).with_suffix("").parts, name])
    while True:
        if name in face(package):
            best = ".".join(["polytask", *package.relative_to(HOUSE).parts, name])
        if package == HOUSE:
            return best
        package = package.parent


def face(package):
    """The names in ``__all__`` of a package, read without importing it."""
    init = package / "__init__.py"
    if not init.exists():
        return ()
    for node in ast.parse(init.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return [one.value for one in ast.walk(node.value) if isinstance(one, ast.Constant)]
    return ()


def homeless(found=None):
    """The sections that no class names yet."""
    named = {section for home in found or homes() for section in home.sections}
    return [section for section in SECTIONS if section not in named]


def unknown(found=None):
    """``(name, section)`` of every ``Survey:`` line that names no section."""
    found = found or homes()
    return [(h.name, s) for h in found for s in h.sections if s not in SECTIONS]


def page(found=None):
    """The text of docs/survey.md."""
    found = homes() if found is None else found
    lines = [HEAD]
    for chapter, sections in CHAPTERS.items():
        lines += [f"## {chapter}", "", "| section | home | what it does |", "|---|---|---|"]
        lines += [row for section in sections for row in rows(section, found)]
        lines.append("")
    return "\n".join(lines)


def rows(section, found):
    """The lines of the table for one section."""
    here = [home for home in found if section in home.sections]
    title = section[0].upper() + section[1:]
    if not here:
        return [f"| {title} | *no home yet; belongs to {SECTIONS[section]}* | |"]
    first = [title] + [""] * (len(here) - 1)
    return [
        f"| {t} | {{py:obj}}`~{h.name}` | {h.summary.replace('|', chr(92) + '|')} |"
        for t, h in zip(first, here, strict=True)
    ]


if __name__ == "__main__":
    (DOCS / "survey.md").write_text(page(), encoding="utf-8")
    print(f"docs/survey.md: {len(homes())} homes, {len(homeless())} sections without one")
