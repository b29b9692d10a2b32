"""Predict which cluster a row is in: a task that needs no labels."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from polytask.auxiliary.base import (
    Auxiliary,
    below,
    binary,
    check_counts,
    check_maps,
    enough,
    hidden,
    made,
)
from polytask.errors import require


@dataclass(frozen=True)
class Clusters(Auxiliary):
    """Cluster the rows, and ask for every cluster whether a row is in it.

    Parameters
    ----------
    counts : tuple of int, >= 2
        Numbers of clusters; each is a clustering of its own.
    features : tuple of int, optional
        The features that are clustered. They are hidden where clusters are predicted, in a copy of
        all rows, so that the others have to say it. Default: all features, and none hidden.
    least : int, >= 1
        A cluster is asked for only if so many rows are in it, and so many are not.
    seed : int
        Of the clusterings.

    Raises
    ------
    DataError
        If no cluster has enough rows, or ``features`` names a column that is not there.

    Notes
    -----
    k-means in small batches; rows of a sparse table at length one, columns of a dense one at
    variance one.

    References
    ----------
    Ando, Zhang. A framework for learning predictive structures from multiple tasks and unlabeled
    data. JMLR 2005 (section 4.1).
    Survey: representation learning.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import Tasks
    >>> X = np.random.default_rng(0).normal(size=(100, 3)) + 9 * (np.arange(100) % 2)[:, None]
    >>> Clusters(counts=(2,))(Tasks.from_arrays(X, X[:, 0])).names
    ('y0', 'cluster 1 of 2')
    """

    counts: tuple = (10,)
    features: tuple | None = None
    least: int = 20
    seed: int = 0

    def __post_init__(self):
        check_counts(self, least=1)
        require(
            len(self.counts) and all(int(k) == k and k >= 2 for k in self.counts),
            f"Clusters needs whole numbers from 2 on in counts. Found counts={self.counts}.",
        )

    def __call__(self, tasks):
        n, rows = tasks.n_rows, np.arange(tasks.n_rows)
        Z, wide = tasks.X, tasks
        if self.features is not None:
            check_maps((self.features,), tasks.n_features, "Clusters")
            Z = Z[:, list(self.features)]
            wide = below(tasks, [(rows, hidden(tasks.X, self.features))])
            rows = rows + n
        labels = [one for k in self.counts for one in self._labels(_comparable(Z), k, rows)]
        return made(wide, labels, f"Lower least (now {self.least}), or counts.")

    def _labels(self, Z, k, rows):
        from sklearn.cluster import MiniBatchKMeans

        found = MiniBatchKMeans(k, n_init=3, random_state=self.seed).fit_predict(Z)
        for number in range(1 if k == 2 else 0, k):
            inside = found == number
            if enough(inside, self.least):
                yield binary(f"cluster {number} of {k}", rows, inside)


def _comparable(Z):
    """Rows that distances compare fairly."""
    from sklearn.preprocessing import normalize, scale

    return normalize(Z) if sparse.issparse(Z) else scale(Z)
