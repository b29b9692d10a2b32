"""Newsgroups: four text tasks in two related pairs."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from polytask.datasets.base import Dataset
from polytask.datasets.files import DataFile, Repository
from polytask.datasets.readers import arrays, csr
from polytask.datasets.tables import separate
from polytask.datasets.writers import csr_parts, mat, npz
from polytask.kinds import Binary

MALSAR = Repository("jiayuzhou/MALSAR", "fb9751594983df020ddc4f7e4a40520ee7c37989")
TASKS = ("comp_vs_sci_1", "comp_vs_sci_2", "rec_vs_talk_1", "rec_vs_talk_2")


def convert(*contents):
    """From a sparse MATLAB matrix per task to CSR parts."""
    made: dict[str, np.ndarray] = {}
    for name, content in zip(TASKS, contents, strict=True):
        file = mat(content)
        made |= csr_parts(sparse.csr_matrix(file["fea"]), f"{name}_")
        made[f"{name}_y"] = file["gnd"].ravel().astype(np.uint8)
    return npz(**made)


@dataclass(frozen=True)
class Newsgroups(Dataset):
    """Is the posting of this kind or that? 7,091 postings, four binary tasks in two pairs.

    Sparse counts of 2,000 words. Computers against science, twice with other groups, and recreation
    against talk, twice. Code 1 is label 2 of the file.

    Examples
    --------
    >>> Newsgroups().rows
    7091
    """

    name = "newsgroups"
    title = "20 Newsgroups, four tasks"
    rows, features, tasks = 7091, 2000, 4
    source = "http://qwone.com/~jason/20Newsgroups/"
    licence = "not stated"
    citation = "Lang. NewsWeeder: learning to filter netnews. ICML 1995."
    split = "none"
    traps = (
        "the words have no names, and whether both pairs share one vocabulary is not documented; "
        "which side a label stands for is not either."
    )
    files = (
        DataFile(
            "newsgroups_malsar/newsgroups_malsar.npz",
            "01e5df404e19c3408c86d1d7f2bcea8608d43adfcf1ce00548325a0bdc072cf3",
            (
                MALSAR.file(
                    "data/Newsgroup/comp.vs.sci/task1.mat",
                    "136e73185215cdc5fe7af4c2e0d86dae9da864e119fef95253ef6614d139d7ab",
                ),
                MALSAR.file(
                    "data/Newsgroup/comp.vs.sci/task2.mat",
                    "efafdffe36f05668f9cd638cbfad45a96b6e69e385a65fb7a24dda6082adec52",
                ),
                MALSAR.file(
                    "data/Newsgroup/rec.vs.talk/Task1.mat",
                    "2ccc2c933adb5e9a88524e0d0a90022ee925e3395fead485c2d7d31a14149997",
                ),
                MALSAR.file(
                    "data/Newsgroup/rec.vs.talk/Task2.mat",
                    "162fe06ddbad645577a2c538645f72115416811f8ee6dffc2fe2944a1c632e08",
                ),
            ),
            convert,
            rebuilt=True,
        ),
    )

    def load(self):
        file = arrays(self._path(".npz"))
        X = sparse.vstack([csr(file, f"{name}_") for name in TASKS], format="csr")
        y = np.concatenate([file[f"{name}_y"] for name in TASKS]) - 1
        task = np.repeat(np.arange(4), [len(file[f"{name}_y"]) for name in TASKS])
        return separate(X, y, task, TASKS, kind=Binary())
