"""What the two census sets have in common: persons with numbers and categories."""

from typing import ClassVar

import numpy as np

from polytask.datasets.base import Dataset
from polytask.datasets.readers import category, numbers
from polytask.datasets.tables import shared
from polytask.errors import require
from polytask.kinds import Binary
from polytask.labels import Input


class Census(Dataset):
    """Persons; the columns that make a chosen task are left out of the inputs.

    A subclass has the field ``targets``, and says per task which column it is made of, which
    values count as yes, and which columns give it away.
    """

    targets: tuple[str, ...]
    columns: ClassVar[tuple[str, ...]]
    numeric: ClassVar[tuple[str, ...]]
    never: ClassVar[tuple[str, ...]]  # columns that are labels or weights
    # task -> (column, words that make a yes, columns that are left out)
    made_of: ClassVar[dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]]]

    def __post_init__(self):
        unknown = [one for one in self.targets if one not in self.made_of]
        require(
            self.targets and not unknown,
            f"{type(self).__name__} needs targets out of {tuple(self.made_of)}. "
            f"Found {self.targets!r}.",
        )

    def _table(self, cells):
        out = {name for target in self.targets for name in self.made_of[target][2]}
        inputs: list[Input] = []
        values = []
        for j, name in enumerate(self.columns):
            if name in out or name in self.never:
                continue
            known = (
                (numbers(cells, [j])[:, 0], None) if name in self.numeric else category(cells, j)
            )
            values.append(known[0])
            inputs.append(Input(name, known[1]))
        Y = np.column_stack([self._label(cells, target) for target in self.targets])
        return shared(np.column_stack(values), Y, self.targets, kind=Binary(), inputs=inputs)

    def _label(self, cells, target):
        column, yes, _ = self.made_of[target]
        j = self.columns.index(column)
        return np.array([row[j].rstrip(".") in yes for row in cells], dtype=np.float64)
