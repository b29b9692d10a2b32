"""MultiMNIST: two handwritten digits in one picture."""

from dataclasses import dataclass

import numpy as np

from polytask.datasets.base import Dataset
from polytask.datasets.mnist import MNIST
from polytask.datasets.readers import idx
from polytask.datasets.tables import consecutive, shared
from polytask.errors import require
from polytask.kinds import Multiclass

SIDE = 28  # of a picture of MNIST
FILES = {"training": "train", "test": "t10k"}
MOST = {"training": 60000, "test": 10000}


@dataclass(frozen=True)
class MultiMNIST(Dataset):
    """Which digit stands at the top left, and which at the bottom right?

    Two pictures of MNIST of unlike digits lie over each other in opposite corners, the brighter
    pixel of the two is kept. Both tasks have ten classes; inputs are pixels from 0 to 1 as float32,
    row by row. Pictures of the training part meet there, those of the test part among themselves.

    Parameters
    ----------
    training, test : int, 1 to 60,000 and 1 to 10,000
        Rows of the two parts; training rows come first.
    side : int, 29 to 56
        Pixels in height and width: the fewer, the more the digits cover each other.
    seed : int
        Of who meets whom.

    Examples
    --------
    >>> len(MultiMNIST(training=5000, test=1000).parts()["test"])
    1000
    """

    training: int = 60000
    test: int = 10000
    side: int = 36
    seed: int = 0

    name = "multi_mnist"
    title = "MultiMNIST"
    rows, features, tasks = 70000, 1296, 2
    source = "made from MNIST when it is loaded"
    licence = "that of MNIST, commonly given as CC BY-SA 3.0"
    citation = (
        "Sabour, Frosst, Hinton. Dynamic routing between capsules. NIPS 2017; as two tasks: Sener, "
        "Koltun. Multi-task learning as multi-objective optimization. NeurIPS 2018."
    )
    split = "pictures of the training and of the test part of MNIST: ``splits()``"
    traps = (
        "every paper makes its own: shifts, overlap and size differ, so numbers do not compare; "
        "365 MB in full."
    )
    files = MNIST.files

    def __post_init__(self):
        for option, most in MOST.items():
            value = getattr(self, option)
            require(
                1 <= value <= most,
                f"MultiMNIST needs {option} in 1 to {most}. Found {option}={value}.",
            )
        require(
            SIDE < self.side <= 2 * SIDE,
            f"MultiMNIST needs side in {SIDE + 1} to {2 * SIDE}. Found side={self.side}.",
        )

    def load(self):
        rng = np.random.default_rng(self.seed)
        parts = [self._part(name, rng) for name in FILES]
        X, first, second = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        Y = np.stack([first, second], axis=1)
        names = ["top_left", "bottom_right"]
        return shared(X, Y, names, kind=Multiclass(tuple(range(10))))

    def parts(self):
        return consecutive(train=self.training, test=self.test)

    def _part(self, name, rng):
        """Pixels ``(n, side^2)`` and both digits ``(n,)`` of one part."""
        file = FILES[name]
        pictures = idx(self._path(f"{file}-images-idx3-ubyte.gz")).reshape(-1, SIDE, SIDE)
        digits = idx(self._path(f"{file}-labels-idx1-ubyte.gz"))
        first = rng.permutation(len(digits))[: getattr(self, name)]
        second = partners(digits, first, rng)
        X = overlaid(pictures[first], pictures[second], self.side)
        return X.reshape(len(X), -1), digits[first], digits[second]


def partners(digits, first, rng):
    """For every row of ``first`` a row of another digit, all of them alike likely."""
    second = rng.integers(len(digits), size=len(first))
    while (same := digits[first] == digits[second]).any():
        second[same] = rng.integers(len(digits), size=same.sum())
    return second


def overlaid(one, other, side):
    """Pictures ``(n, 28, 28)`` of bytes in opposite corners of ``(n, side, side)``, 0 to 1."""
    both = np.zeros((len(one), side, side), dtype=one.dtype)
    both[:, :SIDE, :SIDE] = one
    corner = both[:, -SIDE:, -SIDE:]
    np.maximum(corner, other, out=corner)
    return both.astype(np.float32) / np.float32(255)
