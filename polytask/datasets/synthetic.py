"""Made-up tasks whose relations are known exactly."""

from dataclasses import dataclass

import numpy as np

from polytask.datasets.base import Dataset
from polytask.datasets.tables import separate
from polytask.errors import require
from polytask.relation import Relation


@dataclass(frozen=True)
class Synthetic(Dataset):
    r"""Linear tasks in clusters, with relations that were planted and can be asked for.

    Task t of cluster c has the coefficients
    ``w_t = sqrt(overlap) a + sqrt(1 - overlap) b_c``, with ``a, b_1, b_2, ...`` orthonormal, rows
    of its own ``x ~ N(0, I_d)``, and labels ``y = x'w_t + noise * e``, ``e ~ N(0, 1)``. So two
    tasks have the cosine 1 within a cluster and ``overlap`` across, and the best possible R² of a
    task is ``1 / (1 + noise²)``. Tasks take turns: task t belongs to cluster ``t % clusters``.

    Parameters
    ----------
    n_tasks : int >= 1
    clusters : int, 1 to n_tasks
    d : int > clusters
        Inputs.
    n : int >= 1
        Rows of each task.
    noise : float >= 0
        Standard deviation, in units of the standard deviation of ``x'w_t``.
    overlap : float in [0, 1]
        0: clusters are strangers; 1: all tasks are the same.
    seed : int

    Examples
    --------
    >>> made = Synthetic(n_tasks=4, clusters=2, overlap=0.25)
    >>> made.relation().matrix[0]
    array([1.  , 0.25, 1.  , 0.25])
    >>> made.load().n_labels
    array([60, 60, 60, 60])
    """

    n_tasks: int = 8
    clusters: int = 2
    d: int = 20
    n: int = 60
    noise: float = 1.0
    overlap: float = 0.0
    seed: int = 0

    name = "synthetic"
    title = "Synthetic tasks with planted relations"
    rows, features, tasks = 480, 20, 8
    source = "made when it is loaded"
    licence = "none needed"
    citation = "none"
    split = "none"
    traps = (
        "the tasks of a cluster are the same task, which flatters every method that pools; inputs "
        "are independent and linear is the truth."
    )

    def __post_init__(self):
        require(self.n_tasks >= 1, f"Synthetic needs n_tasks >= 1. Found {self.n_tasks}.")
        require(
            1 <= self.clusters <= self.n_tasks,
            f"Synthetic needs clusters in 1 to n_tasks={self.n_tasks}. Found {self.clusters}.",
        )
        require(
            self.d > self.clusters,
            f"Synthetic needs d > clusters={self.clusters}. Found d={self.d}.",
        )
        require(self.n >= 1, f"Synthetic needs n >= 1. Found n={self.n}.")
        require(self.noise >= 0, f"Synthetic needs noise >= 0. Found noise={self.noise}.")
        require(
            0 <= self.overlap <= 1,
            f"Synthetic needs overlap in [0, 1]. Found overlap={self.overlap}.",
        )

    def load(self):
        rng = np.random.default_rng(self.seed)
        coef = self._draw(rng)
        task = np.repeat(np.arange(self.n_tasks), self.n)
        X = rng.standard_normal((len(task), self.d))
        y = np.einsum("nd,nd->n", X, coef[task]) + self.noise * rng.standard_normal(len(task))
        return separate(X, y, task, self._names())

    def coef(self):
        """The planted coefficients ``(T, d)``."""
        return self._draw(np.random.default_rng(self.seed))

    def relation(self):
        """The planted relation: the cosine of the tasks' coefficients."""
        cluster = np.arange(self.n_tasks) % self.clusters
        matrix = np.where(cluster[:, None] == cluster[None, :], 1.0, self.overlap)
        return Relation(matrix, self._names(), "planted cosine of coefficients")

    def _draw(self, rng):
        basis = np.linalg.qr(rng.standard_normal((self.d, self.clusters + 1)))[0].T
        cluster = np.arange(self.n_tasks) % self.clusters
        return np.sqrt(self.overlap) * basis[0] + np.sqrt(1 - self.overlap) * basis[1 + cluster]

    def _names(self):
        return tuple(f"task {t}" for t in range(self.n_tasks))
