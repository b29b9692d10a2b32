"""Ways of sharing: which parts of a net serve which task."""

from polytask.deep.sharing.anchored_sharing import AnchoredSharing
from polytask.deep.sharing.base import Coupling, Group, Net, Sharing
from polytask.deep.sharing.hard_sharing import HardSharing
from polytask.deep.sharing.low_supervision import LowSupervision
from polytask.deep.sharing.soft_sharing import SoftSharing
from polytask.deep.sharing.tensor_factorised import TensorFactorised
from polytask.deep.sharing.tensor_trace_norm import TensorTraceNorm

__all__ = [
    "AnchoredSharing",
    "Coupling",
    "Group",
    "HardSharing",
    "LowSupervision",
    "Net",
    "Sharing",
    "SoftSharing",
    "TensorFactorised",
    "TensorTraceNorm",
]
