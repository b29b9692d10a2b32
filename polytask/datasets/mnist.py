"""MNIST: 70,000 handwritten digits."""

from dataclasses import dataclass

import numpy as np

from polytask.datasets.base import Dataset, one_of
from polytask.datasets.files import DataFile, Repository
from polytask.datasets.readers import idx
from polytask.datasets.tables import one_vs_rest, rows, shared
from polytask.datasets.writers import repacked
from polytask.kinds import Multiclass

EQUINOX = Repository("patrick-kidger/equinox", "9336d820b2ef66b360fc6cb3611b3da5cefbb14d")
TARGETS = ("one-vs-rest", "multiclass")


def picture_file(name, our_sum, original_sum):
    """One of the four files, compressed again."""
    original = EQUINOX.file(f"docs/examples/MNIST/MNIST/raw/{name}.gz", original_sum)
    return DataFile(f"mnist/{name}.gz", our_sum, (original,), repacked, rebuilt=True)


@dataclass(frozen=True)
class MNIST(Dataset):
    """Which digit is it? 70,000 pictures of 28 × 28 pixels: ten binary tasks, or one task.

    Inputs are pixels from 0 to 1 as float32 (210 MB); the first 60,000 rows are the training part.

    Parameters
    ----------
    target : {"one-vs-rest", "multiclass"}
        Tasks ``digit 0`` to ``digit 9``, or one task ``digit``.

    Examples
    --------
    >>> MNIST(target="multiclass").rows
    70000
    """

    target: str = "one-vs-rest"

    name = "mnist"
    title = "MNIST"
    rows, features, tasks = 70000, 784, 10
    source = "http://yann.lecun.com/exdb/mnist/"
    licence = "commonly given as CC BY-SA 3.0"
    citation = (
        "LeCun, Bottou, Bengio, Haffner. Gradient-based learning applied to document recognition. "
        "Proc. IEEE 86, 1998."
    )
    split = "official, 60,000 training and 10,000 test rows: ``splits()``"
    traps = (
        "one-vs-rest tasks exclude each other and have one positive in ten; methods differ by less "
        "than a point unless the training part is made small."
    )
    files = (
        picture_file(
            "train-images-idx3-ubyte",
            "71524e2cd1ad2968737f7f2f2ff69cbfc32df8ccddff51593f7cb2d4e0eb5b64",
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        ),
        picture_file(
            "train-labels-idx1-ubyte",
            "fe03b8bd7915f70bf5aa08be480aa413fbd85afcaa58b35d230d335f284fd88e",
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        ),
        picture_file(
            "t10k-images-idx3-ubyte",
            "5634745efa576a17e7d4cf5cd9d09123c75e6538e5114267c2d156edaf519341",
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        ),
        picture_file(
            "t10k-labels-idx1-ubyte",
            "ae18e77e031ccde52407f794d123116439864147d33ac992975f85dd4dc42af6",
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        ),
    )

    def __post_init__(self):
        one_of(self, "target", self.target, TARGETS)

    def load(self):
        X = np.concatenate([idx(self._path(f"{part}-images-idx3-ubyte.gz")) for part in _parts()])
        y = np.concatenate([idx(self._path(f"{part}-labels-idx1-ubyte.gz")) for part in _parts()])
        return digit_tasks(X.astype(np.float32) / np.float32(255), y, self.target)

    def parts(self):
        return {"train": rows(0, 60000), "test": rows(60000, 70000)}


def digit_tasks(X, y, target):
    """Ten binary tasks, or one of ten classes, over pictures ``(n, d)`` of digits ``y (n,)``."""
    if target == "one-vs-rest":
        return one_vs_rest(X, y, range(10), "digit")
    return shared(X, y[:, None], ["digit"], kind=Multiclass(tuple(range(10))))


def _parts():
    return "train", "t10k"
