"""Clusters of tasks, found while the tasks are fitted: the convex relaxation of clustering."""

import warnings
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.errors import require
from polytask.linear.penalties.base import Penalty, check_strength
from polytask.linear.penalties.clustered import BETWEEN, check_shares
from polytask.linear.penalties.l2 import L2
from polytask.linear.penalties.none import NoPenalty
from polytask.ops.water import complement, water_levels
from polytask.relation import Relation


@dataclass(frozen=True)
class ConvexClustered(Penalty):
    r"""Find clusters of tasks: the cluster norm, the best relaxed clustering for given W.

    ``value(W) = alpha/2 (mean P |mean of w|^2 + min over S of tr (W Q) S^-1 (W Q)')``, with Q an
    orthonormal basis of what is orthogonal to the mean, and S symmetric ``(P - 1, P - 1)``,
    eigenvalues between 1 and ``1 / between``, trace ``P - r + (r - 1) / between``. With the S of a
    clustering into r groups the second term is that of `Clustered`; here S is free.

    With ``mean=None`` the mean is a direction like all others, and
    ``value(W) = alpha/2 min over S of tr W S^-1 W'``, S now ``(P, P)`` with trace ``P - r + r /
    between``: the form of Zhou, Chen and Ye.

    Parameters
    ----------
    alpha : float, >= 0
        Strength on the deviations within clusters, in units of loss per squared coefficient.
    clusters : int, >= 1
        The number r of clusters.
    between : float
        Price of a cluster's distance from the mean of all, relative to that within.
    mean : float or None
        Price of the mean of all; ``0 < mean <= between <= 1``. None does not single it out.
    names : tuple of str, optional
        Names of the outputs; set when the model is fitted.

    Raises
    ------
    ParameterError
        If a strength is out of range.

    Notes
    -----
    S is found in closed form: its eigenvectors are the right singular vectors of ``W Q``, its
    eigenvalues ``clip(nu sigma, 1, 1 / between)`` with the nu that keeps the trace. What is left is
    convex in W alone, with a gradient and an exact step, and needs no alternation.

    The fitted model has ``relation_``, the relaxed matrix of "same cluster" (for tasks with one
    output), and ``clusters_``, which cluster every output is in, by k-means on its eigenvectors.

    References
    ----------
    Jacob, Bach, Vert. Clustered multi-task learning: a convex formulation. NIPS 2008.
    Zhou, Chen, Ye. Clustered multi-task learning via alternating structure optimization. NIPS 2011
    (``mean=None``, ``alpha = 2 (rho_1 + rho_2)``, ``between = rho_2 / (rho_1 + rho_2)``).
    Survey: learning task relationships.

    Examples
    --------
    >>> import numpy as np
    >>> W = np.array([[1.0, 1.2, -1.0, -1.2]])
    >>> penalty = ConvexClustered(1.0, clusters=2, between=0.1)
    >>> round(penalty.value(W), 3), penalty.learned(W)["clusters"]
    (0.244, {0: 0, 1: 0, 2: 1, 3: 1})
    """

    alpha: float = 1.0
    clusters: int = 2
    between: float = 0.1
    mean: float | None = 0.01
    names: tuple[str, ...] | None = None
    spans: ClassVar[tuple[float, float]] = (10.0, 1e-4)
    points: ClassVar[int] = 10
    differentiable: ClassVar[bool] = True
    second: ClassVar[str | None] = "between"

    def __post_init__(self):
        check_strength(self)
        check_shares(self if self.mean is not None else self.replace(mean=self.between))
        require(
            self.clusters >= 1,
            f"ConvexClustered needs clusters >= 1. Found clusters={self.clusters}.",
        )

    def bound(self, outputs):
        if self.alpha == 0:
            return NoPenalty()
        tasks = tuple(name for name, _ in outputs.names)
        single = len(set(tasks)) == len(tasks)
        names = tasks if single else tuple(f"{task}: {of}" for task, of in outputs.names)
        return self.replace(names=names)

    def alone(self):
        # one task is one direction, and the dearest share of it
        return L2(self.alpha * (self.between if self.mean is None else self.mean))

    def value(self, W):
        center, size, _ = self._spectrum(W)
        rest = np.sum(size**2 / self._levels(size))
        return 0.5 * self.alpha * float(self._price * center @ center + rest)

    def gradient(self, W):
        """Derivative by W ``(d, P)``."""
        _, size, vectors = self._spectrum(W)
        return self.alpha * self._apply(W, self._price, vectors, 1 / self._levels(size))

    def prox(self, W, step):
        _, size, vectors = self._spectrum(W)
        strength = step * self.alpha
        levels = self._levels(size, strength)
        center = 1 / (1 + strength * self._price)
        return self._apply(W, center, vectors, levels / (levels + strength))

    def conjugate(self, V):
        center, size, _ = self._spectrum(V)
        square = np.sort(size**2)[::-1]
        best = square.sum() + (1 / self.between - 1) * square[: self._joined(len(size))].sum()
        return float(center @ center / self._price + best) / (2 * self.alpha)

    def _seconds(self, problem):
        return [max(b, self.mean or 0) for b in BETWEEN]

    def _top(self, problem):
        return problem.curvature

    def learned(self, W):
        M, vectors = self.memberships(W)
        keys = tuple(range(W.shape[1])) if self.names is None else self.names
        facts: dict[str, object] = {"clusters": dict(zip(keys, _groups(vectors, self.clusters)))}
        if self.names is not None and not any(": " in name for name in self.names):
            facts["relation"] = Relation(M, self.names, "same cluster, relaxed")
        return facts

    def memberships(self, W):
        """The relaxed "same cluster" ``(P, P)`` at W, and its leading directions ``(P, r - 1)``."""
        P = W.shape[1]
        _, size, vectors = self._spectrum(W)
        high = 1 / self.between
        share = (self._levels(size) - 1) / (high - 1) if high > 1 else np.zeros(len(size))
        whole = 0 if self.mean is None else 1 / P  # the mean belongs to every clustering
        M = whole + (vectors * share) @ vectors.T
        return M, vectors[:, np.argsort(-size)][:, : self._joined(len(size))]

    def _levels(self, size, shift=0.0):
        """Eigenvalues of the best S for singular values ``size`` of ``W Q``."""
        joined = self._joined(len(size))
        total = len(size) - joined + joined / self.between
        return water_levels(size, 1.0, 1 / self.between, total, shift)

    def _joined(self, k):
        """How many of k directions a clustering into r groups makes cheap."""
        return min(self.clusters - (self.mean is not None), k)

    @property
    def _price(self):
        """Price of the mean part, which is zero where it is not singled out."""
        return 1.0 if self.mean is None else self.mean

    def _spectrum(self, W):
        """The mean part ``(d,)``, and the singular values and right vectors of the rest."""
        P = W.shape[1]
        Q = np.eye(P) if self.mean is None else complement(P)
        rest = W @ Q
        values, vectors = np.linalg.eigh(rest.T @ rest)
        center = W.sum(axis=1) / np.sqrt(P) if self.mean is not None else np.zeros(len(W))
        return center, np.sqrt(np.maximum(values, 0)), Q @ vectors

    def _apply(self, W, center, vectors, factors):
        """W with its mean over outputs times ``center`` and the rest times a spectral function."""
        rest = ((W @ vectors) * factors) @ vectors.T
        return rest if self.mean is None else center * W.mean(axis=1, keepdims=True) + rest

    @classmethod
    def examples(cls):
        yield cls(alpha=0.3)
        yield cls(alpha=2.0, clusters=3, between=0.5, mean=0.3)
        yield cls(alpha=0.3, mean=None)


def _groups(vectors, count):
    """A cluster number for every row of ``(P, k)``, in the order of first appearance."""
    from sklearn.cluster import KMeans

    if not vectors.shape[1]:
        return [0] * len(vectors)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tasks that are all alike are fewer points than clusters
        found = KMeans(min(count, len(vectors)), n_init=10, random_state=0).fit_predict(vectors)
    first = {number: i for i, number in enumerate(dict.fromkeys(found.tolist()))}
    return [first[number] for number in found.tolist()]
