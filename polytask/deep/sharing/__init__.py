"""Ways of sharing: which parts of a net serve which task."""

from polytask.deep.sharing.adapters import Adapters
from polytask.deep.sharing.anchored_sharing import AnchoredSharing
from polytask.deep.sharing.base import Coupling, Group, Net, Sharing
from polytask.deep.sharing.cross_stitch import CrossStitch
from polytask.deep.sharing.dselect_k import DSelectK
from polytask.deep.sharing.film import FiLM
from polytask.deep.sharing.fully_adaptive import FullyAdaptive
from polytask.deep.sharing.hard_sharing import HardSharing
from polytask.deep.sharing.joint_many_task import JointManyTask
from polytask.deep.sharing.learning_to_branch import LearningToBranch
from polytask.deep.sharing.lora import LoRA
from polytask.deep.sharing.low_supervision import LowSupervision
from polytask.deep.sharing.mmoe import MMoE
from polytask.deep.sharing.mtan import MTAN
from polytask.deep.sharing.nddr import NDDR
from polytask.deep.sharing.ple import PLE
from polytask.deep.sharing.relationship_network import RelationshipNetwork
from polytask.deep.sharing.sluice import Sluice
from polytask.deep.sharing.soft_sharing import SoftSharing
from polytask.deep.sharing.task_token import TaskToken
from polytask.deep.sharing.tensor_factorised import TensorFactorised
from polytask.deep.sharing.tensor_trace_norm import TensorTraceNorm

__all__ = [
    "MTAN",
    "NDDR",
    "PLE",
    "Adapters",
    "AnchoredSharing",
    "Coupling",
    "CrossStitch",
    "DSelectK",
    "FiLM",
    "FullyAdaptive",
    "Group",
    "HardSharing",
    "JointManyTask",
    "LearningToBranch",
    "LoRA",
    "LowSupervision",
    "MMoE",
    "Net",
    "RelationshipNetwork",
    "Sharing",
    "Sluice",
    "SoftSharing",
    "TaskToken",
    "TensorFactorised",
    "TensorTraceNorm",
]
