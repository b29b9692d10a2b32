"""Labels at positions: of the words of a sentence, of the pixels of a map."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.errors import DataError, require
from polytask.kinds.base import Kind
from polytask.kinds.classes import Classes, found


class Positions(Kind):
    """A row has an array of labels. Such tasks live in a source of batches, not in a table."""

    positional: ClassVar[bool] = True


@dataclass(frozen=True)
class Tagging(Positions, Classes):
    """One of K tags per word of a sentence.

    Parameters
    ----------
    classes : tuple of K labels, sorted

    Examples
    --------
    >>> kind = Tagging(("B-NP", "I-NP", "O"))
    >>> kind.encode([["B-NP", "I-NP"], ["O", None]], "chunk")
    [array([0., 1.]), array([ 2., nan])]
    >>> kind.decode([[0, 1], [2]])
    [['B-NP', 'I-NP'], ['O']]
    """

    classes: tuple = ("B", "I", "O")
    name: ClassVar[str] = "tagging"
    loss: ClassVar[str] = "multinomial"
    metrics: ClassVar[tuple[str, ...]] = ("token_accuracy",)

    def __post_init__(self):
        require(len(self.classes) >= 2, f"{_name(self)} needs 2 classes. Found {self.classes}.")

    @property
    def width(self):
        return len(self.classes)

    @classmethod
    def of(cls, values, column):
        """The tags that occur in sentences."""
        flat = [label for row in _rows(values, column) for label in row]
        return cls(found(np.array(flat, dtype=object), column))

    def encode(self, values, column):
        """Codes of every sentence, a list of arrays ``(length,)``; NaN where a word has no tag."""
        encode = super().encode
        return [encode(np.array(row, dtype=object), column) for row in _rows(values, column)]

    def decode(self, codes):
        """Tags of every sentence, a list of lists."""
        return [[self.classes[int(code)] for code in row] for row in codes]

    def score(self, y, outputs, weight=None):
        """Share of right tags among the words ``(m,)`` of all sentences."""
        return super().score(y, outputs, weight)


@dataclass(frozen=True)
class DenseClasses(Positions, Classes):
    """One of K classes per pixel of a map.

    Parameters
    ----------
    classes : tuple of K labels, sorted

    Examples
    --------
    >>> kind = DenseClasses(("road", "sky"))
    >>> kind.encode([[["road", None], ["sky", "sky"]]], "scene")
    array([[[ 0., nan],
            [ 1.,  1.]]])
    """

    classes: tuple = (0, 1)
    name: ClassVar[str] = "dense_classes"
    loss: ClassVar[str] = "multinomial"
    metrics: ClassVar[tuple[str, ...]] = ("mean_iou", "pixel_accuracy")

    def __post_init__(self):
        require(len(self.classes) >= 2, f"{_name(self)} needs 2 classes. Found {self.classes}.")

    @property
    def width(self):
        return len(self.classes)

    @classmethod
    def of(cls, values, column):
        return cls(found(np.asarray(values).ravel(), column))

    def encode(self, values, column):
        """Codes ``(n, *grid)`` of maps of labels; NaN where a pixel has none."""
        values = np.asarray(values)
        return super().encode(values.ravel(), column).reshape(values.shape)

    def score(self, y, outputs, weight=None):
        """Share of right classes among the pixels ``(m,)`` of all maps."""
        return super().score(y, outputs, weight)


@dataclass(frozen=True)
class DenseNumbers(Positions):
    """A number per pixel, or a vector of ``width`` numbers: a depth, a distance, an offset.

    Labels are ``(n, *grid)``, vectors ``(n, *grid, width)``.

    Parameters
    ----------
    width : int, >= 1

    Examples
    --------
    >>> DenseNumbers(2).encode(np.zeros((1, 2, 2, 2)), "offset").shape
    (1, 2, 2, 2)
    """

    width: int = 1
    name: ClassVar[str] = "dense_numbers"
    loss: ClassVar[str] = "squared"
    metrics: ClassVar[tuple[str, ...]] = ("position_mae", "position_rmse")

    def __post_init__(self):
        require(self.width >= 1, f"DenseNumbers needs width >= 1. Found width={self.width}.")

    @classmethod
    def of(cls, values, column):
        return cls()

    def encode(self, values, column):
        """The numbers ``(n, *grid[, width])``; NaN where there is none, infinity allowed."""
        codes = np.asarray(values, dtype=np.float64)
        require(
            self.width == 1 or codes.shape[-1:] == (self.width,),
            f"Task {column!r} has vectors of {self.width} numbers. Found labels of shape "
            f"{codes.shape}.",
            DataError,
        )
        return codes

    def decode(self, codes):
        return np.asarray(codes, dtype=np.float64)

    def predict(self, outputs):
        return np.asarray(outputs, dtype=np.float64)

    def score(self, y, outputs, weight=None):
        """R² over the positions ``(m,)`` or ``(m, width)``: components together."""
        y, outputs = np.asarray(y, dtype=np.float64), np.asarray(outputs, dtype=np.float64)
        y, outputs = y.reshape(len(y), -1), outputs.reshape(len(y), -1)
        weight = np.ones(len(y)) if weight is None else np.asarray(weight)
        spread = weight @ (y - np.average(y, axis=0, weights=weight)) ** 2
        if spread.sum() == 0:
            return float("nan")
        return float(1 - (weight @ (y - outputs) ** 2).sum() / spread.sum())


def _rows(values, column):
    require(
        all(np.ndim(row) == 1 for row in values),
        f"Task {column!r} has a tag per word: a list of sentences, each a list of tags. Found "
        f"{type(next(iter(values), None)).__name__}.",
        DataError,
    )
    return list(values)


def _name(kind):
    return type(kind).__name__
