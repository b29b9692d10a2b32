"""Ways of sharing: which parts of a net serve which task."""

from polytask.deep.sharing.base import Coupling, Group, Net, Sharing
from polytask.deep.sharing.hard_sharing import HardSharing

__all__ = ["Coupling", "Group", "HardSharing", "Net", "Sharing"]
