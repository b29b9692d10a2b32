"""School: exam scores of pupils, a task per school."""

from dataclasses import dataclass

import numpy as np

from polytask.datasets.base import Dataset
from polytask.datasets.files import DataFile, Repository
from polytask.datasets.readers import arrays
from polytask.datasets.tables import separate
from polytask.datasets.writers import mat, npz

MALSAR = Repository("jiayuzhou/MALSAR", "fb9751594983df020ddc4f7e4a40520ee7c37989")
PYMTL = Repository("tjanez/PyMTL", "97dfc15be3769240f2099d036ce2b55b30a56f5f")
N_ROWS = 15362
COLUMNS = (
    *("year_1985", "year_1986", "year_1987", "free_meals", "vr1_band", "male", "female"),
    *("pupil_vr_a", "pupil_vr_b", "pupil_vr_c"),
    *(f"ethnic_group_{i}" for i in range(1, 12)),
    *("school_gender_1", "school_gender_2", "school_gender_3"),
    *("denomination_1", "denomination_2", "denomination_3", "constant"),
)
INDEXES = (
    "030c9ca0a73d6264aa1eeac49aba1d760a1b5692cd3124667e74a7a2b7751bc5",
    "63d3a076a4cdd3de81825d3cf0c030b93bdc60e912eaed4763ee224efab163f8",
    "f7f68e3adb50db8094e230c2b83d548790379cd93ad98fadb35ff2999762dbe6",
    "02643928224056a61e25dec8d4841dba5195ed9affdc76fdc697854a2506d142",
    "6ed00a453d582dce4397f6f49120cff803c22f53cfb2dd63a3826c359c24bcdf",
    "ca853babe5b7f0f5812e7f4261f8b5e5728f1b3b06711e56a76b27b7f959f379",
    "b72105509c70f94f48c7c8b0e1359c6c0ea630c7ac588337b412f946ede62283",
    "8ad60073b135220f1a6f49fdd79b4430b6a0c8ce9925a22dcc5a09141f5b1c04",
    "0de74247d93c413b690ebb65e2e7beb1c55f05b2a2d5db46469e673a552cccf2",
    "b408742eab66cd124563493057b080fd39e5075f48b4c391c53e5f6a1a4c8df1",
)


def convert(content):
    """From MATLAB cells per school to one table with the number of the school."""
    cells = mat(content)
    X, y = list(cells["X"][0]), list(cells["Y"][0])
    return npz(
        X=np.concatenate(X).astype(np.uint8),
        y=np.concatenate(y).ravel().astype(np.uint8),
        task=np.repeat(np.arange(len(X)), [len(one) for one in X]).astype(np.int16),
    )


def convert_splits(*contents):
    """From lists of training rows, counted from 1, to packed masks."""
    masks = np.zeros((len(contents), N_ROWS), dtype=bool)
    for mask, content in zip(masks, contents, strict=True):
        mask[mat(content)["tr"].ravel().astype(np.int64) - 1] = True
    return npz(train_packed=np.packbits(masks, axis=1), n_rows=np.int64(N_ROWS))


@dataclass(frozen=True)
class School(Dataset):
    """Exam scores of 15,362 pupils of 139 schools in London: a regression task per school.

    Every school has its own pupils (22 to 251). Inputs describe the pupil (year, gender, verbal
    reasoning band, ethnic group) and the school (free meals, share in band 1, gender,
    denomination); the last one is the constant 1. Tasks are called ``school 1`` to ``school 139``.

    Examples
    --------
    >>> School().rows, School().tasks
    (15362, 139)
    """

    name = "school"
    title = "School (Inner London Education Authority)"
    rows, features, tasks = N_ROWS, 28, 139
    source = "http://www.cs.ucl.ac.uk/staff/A.Argyriou/code/"
    licence = "not stated"
    citation = (
        "Nuttall, Goldstein, Prosser, Rasbash. Differential school effectiveness. International "
        "Journal of Educational Research 13, 1989. As tasks: Bakker, Heskes. JMLR 4, 2003; "
        "Argyriou, Evgeniou, Pontil. Machine Learning 73, 2008."
    )
    split = "ten official splits into 11,472 training and 3,890 test rows (Argyriou): ``splits()``"
    traps = (
        "columns 21 to 27 are constant within a school, so a model per school cannot use them; two "
        "definitions of explained variance are in circulation (within tasks, pooled) and differ by "
        "ten points; which code of a category means what was not stated with the file."
    )
    files = (
        DataFile(
            "school/school.npz",
            "fbd94e101cab8241efd5e87a87c7cfb2ca7d0dfc928ef832c1e7fbc0bc23a41c",
            (
                MALSAR.file(
                    "data/school.mat",
                    "57fb3238fdd03a9aa17276e2ce18d9bbb5d128c3261e794fe6233b58b6909068",
                ),
            ),
            convert,
            rebuilt=True,
        ),
        DataFile(
            "school/splits.npz",
            "258a63c84f38c89474330ef95445673a204112cdd09ccc3a5f735302326ee737",
            tuple(
                PYMTL.file(f"data/school/school_{i}_indexes.mat", sha256)
                for i, sha256 in enumerate(INDEXES, 1)
            ),
            convert_splits,
            rebuilt=True,
        ),
    )

    def load(self):
        file = arrays(self._path("school.npz"))
        names = [f"school {t + 1}" for t in range(self.tasks)]
        X = file["X"].astype(np.float64)
        return separate(X, file["y"], file["task"], names, inputs=COLUMNS)

    def splits(self):
        file = arrays(self._path("splits.npz"))
        masks = np.unpackbits(file["train_packed"], axis=1)[:, : self.rows].astype(bool)
        return [(np.flatnonzero(mask), np.flatnonzero(~mask)) for mask in masks]
