"""Columns of whole numbers as vectors."""

from dataclasses import dataclass, replace

import torch
from torch import nn

from polytask.deep.blocks.base import Stage
from polytask.errors import DataError, ParameterError, require


@dataclass(frozen=True)
class Embedding(Stage):
    """A learned vector for every value of a column of whole numbers; other columns stay.

    At every position of a sequence, or for every row of a table: the vectors of the columns side
    by side, then the columns that are not embedded.

    Parameters
    ----------
    sizes : tuple of int, >= 1
        Number of values per embedded column: its codes are ``0 ... size - 1``.
    widths : int >= 1, or tuple of int
        Length of the vectors, of all columns or of each.
    columns : tuple of int, optional
        Where the embedded columns stand among the inputs; default: they come first.

    Raises
    ------
    ParameterError
        If sizes, widths and columns do not fit each other, or the inputs.

    References
    ----------
    Bengio, Ducharme, Vincent, Jauvin. A neural probabilistic language model. JMLR 3, 2003.

    Examples
    --------
    >>> from polytask import deep
    >>> words_and_case = deep.Embedding((20_000, 4), (64, 8))
    >>> words_and_case.outputs(deep.Shape(2, (None,)))
    Shape(channels=72, grid=(None,))
    """

    sizes: tuple[int, ...]
    widths: int | tuple[int, ...] = 16
    columns: tuple[int, ...] | None = None

    def __post_init__(self):
        require(
            len(self.sizes) >= 1 and min(self.sizes) >= 1 and min(self._widths) >= 1,
            f"Embedding needs sizes and widths >= 1. Found {self!r}.",
        )
        require(
            len(self.sizes) == len(self._widths) == len(set(self._columns)),
            f"Embedding needs one width and one column for each of its {len(self.sizes)} sizes. "
            f"Found {self!r}.",
        )

    def build(self, inputs):
        """`torch.nn.Embedding` for every embedded column."""
        self.outputs(inputs)
        return _Embedded(self.sizes, self._widths, self._columns)

    def outputs(self, inputs):
        """The widths and the columns that stay, at the same positions."""
        shape = self.needs(inputs, "vectors", "sequences")
        require(
            max(self._columns) < shape.channels,
            f"Embedding names column {max(self._columns)}. Found {shape.channels} columns, counted "
            "from 0.",
            ParameterError,
        )
        return replace(shape, channels=sum(self._widths) + shape.channels - len(self.sizes))

    @property
    def _widths(self):
        one = isinstance(self.widths, int)
        return (self.widths,) * len(self.sizes) if one else tuple(self.widths)

    @property
    def _columns(self):
        return tuple(range(len(self.sizes))) if self.columns is None else tuple(self.columns)

    @classmethod
    def examples(cls):
        """Two columns of their own widths; one in the middle."""
        yield cls((5, 4), (3, 2))
        yield cls((4,), 3, columns=(1,))


class _Embedded(nn.Module):
    def __init__(self, sizes, widths, columns):
        super().__init__()
        self.tables = nn.ModuleList(nn.Embedding(n, k) for n, k in zip(sizes, widths))
        self.columns = columns

    def forward(self, H):
        parts = [self._looked_up(*pair, H) for pair in zip(self.tables, self.columns)]
        rest = [j for j in range(H.shape[-1]) if j not in self.columns]
        if rest:
            parts.append(H[..., rest].to(parts[0].dtype))
        return torch.cat(parts, -1)

    def _looked_up(self, table, column, H):
        codes = H[..., column].long()
        try:
            return table(codes)
        except IndexError:
            raise DataError(
                f"Column {column} is embedded with {table.num_embeddings} values, 0 to "
                f"{table.num_embeddings - 1}. Found {codes.min()} to {codes.max()}. Give it more "
                "sizes, or code what is unknown as a value of its own."
            ) from None
