"""What the tasks are to each other: one matrix, named, with a meaning."""

from dataclasses import dataclass

import numpy as np
from scipy.cluster.hierarchy import fcluster, leaves_list, linkage, optimal_leaf_ordering
from scipy.spatial.distance import squareform

from polytask.errors import DataError, ParameterError, extra, require


@dataclass(frozen=True, eq=False)
class Relation:
    """A task × task matrix, the names of the tasks, and what its numbers mean.

    Parameters
    ----------
    matrix : float64 array (T, T)
        Row and column follow ``names``; NaN where it is not known.
    names : tuple of T str
    meaning : str
        "correlation", "similarity after fitting", "gain of the row's task from the column's", ...

    Examples
    --------
    >>> relation = Relation([[1, 0.9, 0], [0.9, 1, 0], [0, 0, 1]], ("a", "b", "c"), "correlation")
    >>> relation["a", "b"]
    0.9
    >>> relation.groups(2)
    (('a', 'b'), ('c',))
    """

    matrix: np.ndarray
    names: tuple[str, ...]
    meaning: str

    def __post_init__(self):
        matrix = np.array(self.matrix, dtype=np.float64)
        matrix.setflags(write=False)
        object.__setattr__(self, "matrix", matrix)
        object.__setattr__(self, "names", tuple(map(str, self.names)))
        T = len(self.names)
        require(
            matrix.shape == (T, T),
            f"A relation of {T} tasks needs a matrix ({T}, {T}). Found {matrix.shape}.",
            DataError,
        )

    @classmethod
    def of_coefficients(cls, coef, names):
        """Cosine of the tasks' coefficients ``(T, d)``; 0 for a task whose coefficients are 0."""
        length = np.linalg.norm(coef, axis=1, keepdims=True)
        unit = np.divide(coef, length, out=np.zeros_like(coef, dtype=np.float64), where=length > 0)
        matrix = np.clip(unit @ unit.T, -1, 1)
        np.fill_diagonal(matrix, 1.0)
        return cls(matrix, names, "similarity after fitting")

    @classmethod
    def from_descriptors(cls, names, descriptors, kernel):
        """Similarity of the tasks by what is known of them.

        Parameters
        ----------
        names : sequence of T str
        descriptors : Descriptors or array (T, k)
        kernel : callable
            ``kernel(A, B) -> (len(A), len(B))``, such as those of `sklearn.metrics.pairwise`.
        """
        values = np.asarray(getattr(descriptors, "values", descriptors), dtype=np.float64)
        return cls(kernel(values, values), names, "similarity of descriptors")

    def __getitem__(self, pair):
        a, b = (self._at(name) for name in pair)
        return float(self.matrix[a, b])

    def _at(self, name):
        require(
            name in self.names,
            f"Unknown task {name!r}. Known: {list(self.names)[:8]}.",
            DataError,
        )
        return self.names.index(name)

    def _tree(self):
        similar = np.nan_to_num((self.matrix + self.matrix.T) / 2, nan=0.0)
        apart = similar.max() - similar
        np.fill_diagonal(apart, 0.0)
        flat = squareform(apart, checks=False)
        return linkage(flat, "average"), flat

    def order(self):
        """Positions of the tasks ``(T,)`` such that similar ones stand side by side."""
        if len(self.names) < 3:
            return np.arange(len(self.names))
        tree, flat = self._tree()
        return leaves_list(optimal_leaf_ordering(tree, flat))

    def groups(self, k):
        """The tasks in at most ``k`` groups by average linkage, as tuples of names."""
        require(
            1 <= k <= len(self.names),
            f"groups needs k in 1..{len(self.names)}. Found k={k}.",
            ParameterError,
        )
        if len(self.names) == 1:
            return (self.names,)
        of = fcluster(self._tree()[0], k, "maxclust")
        names = np.array(self.names, dtype=object)
        found = [tuple(names[of == g].tolist()) for g in np.unique(of)]
        return tuple(sorted(found, key=lambda group: self.names.index(group[0])))

    def to_frame(self):
        """A pandas frame with the names on both sides."""
        pandas = extra("pandas", "data")
        return pandas.DataFrame(self.matrix, index=list(self.names), columns=list(self.names))

    def plot(self):
        """A heat map (plotly figure), similar tasks side by side."""
        go = extra("plotly.graph_objects", "report")
        order = self.order()
        names = [self.names[i] for i in order]
        bound = float(np.nanmax(np.abs(self.matrix))) or 1.0
        heat = go.Heatmap(
            z=self.matrix[np.ix_(order, order)],
            x=names,
            y=names,
            zmin=-bound,
            zmax=bound,
            colorscale="RdBu",
            colorbar={"title": self.meaning},
        )
        return go.Figure(heat).update_yaxes(autorange="reversed", scaleanchor="x")

    def __str__(self):
        width = max(6, *(len(name) for name in self.names))
        shown = self.order()[:12]
        head = " " * width + "".join(f" {self.names[j]:>{width}}" for j in shown)
        lines = [
            f"{self.names[i]:>{width}}" + "".join(f" {self.matrix[i, j]:{width}.2f}" for j in shown)
            for i in shown
        ]
        more = len(self.names) - len(shown)
        rest = [f"... and {more} more tasks"] if more else []
        return "\n".join([f"{self.meaning}:", head, *lines, *rest])
