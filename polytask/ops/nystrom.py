"""Finite features of a kernel: exact on its landmarks, the best there is elsewhere."""

from dataclasses import dataclass

import numpy as np
from sklearn.cluster import kmeans_plusplus

from polytask.errors import ParameterError, require
from polytask.ops.span import inverse_root

WAYS = ("pivoted", "kmeans++", "uniform")


@dataclass(frozen=True, eq=False)
class Nystrom:
    """The map ``x -> root' k(landmarks, x)``: products of features are the kernel, as far as the
    landmarks span it.

    Attributes
    ----------
    landmarks : table (m, d)
    root : array (m, r)
        ``root root'`` is the inverse of the kernel between landmarks.

    References
    ----------
    Williams, Seeger. Using the Nystroem method to speed up kernel machines. NIPS 2000.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([[1.0, 0.0], [1.0, 1.0], [2.0, 1.0]])
    >>> Z = Nystrom.of(X, lambda A, B: A @ B.T).features(X, lambda A, B: A @ B.T)
    >>> np.allclose(Z @ Z.T, X @ X.T), Z.shape
    (True, (3, 2))
    """

    landmarks: np.ndarray
    root: np.ndarray

    @classmethod
    def of(cls, X, kernel, *, count=None, way="pivoted", tol=1e-10, seed=0):
        """The map for rows of a table ``(n, d)``.

        Parameters
        ----------
        X : array or CSR matrix (n, d)
        kernel : callable
            ``kernel(A, B)`` gives ``(len(A), len(B))``.
        count : int, optional
            Landmarks; None is as many as span the rows, and then ``way`` is "pivoted".
        way : {"pivoted", "kmeans++", "uniform"}
            "pivoted": greedily the row that the others explain least; "kmeans++": rows far from
            each other, by chance; "uniform": any rows.
        tol : float
            "pivoted" stops where rows are explained up to this part of their squared length.
        seed : int
        """
        require(
            way in WAYS, f"Landmarks are chosen by one of {WAYS}. Found {way!r}.", ParameterError
        )
        if way == "pivoted" or count is None:
            chosen = pivots(X, kernel, X.shape[0] if count is None else count, tol)
        elif count >= X.shape[0]:
            chosen = np.arange(X.shape[0])
        elif way == "uniform":
            chosen = np.random.default_rng(seed).choice(X.shape[0], count, replace=False)
        else:
            chosen = kmeans_plusplus(X, count, random_state=seed)[1]
        landmarks = X[np.sort(chosen)]
        return cls(landmarks, inverse_root(kernel(landmarks, landmarks)))

    def features(self, X, kernel):
        """Features ``(n, r)`` of rows ``(n, d)``."""
        return kernel(X, self.landmarks) @ self.root


def pivots(X, kernel, most, tol=1e-10):
    """Rows, at most so many, that span the others: pivots of a Cholesky factor of the kernel.

    It costs a column of the kernel per pivot and O(n r^2); the n x n matrix is never made.

    References
    ----------
    Fine, Scheinberg. Efficient SVM training using low-rank kernel representations. JMLR 2001.

    >>> pivots(np.array([[1.0], [3.0], [3.0]]), lambda A, B: A @ B.T, 3)
    array([1])
    """
    n = X.shape[0]
    left = np.array(_diagonal(X, kernel), dtype=np.float64)
    floor, chosen = tol * left.max(initial=0), []
    L = np.zeros((n, min(n, most, 64)))
    while len(chosen) < min(n, most):
        at, k = int(np.argmax(left)), len(chosen)
        if left[at] <= floor:
            break
        if k == L.shape[1]:
            L = np.hstack([L, np.zeros_like(L)])
        column = kernel(X, X[[at]])[:, 0] - L[:, :k] @ L[at, :k]
        L[:, k] = column / np.sqrt(left[at])
        left = np.maximum(left - L[:, k] ** 2, 0)
        left[at] = 0
        chosen.append(at)
    return np.array(chosen, dtype=np.int64)


def _diagonal(X, kernel):
    """``kernel(x, x)`` of every row; kernels that know it say so."""
    if hasattr(kernel, "diagonal"):
        return kernel.diagonal(X)
    return [kernel(X[[i]], X[[i]])[0, 0] for i in range(X.shape[0])]
