"""Stages: what a net is made of, as values that a sharing puts together."""

from polytask.deep.blocks.activations import ACTIVATIONS
from polytask.deep.blocks.base import Stage
from polytask.deep.blocks.convolution import Convolution
from polytask.deep.blocks.dense import Dense, mlp
from polytask.deep.blocks.embedding import Embedding
from polytask.deep.blocks.maxout import Maxout
from polytask.deep.blocks.norms import BatchNorm, Dropout, LayerNorm
from polytask.deep.blocks.own import Own
from polytask.deep.blocks.pair_features import PairFeatures
from polytask.deep.blocks.pooling import Pooling
from polytask.deep.blocks.positional_encoding import PositionalEncoding
from polytask.deep.blocks.recurrent import Recurrent
from polytask.deep.blocks.transformer import Transformer
from polytask.deep.blocks.view import Flat, View
from polytask.deep.blocks.word_dropout import WordDropout

__all__ = [
    "ACTIVATIONS",
    "BatchNorm",
    "Convolution",
    "Dense",
    "Dropout",
    "Embedding",
    "Flat",
    "LayerNorm",
    "Maxout",
    "Own",
    "PairFeatures",
    "Pooling",
    "PositionalEncoding",
    "Recurrent",
    "Stage",
    "Transformer",
    "View",
    "WordDropout",
    "mlp",
]
