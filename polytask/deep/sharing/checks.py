"""What the options of several sharings have to be."""

from polytask.deep.trunk import checked
from polytask.errors import require


def check_stages(sharing, *parts):
    """Refuse parts that are no sequences of stages."""
    for stages in parts:
        checked(stages, type(sharing).__name__)


def check_dropout(sharing):
    """Refuse a share of silenced units that is none."""
    require(
        0 <= sharing.dropout < 1,
        f"{type(sharing).__name__} needs dropout in [0, 1). Found dropout={sharing.dropout}.",
    )


def check_experts(sharing):
    """Refuse a mixture of nothing."""
    require(
        sharing.experts >= 1,
        f"{type(sharing).__name__} needs experts >= 1. Found experts={sharing.experts}.",
    )
