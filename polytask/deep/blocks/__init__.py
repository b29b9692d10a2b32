"""Stages: what a net is made of, as values that a sharing puts together."""

from polytask.deep.blocks.base import Stage
from polytask.deep.blocks.dense import ACTIVATIONS, Dense, mlp

__all__ = ["ACTIVATIONS", "Dense", "Stage", "mlp"]
