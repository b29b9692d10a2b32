"""Sets of rows at risk: for every time of an event the rows that are seen at least so long."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from polytask.ops.linalg import column_means, weighted_gram

# Rows whose running sums are made at a time: a dense block of them stays in the cache.
BLOCK = 256


@dataclass(frozen=True, eq=False)
class RiskSets:
    """The risk sets of one task at scores f, by distinct time of an event, the latest first.

    Attributes
    ----------
    order : int array (m,)
        Rows with weight, the longest seen first.
    ends : int array (K,)
        The set of event time k is ``order[:ends[k]]``: sets are nested.
    mass : array (K,)
        Weight of the events at that time.
    events : bool array (m,)
        Which of the rows in this order have an event.
    weight, f : arrays (m,)
        In this order.
    """

    order: np.ndarray
    ends: np.ndarray
    mass: np.ndarray
    events: np.ndarray
    weight: np.ndarray
    f: np.ndarray

    @classmethod
    def of(cls, time, weight, f):
        """From signed times ``(n,)``, + event and - censored, weights and scores ``(n,)``.

        >>> sets = RiskSets.of(np.array([1.0, -2.0, 3.0]), np.ones(3), np.zeros(3))
        >>> sets.ends, sets.mass, np.exp(sets.logs).round(6)
        (array([1, 3]), array([1., 1.]), array([1., 3.]))
        """
        here = np.flatnonzero(weight > 0)
        order = here[np.argsort(-np.abs(time[here]), kind="stable")]
        when, events, weight = np.abs(time[order]), time[order] > 0, weight[order]
        # rows of one time stand together; their set ends where the next, earlier time begins
        start = np.flatnonzero(np.append(True, when[1:] != when[:-1])) if len(when) else order
        mass = np.add.reduceat(weight * events, start) if len(when) else weight
        ends = np.append(start[1:], len(when)) if len(when) else order
        return cls(order, ends[mass > 0], mass[mass > 0], events, weight, f[order])

    @cached_property
    def logs(self):
        """Log ``(K,)`` of the sums of ``weight exp(f)`` over the sets."""
        return np.logaddexp.accumulate(np.log(self.weight) + self.f)[self.ends - 1]

    @cached_property
    def hazard(self):
        """``exp(f_i) sum_k mass_k / S_k`` over the sets of every row in order, ``(m,)``."""
        each = np.log(self.mass) - self.logs
        from_here = np.logaddexp.accumulate(each[::-1])[::-1]
        first = np.searchsorted(self.ends, np.arange(len(self.order)), side="right")
        inside = first < len(self.ends)
        out = np.zeros(len(self.order))
        out[inside] = np.exp(self.f[inside] + from_here[first[inside]])
        return out

    @cached_property
    def means(self):
        """Means ``(K,)`` of f over the sets, by ``weight exp(f)``."""
        mass = self._mass()
        return np.cumsum(mass * self.f)[self.ends - 1] / np.cumsum(mass)[self.ends - 1]

    def of_events(self, values):
        """Values ``(K,)`` by set as values of the rows in order that have their event then."""
        at = np.searchsorted(self.ends, np.flatnonzero(self.events), side="right")
        return values[at]

    def gram(self, X):
        """``sum_k mass_k Cov_k(X)``, the covariances over the sets: Cox's Hessian ``(d, d)``."""
        weight = np.zeros(X.shape[0])
        weight[self.order] = self.weight * self.hazard
        total = weight.sum()
        if total == 0:
            return np.zeros((X.shape[1], X.shape[1]))
        mean = column_means(X, weight / total)
        gram = weighted_gram(X, weight, mean)
        for centers, mass in self._centers(X, mean):
            gram -= (centers.T * mass) @ centers
        return gram

    def _centers(self, X, mean):
        """Means ``(k, d)`` of X less ``mean`` over some sets, and their masses, block by block."""
        mass, running = self._mass(), np.zeros(X.shape[1])
        total = np.maximum(np.cumsum(mass), np.finfo(np.float64).tiny)
        for start in range(0, len(self.order), BLOCK):
            at = self.order[start : start + BLOCK]
            rows = X[at].toarray() if sparse.issparse(X) else X[at]
            sums = running + np.cumsum((rows - mean) * mass[start : start + BLOCK, None], axis=0)
            running = sums[-1]
            here = (self.ends > start) & (self.ends <= start + BLOCK)
            last = self.ends[here] - 1
            yield sums[last - start] / total[last, None], self.mass[here]

    def _mass(self):
        return self.weight * np.exp(self.f - self.f.max(initial=-np.inf))
