"""Predictions of other tasks as inputs: stacking, chains, and ensembles of chains."""

from polytask.chains.chain import Chain
from polytask.chains.ensemble import ChainEnsemble
from polytask.chains.stacking import Stacking

__all__ = ["Chain", "ChainEnsemble", "Stacking"]
