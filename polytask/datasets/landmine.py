"""Landmine: radar features of mine fields, a task per field."""

from dataclasses import dataclass

import numpy as np

from polytask.datasets.base import Dataset
from polytask.datasets.files import DataFile, Repository
from polytask.datasets.readers import arrays
from polytask.datasets.tables import separate
from polytask.datasets.writers import mat, npz
from polytask.kinds import Binary

REPOSITORY = Repository(
    "daizhongxiang/Federated_Bayesian_Optimization", "30a4548606f2ae9bc62c6bf0eb4110177aa3876a"
)


def convert(content):
    """From MATLAB cells per field to one table with the number of the field."""
    cells = mat(content)
    X, y = list(cells["feature"][0]), list(cells["label"][0])
    return npz(
        X=np.concatenate(X).astype(np.float64),
        y=np.concatenate(y).ravel().astype(np.uint8),
        task=np.repeat(np.arange(len(X)), [len(one) for one in X]).astype(np.int16),
    )


@dataclass(frozen=True)
class Landmine(Dataset):
    """Is it a mine? 14,820 radar spots in 29 mine fields: a binary task per field.

    Every field has its own rows (445 to 690), 6.1 % of them mines. Tasks ``field 1`` to
    ``field 15`` are foliated, ``field 16`` to ``field 29`` bare earth or desert.

    Examples
    --------
    >>> Landmine().tasks
    29
    """

    name = "landmine"
    title = "Landmine detection from radar"
    rows, features, tasks = 14820, 9, 29
    source = "http://www.ee.duke.edu/~lcarin/LandmineData.zip"
    licence = "not stated"
    citation = (
        "Xue, Liao, Carin, Krishnapuram. Multi-task learning for classification with Dirichlet "
        "process priors. JMLR 8, 2007."
    )
    split = "none fixed; papers draw 20 to 300 training rows per task at random"
    traps = (
        "with 6 % positives accuracy says nothing, use AUC; a draw of 20 rows often has one class "
        "only; one row stands twice, within its task."
    )
    files = (
        DataFile(
            "landmine/landmine.npz",
            "1684edf5e3f3072a3fd4c38cbd845f7bb75173bb8d25a666b5e42fddbcbd43bd",
            (
                REPOSITORY.file(
                    "LandmineData.mat",
                    "2163ab20a80e33a8b65593c48cf283c540599dcb291105e63fa4af2ce24c2bea",
                ),
            ),
            convert,
            rebuilt=True,
        ),
    )

    def load(self):
        file = arrays(self._path("landmine.npz"))
        names = [f"field {t + 1}" for t in range(self.tasks)]
        return separate(file["X"], file["y"], file["task"], names, kind=Binary())
