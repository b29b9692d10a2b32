"""Omniglot: characters of five alphabets, a task per alphabet."""

import io
import zipfile
from dataclasses import dataclass

import numpy as np

from polytask.datasets.base import Dataset
from polytask.datasets.files import DataFile, Repository
from polytask.datasets.png import grey
from polytask.datasets.readers import arrays
from polytask.datasets.writers import npz
from polytask.errors import require
from polytask.kinds import Multiclass
from polytask.labels import Labels
from polytask.task import Task
from polytask.tasks import Tasks

REPOSITORY = Repository("brendenlake/omniglot", "057f034baf2ecb8530bc5710e5a23584d2a519cc")
SIDE = 105


def convert(content):
    """From a folder per character, a picture per drawer, to packed bits, 1 where there is ink."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        paths = sorted(name for name in archive.namelist() if name.endswith(".png"))
        ink = [grey(archive.read(path)) == 0 for path in paths]
    places = [path.split("/")[-3:] for path in paths]  # alphabet, characterNN, NNNN_DD.png
    names, alphabet = np.unique([place[0] for place in places], return_inverse=True)
    return npz(
        ink=np.packbits(np.stack(ink).reshape(len(paths), -1), axis=1),
        alphabet=alphabet.astype(np.uint8),
        character=np.array([int(place[1][-2:]) - 1 for place in places], np.uint8),
        drawer=np.array([int(place[2][-6:-4]) - 1 for place in places], np.uint8),
        alphabet_names=names,
    )


@dataclass(frozen=True)
class Omniglot(Dataset):
    """Which character of this alphabet is it? 2,720 drawings, a task per alphabet.

    A row is a picture of 105 × 105 points, 1 where there is ink, and belongs to one of five tasks
    with 22 to 40 characters each. Groups are the 20 people who drew.

    Parameters
    ----------
    shrink : int, >= 1
        A point of the row is the mean of ``shrink × shrink`` points; rest at the edges is cut off.

    Examples
    --------
    >>> Omniglot(shrink=5).tasks
    5
    """

    shrink: int = 1

    name = "omniglot_small1"
    title = "Omniglot, background small 1"
    rows, features, tasks = 2720, SIDE * SIDE, 5
    source = "https://github.com/brendenlake/omniglot"
    licence = "MIT (the repository)"
    citation = (
        "Lake, Salakhutdinov, Tenenbaum. Human-level concept learning through probabilistic "
        "program induction. Science 350, 2015."
    )
    split = "none fixed; Yang and Hospedales (ICLR 2017) draw among the 20 drawings per character"
    traps = (
        "20 people drew every character of an alphabet: by ``groups`` a new person is tested, at "
        "random a new drawing of the same people."
    )
    files = (
        DataFile(
            "omniglot_small1/omniglot_small1.npz",
            "990b0d6cfc5a161f439cfcf8e0e4be228124e0a5436a326f16ca7c3ee68821e9",
            (
                REPOSITORY.file(
                    "python/images_background_small1.zip",
                    "f38eb80f801274ac2b4dff5b24289016bfaba4a7d5bb50deebf27104ad6cb8a4",
                ),
            ),
            convert,
            rebuilt=True,
        ),
    )

    def __post_init__(self):
        require(
            1 <= self.shrink <= SIDE,
            f"Omniglot needs shrink from 1 to {SIDE}. Found shrink={self.shrink}.",
        )

    def load(self):
        file = arrays(self._path(".npz"))
        bits = np.unpackbits(file["ink"], axis=1)[:, : SIDE * SIDE].reshape(-1, SIDE, SIDE)
        X = _means(bits, self.shrink)
        labels = []
        for a, name in enumerate(file["alphabet_names"].tolist()):
            rows = np.flatnonzero(file["alphabet"] == a)
            codes = file["character"][rows].astype(np.float64)
            kind = Multiclass(tuple(range(int(codes.max()) + 1)))
            labels.append(Labels(Task(name, kind), rows, codes))
        people = file["alphabet"].astype(np.int64) * 100 + file["drawer"]
        return Tasks(X, labels, groups=people)


def _means(pictures, shrink):
    """Means of blocks ``(n, k * k)`` of pictures ``(n, 105, 105)``, float32."""
    k = SIDE // shrink
    blocks = pictures[:, : k * shrink, : k * shrink].reshape(-1, k, shrink, k, shrink)
    return blocks.mean(axis=(2, 4), dtype=np.float32).reshape(len(pictures), -1)
