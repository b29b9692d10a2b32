"""The step of weighted differences along the edges of a graph, with exact fusions."""

from dataclasses import dataclass

import numpy as np


def incidence(P, edges, signs):
    """The matrix C ``(E, P)`` whose rows take ``w_a - sign w_b``.

    >>> incidence(3, np.array([[0, 1], [1, 2]]), np.array([1.0, -1.0]))
    array([[ 1., -1.,  0.],
           [ 0.,  1.,  1.]])
    """
    C = np.zeros((len(edges), P))
    at = np.arange(len(edges))
    C[at, edges[:, 0]] += 1
    C[at, edges[:, 1]] -= signs
    return C


@dataclass(frozen=True, eq=False)
class Arcs:
    """Every edge as two arcs, sorted by their tails; `cuts.fuse_rows` reads them.

    Attributes
    ----------
    start : int array (P + 1,)
    head, mate, edge : int array (2 E,)
    """

    start: np.ndarray
    head: np.ndarray
    mate: np.ndarray
    edge: np.ndarray

    @classmethod
    def of(cls, ends, P):
        """From edges ``(E, 2)`` between P nodes."""
        tail, head = np.concatenate([ends, ends[:, ::-1]]).T
        order = np.argsort(tail, kind="stable")
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        other = np.roll(np.arange(len(order)), len(ends))  # the two arcs of an edge
        start = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=P))])
        edge = np.tile(np.arange(len(ends)), 2)
        return cls(start, head[order], place[other[order]], edge[order])

    def fuse(self, Z, cut):
        """The step for ``cut (E,)``, and a number ``(d, P)`` that is equal where sizes are."""
        from polytask.ops.kernels import cuts

        W, part = np.empty(Z.shape), np.empty(Z.shape, dtype=np.int64)
        cap = np.asarray(cut, dtype=np.float64)[self.edge]
        cuts.fuse_rows(np.ascontiguousarray(Z), cap, self.start, self.head, self.mate, W, part)
        return W, part


class Fuser:
    r"""``argmin_w |w - z|^2 / 2 + sum_e cut_e |w_a - sign_e w_b|`` for every row z of Z ``(d, P)``.

    Parametric cuts: the outputs above the mean of a set are those of its smallest cut, and both
    sides go on by themselves. Signs that can be turned away are; a graph whose signs contradict
    each other is doubled, every output beside its opposite. Outputs that are fused have one size,
    to the last bit.

    Parameters
    ----------
    ends : int array (E, 2)
    signs : array (E,) of 1 and -1
    P : int

    References
    ----------
    Hochbaum. An efficient algorithm for image segmentation, Markov random fields and related
    problems. Journal of the ACM 2001.
    Chambolle, Darbon. On total variation minimization and surface evolution using parametric
    maximum flows. International Journal of Computer Vision 2009.

    Examples
    --------
    >>> fuser = Fuser(np.array([[0, 1], [1, 2]]), np.ones(2), 3)
    >>> fuser.step(np.array([[1.0, 2.0, 9.0]]), np.array([1.0, 1.0]))
    array([[2., 2., 8.]])
    """

    def __init__(self, ends, signs, P):
        self.P = P
        self.flip = turned(ends, signs, P)
        if self.flip is None:
            plain = np.where(signs[:, None] > 0, ends, np.add(ends, [0, P]))
            other = np.where(signs[:, None] > 0, ends + P, np.add(ends, [P, 0]))
            self.arcs = Arcs.of(np.concatenate([plain, other]), 2 * P)
        else:
            self.arcs = Arcs.of(ends, P)

    def step(self, Z, cut):
        """The step for ``cut (E,)``."""
        if self.flip is not None:
            return self.flip * self.arcs.fuse(self.flip * Z, cut)[0]
        W, part = self.arcs.fuse(np.hstack([Z, -Z]), np.tile(cut, 2))
        both, opposite = W[:, : self.P], W[:, self.P :]
        # an output in one part with its opposite is zero; half a difference is odd exactly
        return np.where(part[:, : self.P] == part[:, self.P :], 0.0, (both - opposite) / 2)


def turned(ends, signs, P):
    """Signs ``(P,)`` of outputs that make all edges plain; None where edges contradict each other.

    >>> turned(np.array([[0, 1], [1, 2]]), np.array([-1.0, 1.0]), 3)
    array([ 1., -1., -1.])
    """
    flip = np.zeros(P)
    near = [[] for _ in range(P)]
    for (a, b), sign in zip(ends.tolist(), signs.tolist(), strict=True):
        near[a].append((b, sign))
        near[b].append((a, sign))
    for first in range(P):
        if flip[first]:
            continue
        flip[first], open_ = 1.0, [first]
        while open_:
            a = open_.pop()
            for b, sign in near[a]:
                if not flip[b]:
                    flip[b] = flip[a] * sign
                    open_.append(b)
                elif flip[b] != flip[a] * sign:
                    return None
    return flip
