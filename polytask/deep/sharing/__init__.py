"""Ways of sharing: which parts of a net serve which task."""

from polytask.deep.sharing.base import Net, Sharing
from polytask.deep.sharing.hard_sharing import HardSharing

__all__ = ["HardSharing", "Net", "Sharing"]
