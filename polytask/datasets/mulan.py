"""What the sets of the Mulan collection have in common: ARFF files, and how they are read."""

import re

import numpy as np

from polytask.datasets.base import Dataset
from polytask.datasets.files import DataFile, Repository
from polytask.datasets.readers import category, numbers, table
from polytask.datasets.tables import rows, shared
from polytask.datasets.writers import arff, lines, packed
from polytask.kinds import Binary
from polytask.labels import Input

MULAN = Repository("tsoumakas/mulan", "43f6389095ad71984264db4387a8074b22bc7d4a")

SPYROMITROS = (
    "Spyromitros-Xioufis, Tsoumakas, Groves, Vlahavas. Multi-target regression via input space "
    "expansion. Machine Learning 104, 2016."
)


class MultiTarget(Dataset):
    """A table of inputs and several targets; the last columns of the file are the targets."""

    source = "http://mulan.sourceforge.net/datasets-mtr.html"
    licence = "not stated"
    split = "none; the literature uses 10-fold cross-validation and the mean relative RMSE"
    categorical = False

    def load(self):
        header, cells = table(self._path(".csv.gz"))
        x = [j for j, name in enumerate(header) if name.startswith("x:")]
        y = [j for j, name in enumerate(header) if name.startswith("y:")]
        X, inputs = _inputs(header, cells, x, categorical=self.categorical)
        return shared(X, numbers(cells, y), [header[j][2:] for j in y], inputs=inputs)


class MultiLabel(Dataset):
    """A table of inputs and several yes-or-no labels, with an official split."""

    source = "http://mulan.sourceforge.net/datasets-mlc.html"
    licence = "not stated"
    sizes = (0, 0)

    def load(self):
        header, cells = table(self._path(".csv.gz"))
        x = [j for j, name in enumerate(header) if name.startswith("x:")]
        y = [j for j, name in enumerate(header) if name.startswith("y:")]
        X, inputs = _inputs(header, cells, x, categorical=False)
        names = [header[j][2:] for j in y]
        return shared(X, numbers(cells, y), names, kind=Binary(), inputs=inputs)

    def parts(self):
        train, test = self.sizes
        return {"train": rows(0, train), "test": rows(train, train + test)}


def _inputs(header, cells, columns, *, categorical):
    names = _distinct([header[j][2:] for j in columns])
    if not categorical:
        return numbers(cells, columns), names
    found = [category(cells, j) for j in columns]
    inputs = [Input(name, levels) for name, (_, levels) in zip(names, found, strict=True)]
    return np.column_stack([codes for codes, _ in found]), inputs


def _distinct(names):
    seen: dict[str, int] = {}
    out = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return out


def target_file(name, n_targets, original_sum, our_sum):
    """The file of a multi-target set, made from its ARFF file."""

    def convert(content):
        names, cells = arff(content)
        marks = ["x:"] * (len(names) - n_targets) + ["y:"] * n_targets
        head = [mark + name for mark, name in zip(marks, names, strict=True)]
        return packed(lines([head, *cells]))

    original = MULAN.file(f"data/multi-target/{name}.arff", original_sum)
    return (DataFile(f"mulan_mtr/{name}.csv.gz", our_sum, (original,), convert, rebuilt=True),)


def label_file(name, original_sums, our_sum):
    """The file of a multi-label set, made from the ARFF files of its parts and the label list."""

    def convert(train, test, listed):
        (names, first), (_, second) = arff(train), arff(test)
        labels = re.findall(r'<label name="([^"]+)"', listed.decode("utf-8"))
        inputs = [one for one in names if one not in labels]
        order = [names.index(one) for one in (*inputs, *labels)]
        head = ["split", *(f"x:{one}" for one in inputs), *(f"y:{one}" for one in labels)]
        body = [
            [part, *(row[j] for j in order)]
            for part, cells in (("train", first), ("test", second))
            for row in cells
        ]
        return packed(lines([head, *body]))

    folder = f"data/multi-label/{name}/{name}"
    originals = tuple(
        MULAN.file(folder + ending, one)
        for ending, one in zip(("-train.arff", "-test.arff", ".xml"), original_sums, strict=True)
    )
    return (DataFile(f"mulan_mll/{name}.csv.gz", our_sum, originals, convert, rebuilt=True),)
