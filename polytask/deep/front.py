"""The way from the columns of a table into a net: numbers in their units, categories as vectors."""

from dataclasses import dataclass, replace

import numpy as np
from torch import nn

from polytask.deep.blocks import Embedding
from polytask.deep.sharing import Net
from polytask.ops import Scale

WIDEST = 32


@dataclass(frozen=True, eq=False)
class Front(Scale):
    """Units of number columns, and codes of categories that a net can look up.

    A column of K levels has the codes ``0 ... K-1``; K is a gap, K+1 a level that is not known.

    Attributes
    ----------
    levels : tuple of (column, K)

    Examples
    --------
    >>> from polytask.labels import Input
    >>> inputs = (Input("eye", ("blue", "grey")), Input("age"))
    >>> front = Front.over(Scale(np.array([9.0, 40.0]), np.array([9.0, 10.0])), inputs)
    >>> front.transform(np.array([[1.0, 50.0], [np.nan, 30.0], [-1.0, 40.0]]))
    array([[ 1.,  1.],
           [ 2., -1.],
           [ 3.,  0.]])
    """

    levels: tuple[tuple[int, int], ...] = ()

    @classmethod
    def over(cls, scale, inputs):
        """The front of these columns; their scale itself where none of them has categories."""
        levels = tuple((j, len(c.levels)) for j, c in enumerate(inputs) if c.levels is not None)
        if not levels:
            return scale
        coded = np.isin(np.arange(len(inputs)), [j for j, _ in levels])
        return cls(np.where(coded, 0.0, scale.mean), np.where(coded, 1.0, scale.std), levels)

    def transform(self, X):
        """Numbers in units, and codes without gaps ``(n, d)``."""
        Z = super().transform(X)
        for j, size in self.levels:
            Z[:, j] = _looked_up(X[:, j], size)
        return Z


def _looked_up(codes, size):
    known = (codes >= 0) & (codes < size)
    return np.where(np.isnan(codes), size, np.where(known, codes, size + 1))


def stage(front):
    """The `Embedding` of the categories of a front, or None.

    A column of K levels gets vectors of ``1.6 K^0.56`` numbers, at most 32: a rule of thumb.
    """
    levels = getattr(front, "levels", ())
    if not levels:
        return None
    columns, sizes = zip(*levels)
    widths = tuple(min(WIDEST, max(1, round(1.6 * size**0.56))) for size in sizes)
    return Embedding(tuple(size + 2 for size in sizes), widths, columns)


def built(sharing, aims, shape, front):
    """The net of a sharing on what a front gives, at its start."""
    vectors = stage(front)
    if vectors is None:
        return sharing.build(aims, shape)
    return Entered(vectors.build(shape), sharing.build(aims, vectors.outputs(shape)))


class Entered(Net):
    """A net behind the vectors of its categories, which serve all tasks.

    All vectors start at 0. So a level that training has not seen, and a gap where there was none,
    stand where every level began, and change nothing of an answer.

    Parameters
    ----------
    entry : torch.nn.Module
        Embeds the coded columns.
    inner : Net
    """

    def __init__(self, entry, inner):
        super().__init__(inner.targets)
        self.entry, self.inner = entry, inner
        for table in entry.tables:
            nn.init.zeros_(table.weight)
        self.shared_parts = ("entry", *(f"inner.{name}" for name in inner.shared_parts))

    def forward(self, X, tasks=None):
        return self.inner(self.entry(X), tasks)

    def shared(self):
        """The vectors, and what the net inside shares."""
        return [*self.entry.parameters(), *self.inner.shared()]

    def rows_of(self, names):
        """Those of the net inside."""
        return self.inner.rows_of(names)

    def adopt(self, other):
        """Take over the vectors and what the net inside shares."""
        self.inner.adopt(other.inner)
        self.entry.load_state_dict(other.entry.state_dict())

    def follow(self, trained):
        """Begin with the vectors of the trained net, and follow its inside."""
        self.entry.load_state_dict(trained.entry.state_dict())
        self.inner.follow(trained.inner)

    def penalty(self):
        """The price of the net inside."""
        return self.inner.penalty()

    def groups(self):
        """The groups of the net inside."""
        return self.inner.groups()

    def after_step(self, learning_rate):
        """Told to the net inside."""
        self.inner.after_step(learning_rate)

    def after_epoch(self, epoch, data):
        """Told to the net inside, with the training rows as it sees them."""
        return self.inner.after_epoch(epoch, _Behind(data, self.entry))

    def couplings(self):
        """The couplings of the net inside."""
        return self.inner.couplings()

    def relation(self):
        """The relation that the net inside has learnt."""
        return self.inner.relation()


class _Behind:
    """A source whose rows have passed the entry of a net."""

    def __init__(self, source, entry):
        self._source, self._entry = source, entry

    def __getattr__(self, name):
        return getattr(self._source, name)

    def batch(self, pick):
        one = self._source.batch(pick)
        return replace(one, X=self._entry(one.X))


def opened(net, X):
    """A net and rows as numbers alone: of a net with categories the inside, and what it is given.

    The answer to a code has no derivative, that to its vector has one.
    """
    return (net.inner, net.entry(X).detach()) if isinstance(net, Entered) else (net, X)
