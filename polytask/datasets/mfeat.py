"""Multiple-features digits: 240 pixel averages."""

from dataclasses import dataclass

import numpy as np

from polytask.datasets.base import Dataset
from polytask.datasets.files import DataFile, Repository
from polytask.datasets.readers import arrays
from polytask.datasets.tables import one_vs_rest
from polytask.datasets.writers import npz

REPOSITORY = Repository("hichamjanati/mutar", "8210f109fbbf5efea759bd6dd21cb29754d7201c")


def convert(content):
    """From text, 200 lines per digit, to arrays."""
    X = np.array(content.split(), dtype=np.uint8).reshape(-1, 240)
    return npz(X=X, y=np.repeat(np.arange(10), 200).astype(np.uint8))


@dataclass(frozen=True)
class Mfeat(Dataset):
    """Is it a 3? 2,000 digits as 240 pixel averages from 0 to 6: a binary task per digit.

    Examples
    --------
    >>> Mfeat().features
    240
    """

    name = "mfeat"
    title = "Multiple features, pixel view"
    rows, features, tasks = 2000, 240, 10
    source = "http://archive.ics.uci.edu/ml/machine-learning-databases/mfeat/mfeat-pix"
    licence = "CC BY 4.0 by the UCI repository (not stated where the copy is)"
    citation = (
        "Duin, van Breukelen. UCI Multiple Features, 1998; Jalali, Ravikumar, Sanghavi, Ruan. A "
        "dirty model for multi-task learning. NIPS 2010."
    )
    split = "none; Jalali et al. draw training rows per digit at random"
    traps = (
        "rows are sorted by digit: shuffle before cutting; Jalali et al. used all six views, this "
        "is the pixel view alone; tasks exclude each other."
    )
    files = (
        DataFile(
            "mfeat_digits/mfeat_pix.npz",
            "ab646538ef58cfcad9661a98c9e8ab73c3b09dfb88f758cdb820debf7d47fec9",
            (
                REPOSITORY.file(
                    "examples/.data/digits.txt",
                    "70a1cd033add46614464a8740ddc23c3693765985bde52ccb6b702bff23b64f1",
                ),
            ),
            convert,
            rebuilt=True,
        ),
    )

    def load(self):
        file = arrays(self._path(".npz"))
        return one_vs_rest(file["X"].astype(np.float64), file["y"], range(10), "digit")
