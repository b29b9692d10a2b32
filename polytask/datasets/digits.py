"""Handwritten digits that come with scikit-learn: ten one-vs-rest tasks."""

from dataclasses import dataclass

import numpy as np

from polytask.datasets.base import Dataset
from polytask.datasets.tables import one_vs_rest
from polytask.errors import require


@dataclass(frozen=True)
class Digits(Dataset):
    """Is it a 3? 1,797 digits of 8 × 8 pixels: a binary task per digit, nothing to download.

    Tasks are called ``digit 0`` to ``digit 9`` and share their rows. ``splits()`` gives
    ``repeats`` draws of ``train_rows`` training rows, as many of each digit, the rest for the test:
    with few of them, learning together has something to give.

    Parameters
    ----------
    labels_per_task : int >= 4, optional
        Every task keeps this many labels, a tenth of them (2 at least) positive, each task on
        rows of its own draw; the other cells are holes. Default: all.
    train_rows : int, 10 to 1700
        Of a split.
    repeats : int >= 1
        Number of splits.
    seed : int
        Of the draws.

    Examples
    --------
    >>> data = Digits(labels_per_task=40).load()
    >>> data.n_tasks, set(data.n_labels.tolist())
    (10, {40})
    >>> train, test = Digits(train_rows=50).splits()[0]
    >>> len(train), len(test)
    (50, 1747)
    """

    labels_per_task: int | None = None
    train_rows: int = 100
    repeats: int = 10
    seed: int = 0

    name = "digits"
    title = "Digits of scikit-learn"
    rows, features, tasks = 1797, 64, 10
    source = "bundled with scikit-learn; UCI Optical Recognition of Handwritten Digits, test part"
    licence = "CC BY 4.0 by the UCI repository"
    citation = "Alpaydin, Kaynak. Cascading classifiers. Kybernetika 34, 1998."
    split = "none official; ``splits()`` draws few training rows, stratified by digit"
    traps = (
        "a row is exactly one digit, so the ten tasks exclude each other; one positive in ten, so "
        "accuracy starts at 0.9; the writers are not recorded and stand on both sides of a split."
    )

    def __post_init__(self):
        n = self.labels_per_task
        require(
            n is None or 4 <= n <= 1700,
            f"Digits needs labels_per_task in 4 to 1700. Found {n}.",
        )
        require(
            10 <= self.train_rows <= 1700,
            f"Digits needs train_rows in 10 to 1700. Found {self.train_rows}.",
        )
        require(self.repeats >= 1, f"Digits needs repeats >= 1. Found {self.repeats}.")

    def load(self):
        X, digit = _bundled()
        data = one_vs_rest(X, digit, range(10), "digit")
        if self.labels_per_task is None:
            return data
        rng = np.random.default_rng(self.seed)
        return data.with_(labels=[_few(labels, self.labels_per_task, rng) for labels in data])

    def splits(self):
        _, digit = _bundled()
        rng = np.random.default_rng(self.seed)
        return [self._draw(digit, rng) for _ in range(self.repeats)]

    def _draw(self, digit, rng):
        # the first train_rows of an order in which the digits take turns
        order = rng.permutation(len(digit))
        turn = np.empty(len(digit))
        for value in range(10):
            mine = order[digit[order] == value]
            turn[mine] = np.arange(len(mine)) + rng.random()
        train = np.sort(np.argsort(turn)[: self.train_rows])
        return train, np.setdiff1d(np.arange(len(digit)), train)

    @classmethod
    def examples(cls):
        yield cls()
        yield cls(labels_per_task=20)


def _bundled():
    from sklearn.datasets import load_digits

    return load_digits(return_X_y=True)


def _few(labels, count, rng):
    positive = max(2, round(count / 10))
    yes, no = np.flatnonzero(labels.y == 1), np.flatnonzero(labels.y == 0)
    keep = [rng.choice(yes, positive, replace=False)]
    keep += [rng.choice(no, count - positive, replace=False)]
    return labels.pick(np.sort(np.concatenate(keep)))
