"""What losses of a margin have in common: classes as signs."""

from polytask.errors import UnsupportedError, require
from polytask.linear.datafits.base import indicators


def width(fit, kind):
    """Outputs of a task with classes: one for two classes, else one per class.

    Raises
    ------
    UnsupportedError
        If the kind has no classes.
    """
    require(
        kind.classes is not None,
        f"{type(fit).__name__} needs a task with classes. Found one of kind {kind.name}. "
        "Take datafit='auto'.",
        UnsupportedError,
    )
    return 1 if len(kind.classes) == 2 else len(kind.classes)


def signs(codes, kind):
    """Targets of -1 and 1: the second of two classes, or every class against the rest."""
    return 2 * indicators(codes, kind) - 1
