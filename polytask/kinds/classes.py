"""What binary and multiclass labels have in common: a list of classes."""

from abc import abstractmethod
from typing import ClassVar

import numpy as np
from sklearn.metrics import accuracy_score

from polytask.errors import DataError
from polytask.kinds.base import Kind, missing


class Classes(Kind):
    """A label out of a known list; a code is its position in that list."""

    numeric: ClassVar[bool] = False

    def encode(self, values, column):
        values = np.asarray(values)
        gaps = missing(values)
        present, at = np.unique(values[~gaps], return_inverse=True)
        code = {label: i for i, label in enumerate(self.classes)}
        strange = [label for label in present.tolist() if label not in code]
        if strange:
            raise DataError(
                f"Task {column!r} knows the classes {list(self.classes)}. Found {strange[0]!r}. "
                f"Correct the label, or name the classes in kinds={{...}}."
            )
        codes = np.full(len(values), np.nan)
        codes[~gaps] = np.array([code[label] for label in present.tolist()], dtype=float)[at]
        return codes

    def decode(self, codes):
        return np.asarray(self.classes)[np.asarray(codes, dtype=np.int64)]

    def predict(self, outputs):
        return np.argmax(outputs, axis=1).astype(np.float64)

    def strata(self, codes):
        return [codes == code for code in range(len(self.classes))]

    def score(self, y, outputs, weight=None):
        return float(accuracy_score(y, self.predict(outputs), sample_weight=weight))

    @classmethod
    @abstractmethod
    def of(cls, values, column): ...


def found(values, column):
    """The sorted classes ``(K,)`` among labels ``(n,)``, as plain Python values."""
    values = np.asarray(values)
    present = values[~missing(values)]
    try:
        return tuple(np.unique(present).tolist())
    except TypeError:
        types = sorted({type(v).__name__ for v in present})
        raise DataError(
            f"Label column {column!r} mixes types that cannot be sorted: {', '.join(types)}. "
            f"Make them all text or all numbers."
        ) from None
