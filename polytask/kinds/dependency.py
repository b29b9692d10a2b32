"""Labels that are a tree over the words of a sentence."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.errors import DataError, require
from polytask.kinds.positions import Positions


@dataclass(frozen=True)
class Dependency(Positions):
    """The word that every word depends on, and how: a dependency tree.

    A label is a pair: the number of the head, counted from 1 (0: the root of the tree), and the
    relation to it. Codes are ``(length, 2)``: heads, and positions in ``relations``.

    Parameters
    ----------
    relations : tuple of K str, sorted

    Examples
    --------
    >>> kind = Dependency(("det", "root"))
    >>> kind.encode([[(2, "det"), (0, "root")]], "syntax")[0].tolist()
    [[2.0, 0.0], [0.0, 1.0]]
    >>> kind.decode([[[2, 0], [0, 1]]])
    [[(2, 'det'), (0, 'root')]]
    """

    relations: tuple = ("dep", "root")
    name: ClassVar[str] = "dependency"
    loss: ClassVar[str] = "dependency"
    metrics: ClassVar[tuple[str, ...]] = ()
    numeric: ClassVar[bool] = False

    def __post_init__(self):
        require(
            len(self.relations) >= 1,
            f"Dependency needs one relation or more. Found {self.relations}.",
        )

    @classmethod
    def of(cls, values, column):
        """The relations that occur in sentences."""
        return cls(tuple(sorted({relation for row in values for _, relation in row})))

    def encode(self, values, column):
        """Codes ``(length, 2)`` of every sentence, a list; NaN where a word has no label.

        Raises
        ------
        DataError
            If a head is no word of its sentence, or a relation is not known; names the column.
        """
        return [self._sentence(row, column) for row in values]

    def _sentence(self, row, column):
        codes = np.full((len(row), 2), np.nan)
        for i, label in enumerate(row):
            if label is None:
                continue
            head, relation = int(label[0]), label[1]
            if not 0 <= head <= len(row) or head == i + 1 or relation not in self.relations:
                raise DataError(
                    f"Task {column!r} needs heads from 0 to {len(row)} that are another word, and "
                    f"relations out of {list(self.relations)[:10]}. Found {label!r} for word "
                    f"{i + 1}. Correct it."
                )
            codes[i] = head, self.relations.index(relation)
        return codes

    def decode(self, codes):
        """Pairs of every sentence, a list of lists."""
        return [[(int(head), self.relations[int(code)]) for head, code in row] for row in codes]

    def predict(self, outputs):
        return np.asarray(outputs, dtype=np.float64)

    def score(self, y, outputs, weight=None):
        """Share of the words ``(m, 2)`` with the right head and the right relation (LAS)."""
        right = (np.asarray(y) == np.asarray(outputs)).all(axis=1)
        return float(np.average(right, weights=weight))


def attachment(kind, true, predicted):
    """Unlabelled and labelled attachment score: shares of words with the right head, in [0, 1].

    Parameters
    ----------
    kind : Dependency
    true, predicted : lists of sentences, each a list of pairs (head, relation)

    Returns
    -------
    (float, float)
        The second counts words whose relation is right too.

    Examples
    --------
    >>> kind = Dependency(("det", "nsubj", "root"))
    >>> true = [[(2, "nsubj"), (0, "root")]]
    >>> attachment(kind, true, [[(2, "det"), (1, "root")]])
    (0.5, 0.0)
    """
    y, said = (np.concatenate(kind.encode(rows, "dependency")) for rows in (true, predicted))
    return float((y[:, 0] == said[:, 0]).mean()), kind.score(y, said)
