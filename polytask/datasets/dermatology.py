"""Dermatology: six diseases of the skin."""

from dataclasses import dataclass

from polytask.datasets.base import Dataset, one_of
from polytask.datasets.files import DataFile, Repository
from polytask.datasets.mnist import TARGETS
from polytask.datasets.readers import numbers, table
from polytask.datasets.tables import one_vs_rest, shared
from polytask.datasets.writers import same
from polytask.kinds import Multiclass

REPOSITORY = Repository("ddlteaching/FreddieMac", "7c2bfa1bccf9ae873ee90c159c597834f56afc8d")


@dataclass(frozen=True)
class Dermatology(Dataset):
    """Which of six diseases of the skin is it? 358 patients, 33 graded signs and the age.

    Parameters
    ----------
    target : {"one-vs-rest", "multiclass"}
        Binary tasks ``disease 1`` to ``disease 6``, or one task ``disease``.

    Examples
    --------
    >>> Dermatology().tasks
    6
    """

    target: str = "one-vs-rest"

    name = "dermatology"
    title = "Dermatology (erythemato-squamous diseases)"
    rows, features, tasks = 358, 34, 6
    source = "https://archive.ics.uci.edu/dataset/33/dermatology"
    licence = "CC BY 4.0 by the UCI repository (not stated where the copy is)"
    citation = (
        "Güvenir, Demiröz, Ilter. Learning differential diagnosis of erythemato-squamous diseases. "
        "Artificial Intelligence in Medicine 13, 1998."
    )
    split = "none; random splits"
    traps = (
        "8 of the 366 rows, of unknown age, are left out in this copy; one-vs-rest tasks exclude "
        "each other, and some are almost separated."
    )
    files = (
        DataFile(
            "dermatology/dermatology.csv",
            "64a55551d9bb55497ddcf4775e794f8e815f21946ea2e0adf56f347f3af81665",
            (
                REPOSITORY.file(
                    "data/dermatology.data",
                    "64a55551d9bb55497ddcf4775e794f8e815f21946ea2e0adf56f347f3af81665",
                ),
            ),
            same,
            rebuilt=True,
        ),
    )

    def __post_init__(self):
        one_of(self, "target", self.target, TARGETS)

    def load(self):
        _, cells = table(self._path(".csv"))
        values = numbers(cells)
        X, disease = values[:, :34].copy(), values[:, 34]
        inputs = [*(f"sign_{i}" for i in range(1, 34)), "age"]
        if self.target == "one-vs-rest":
            return one_vs_rest(X, disease, range(1, 7), "disease", inputs=inputs)
        kind = Multiclass((1, 2, 3, 4, 5, 6))
        codes = (disease - 1)[:, None]
        return shared(X, codes, ["disease"], kind=kind, inputs=inputs)
