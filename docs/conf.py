"""How Sphinx builds these pages: `make docs`."""

from importlib.metadata import version as installed
from pathlib import Path

from polytask.datasets.catalog import classes

project = "polytask"
author = "The polytask developers"
project_copyright = "2026, The polytask developers"
version = release = installed("polytask")

extensions = [
    "myst_parser",  # the pages are Markdown
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",  # numpy docstrings
    "sphinx.ext.viewcode",
]
exclude_patterns = ["_build", "_generated/parts", "examples"]
html_theme = "furo"
html_static_path = ["_static"]
html_title = "polytask"

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

napoleon_numpy_docstring = True
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "show-inheritance": True}
# Shapes such as (n, T) stand in the docstrings; signatures stay short.
autodoc_typehints = "none"

# A field such as `names` of one class may be called like that of another: no link is meant.
suppress_warnings = ["ref.python"]

# scikit-learn adds these to every estimator; its own pages explain them.
ROUTING = ("get_metadata_routing", "set_fit_request", "set_predict_request")
ROUTING += ("set_predict_proba_request", "set_score_request", "set_partial_fit_request")

NEWS = ("new", "changed", "fixed", "removed")


def news():
    """Put the fragments of changes/ together into one page, by what they are."""
    here = Path(__file__).parent
    lines = ["# Changes", "", f"Since the last release; this is {release}.", ""]
    for kind in NEWS:
        texts = [
            path.read_text(encoding="utf-8").strip()
            for path in sorted((here.parent / "changes").glob(f"*.{kind}.md"))
        ]
        if texts:
            lines += [f"## {kind.capitalize()}", "", *(f"- {text}" for text in texts), ""]
    write("changes.md", lines)


def sets():
    """A table of the data sets, and what is known of each, from the classes themselves."""
    lines = [
        "# Every data set",
        "",
        "| name | rows | inputs | tasks | what |",
        "|---|---|---|---|---|",
    ]
    found = classes()
    for name, one in found.items():
        sizes = f"{one.rows:,} | {one.features:,} | {one.tasks:,}"
        lines.append(f"| [`{name}`](#data-{name}) | {sizes} | {one.title} |")
    for name, one in found.items():
        where = f"{one.__module__}.{one.__name__}"
        lines += ["", f"(data-{name})=", f"## {name}", "", "```{eval-rst}"]
        lines += [f".. autoclass:: {where}", "   :no-members:", "```"]
    write("datasets.md", lines)


def write(name, lines):
    """Write a page that the tree of contents names."""
    page = Path(__file__).parent / "_generated" / name
    page.parent.mkdir(exist_ok=True)
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")


def skip_routing(app, what, name, value, skip, options):
    """Leave out what scikit-learn adds to every estimator."""
    return True if name in ROUTING else None


def setup(app):
    """Called by Sphinx."""
    app.connect("autodoc-skip-member", skip_routing)


news()
sets()
