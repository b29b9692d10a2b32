"""Penalties: what is paid for coefficients, and how tasks are tied by it."""

from polytask.linear.penalties.aso import ASO
from polytask.linear.penalties.base import Frozen, Penalty
from polytask.linear.penalties.clustered import Clustered
from polytask.linear.penalties.column_l2 import ColumnL2
from polytask.linear.penalties.concave import Concave
from polytask.linear.penalties.convex_aso import ConvexASO
from polytask.linear.penalties.convex_clustered import ConvexClustered
from polytask.linear.penalties.elastic_l21 import ElasticL21
from polytask.linear.penalties.elastic_net import ElasticNet
from polytask.linear.penalties.fixed_structure import FixedStructure
from polytask.linear.penalties.fused_temporal import FusedTemporal
from polytask.linear.penalties.graph_fused import GraphFused
from polytask.linear.penalties.graph_laplacian import GraphLaplacian
from polytask.linear.penalties.group_lasso import GroupLasso
from polytask.linear.penalties.l1 import L1
from polytask.linear.penalties.l1linf import L1Linf
from polytask.linear.penalties.l1lq import L1Lq
from polytask.linear.penalties.l2 import L2
from polytask.linear.penalties.l21 import L21
from polytask.linear.penalties.mcp import MCP
from polytask.linear.penalties.mean_regularised import MeanRegularised
from polytask.linear.penalties.none import NoPenalty
from polytask.linear.penalties.norm import Norm
from polytask.linear.penalties.per_task import PerTask
from polytask.linear.penalties.positive import Positive
from polytask.linear.penalties.quadratic import Quadratic
from polytask.linear.penalties.scad import SCAD
from polytask.linear.penalties.split import Split
from polytask.linear.penalties.squared_l21 import SquaredL21
from polytask.linear.penalties.squared_trace_norm import SquaredTraceNorm
from polytask.linear.penalties.taskwise_group_lasso import TaskwiseGroupLasso
from polytask.linear.penalties.temporal_smooth import TemporalSmooth
from polytask.linear.penalties.trace_norm import TraceNorm
from polytask.linear.penalties.tree_guided import TreeGuided
from polytask.linear.penalties.weighted import Weighted

__all__ = [
    "ASO",
    "L1",
    "L2",
    "L21",
    "MCP",
    "SCAD",
    "Clustered",
    "ColumnL2",
    "Concave",
    "ConvexASO",
    "ConvexClustered",
    "ElasticL21",
    "ElasticNet",
    "FixedStructure",
    "Frozen",
    "FusedTemporal",
    "GraphFused",
    "GraphLaplacian",
    "GroupLasso",
    "L1Linf",
    "L1Lq",
    "MeanRegularised",
    "NoPenalty",
    "Norm",
    "Penalty",
    "PerTask",
    "Positive",
    "Quadratic",
    "Split",
    "SquaredL21",
    "SquaredTraceNorm",
    "TaskwiseGroupLasso",
    "TemporalSmooth",
    "TraceNorm",
    "TreeGuided",
    "Weighted",
]
