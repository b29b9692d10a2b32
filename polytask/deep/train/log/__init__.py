"""Sinks: consumers of the steps of a training."""

from polytask.deep.train.log.base import Sink, logged
from polytask.deep.train.log.lines import Lines
from polytask.deep.train.log.mlflow import MLflow
from polytask.deep.train.log.progress import Progress
from polytask.deep.train.log.tensor_board import TensorBoard

__all__ = ["Lines", "MLflow", "Progress", "Sink", "TensorBoard", "logged"]
