"""Files that a command writes: their places are judged before the work, not after it."""

from pathlib import Path

from polytask.errors import DataError, require

REPORTS = (".html", ".json", ".md", ".txt")


def writable(path, endings=None):
    """Refuse a path whose folder is not there, or whose ending is none of ``endings``."""
    path = Path(path)
    require(
        endings is None or path.suffix.lower() in endings,
        f"Expected a file that ends in {', '.join(endings or ())}. Found {path.name!r}. Rename it.",
        DataError,
    )
    require(
        not path.is_dir() and (path.parent.is_dir() or path.parent == path),
        f"{str(path)!r} needs a folder that is there. Make {str(path.parent)!r} first, or name "
        "another file.",
        DataError,
    )


def reports(paths):
    """Refuse paths to which no report can be written; the page needs its extra."""
    from polytask.errors import extra

    for path in paths:
        writable(path, REPORTS)
        if Path(path).suffix.lower() == ".html":
            extra("plotly", "report")
