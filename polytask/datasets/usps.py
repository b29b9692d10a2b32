"""USPS: digits from envelopes."""

from dataclasses import dataclass

import numpy as np

from polytask.datasets.base import Dataset, one_of
from polytask.datasets.files import DataFile, Repository
from polytask.datasets.mnist import TARGETS, digit_tasks
from polytask.datasets.readers import arrays
from polytask.datasets.tables import rows
from polytask.datasets.writers import hdf5, npz

REPOSITORY = Repository(
    "niuers/Learning-From-Data-A-Short-Course", "879a698b960e5867f7c2b11f8938fa89c3d21839"
)


def convert(content):
    """From HDF5 with pixels in [0, 1] to whole thousandths of the original ones in [-1, 1]."""
    file = hdf5(content)
    made = {}
    for part in ("train", "test"):
        pixels = file[f"{part}/data"].astype(np.float64) * 2000
        made[f"X_{part}"] = np.rint(pixels).astype(np.uint16)
        made[f"y_{part}"] = file[f"{part}/target"].astype(np.uint8)
    return npz(**made)


@dataclass(frozen=True)
class USPS(Dataset):
    """Which digit is it? 9,298 pictures of 16 × 16 pixels: ten binary tasks, or one task.

    Inputs are pixels from -1 to 1; the first 7,291 rows are the training part.

    Parameters
    ----------
    target : {"one-vs-rest", "multiclass"}
        Tasks ``digit 0`` to ``digit 9``, or one task ``digit``.

    Examples
    --------
    >>> USPS().rows
    9298
    """

    target: str = "one-vs-rest"

    name = "usps"
    title = "USPS digits"
    rows, features, tasks = 9298, 256, 10
    source = "https://hastie.su.domains/ElemStatLearn/"
    licence = "not stated"
    citation = (
        "Hull. A database for handwritten text recognition research. IEEE PAMI 16, 1994; Hastie, "
        "Tibshirani, Friedman. The Elements of Statistical Learning. Springer 2009."
    )
    split = "official, 7,291 training and 2,007 test rows: ``splits()``"
    traps = (
        "the test part is known to be harder than the training part, so a random split of all rows "
        "is easier than the official one."
    )
    files = (
        DataFile(
            "usps/usps.npz",
            "0ac7dd7acc154fae5afceadb13e272c5fd634a19171be5911fa3f6f175fc9333",
            (
                REPOSITORY.file(
                    "data/usps.h5",
                    "734f88c541104a956d88be2c95d03b4a463ffd74ccc2ba9c80841fb98e3fcb36",
                ),
            ),
            convert,
            rebuilt=True,
        ),
    )

    def __post_init__(self):
        one_of(self, "target", self.target, TARGETS)

    def load(self):
        file = arrays(self._path(".npz"))
        X = np.concatenate([file["X_train"], file["X_test"]]) / 1000 - 1
        y = np.concatenate([file["y_train"], file["y_test"]])
        return digit_tasks(X, y, self.target)

    def parts(self):
        return {"train": rows(0, 7291), "test": rows(7291, 9298)}
