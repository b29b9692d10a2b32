"""Tree-guided group lasso: the closer two tasks stand in a tree, the more they choose together."""

from dataclasses import dataclass
from typing import ClassVar

from polytask.errors import require
from polytask.linear.penalties.base import Penalty, check_strength
from polytask.linear.penalties.columns import positions
from polytask.linear.penalties.l1 import L1
from polytask.linear.penalties.label_correlation import label_correlation
from polytask.linear.penalties.none import NoPenalty
from polytask.ops.gauge import dual_norm
from polytask.ops.prox import TINY
from polytask.ops.tree import correlation_tree, tree_norms, tree_step, tree_weights


@dataclass(frozen=True)
class TreeGuided(Penalty):
    r"""Group lasso over the nodes of a tree of tasks, its leaves included.

    ``value(W) = alpha sum_j (sum_v w_v |W[j, G_v]|_2 + sum_p w_p |W_jp|)``, where ``G_v`` are the
    tasks below node v. A node with share s selects ``1 - s`` jointly and leaves s to what is below:
    ``w_v = (1 - s_v)`` times the shares of all nodes above, ``w_p`` the product of the shares of
    all nodes that contain p. The weights of the groups that contain a task sum to 1.

    Parameters
    ----------
    alpha : float, >= 0
        Strength, in units of loss per unit of coefficient.
    tree : tuple of tuples, optional
        The inner nodes, each a tuple of task names (all outputs of the task) or of positions of
        outputs; any two disjoint or one inside the other. Nodes that are left out make a forest.
        Default: one node with everything. `from_outputs` makes a tree from labels.
    separate : float in [0, 1], or one per node
        The share s of every node: 0 selects its tasks together, 1 separately.

    Raises
    ------
    ParameterError
        If groups overlap without being nested, a share lies outside [0, 1], or a task is unknown.

    Notes
    -----
    One node with ``separate=0`` is `L21`, with ``separate=1`` it is `L1`, between them it is the
    sparse group lasso. Its step is exact: the steps of the groups one after the other, from the
    leaves to the root; the other order is wrong.

    References
    ----------
    Kim, Xing. Tree-guided group lasso for multi-response regression with structured sparsity, with
    an application to eQTL mapping. Annals of Applied Statistics 2012.
    Jenatton, Mairal, Obozinski, Bach. Proximal methods for hierarchical sparse coding. JMLR 2011
    (the exact step).
    Survey: learning task relationships.

    Examples
    --------
    >>> import numpy as np
    >>> penalty = TreeGuided(1.0, tree=((0, 1), (0, 1, 2)), separate=(0.5, 0.8))
    >>> round(penalty.value(np.array([[3.0, 4.0, 0.0]])), 6)  # 0.4 * 7 + 0.4 * 5 + 0.2 * 5
    5.8
    """

    alpha: float = 1.0
    tree: tuple | None = None
    separate: float | tuple[float, ...] = 0.5
    couples: ClassVar[str] = "rows"
    absolute: ClassVar[bool] = True

    def __post_init__(self):
        check_strength(self)
        count = 1 if self.tree is None else len(self.tree)
        shares = self._shares(count)
        require(
            len(shares) == count and all(0 <= s <= 1 for s in shares),
            f"TreeGuided needs separate in [0, 1], one number or one for each of {count} nodes. "
            f"Found {self.separate}.",
        )
        if self.tree is not None:
            tree_weights(tuple(map(tuple, self.tree)), shares)  # refuses what is not nested

    def _shares(self, count):
        each = self.separate
        return each if isinstance(each, tuple) else (float(each),) * count

    @classmethod
    def from_outputs(cls, data, *, alpha=1.0, cut=0.9):
        """The tree of the tasks of a table, from how their labels go together.

        Agglomerative clustering (complete linkage of 1 - correlation); the share of a node is its
        height over the largest height.

        Parameters
        ----------
        data : Tasks
            Tasks with one number or two classes each, with common rows. Take training rows only.
        alpha : float
        cut : float in (0, 1]
            Nodes higher than this are left out: their tasks have nothing to do with each other.

        Raises
        ------
        DataError
            If two tasks have fewer than three rows in common, or a task does not vary there.

        Examples
        --------
        >>> import numpy as np
        >>> from polytask import Tasks
        >>> Y = np.array([[1.0, 1.1, 5.0], [2.0, 1.9, 2.0], [3.0, 3.2, 4.0], [4.0, 3.9, 1.0]])
        >>> TreeGuided.from_outputs(Tasks.from_arrays(np.eye(4), Y)).tree
        (('y0', 'y1'),)
        """
        require(0 < cut <= 1, f"from_outputs needs cut in (0, 1]. Found {cut}.")
        groups, shares = correlation_tree(label_correlation(data), cut)
        named = tuple(tuple(data.names[t] for t in group) for group in groups)
        return cls(alpha, named, shares)

    def bound(self, outputs):
        if self.alpha == 0:
            return NoPenalty()
        if self.tree is None:
            return self.replace(tree=(tuple(range(len(outputs.task))),))
        return self.replace(tree=tuple(positions(group, outputs, "tree") for group in self.tree))

    def alone(self):
        return L1(self.alpha)  # weights above one task sum to 1

    def value(self, W):
        return self.alpha * float(tree_norms(W, *self._nodes(W.shape[1])).sum())

    def prox(self, W, step):
        return _step(W, self._nodes(W.shape[1]), step * self.alpha)

    def feasible(self, V):
        return min(1.0, self.alpha / max(self.alpha_max(V), self.alpha, TINY))

    def conjugate(self, V):
        return 0.0

    def alpha_max(self, gradient):
        nodes = self._nodes(gradient.shape[1])
        return dual_norm(gradient, lambda W: tree_norms(W, *nodes), lambda W: _step(W, nodes, 1.0))

    def _nodes(self, P):
        """Groups of positions, their weights, and those of single outputs ``(P,)``."""
        tree = (tuple(range(P)),) if self.tree is None else tuple(map(tuple, self.tree))
        inner, single = tree_weights(tree, self._shares(len(tree)))
        return tree, inner, single(P)

    @classmethod
    def examples(cls):
        yield cls(alpha=0.3)
        yield cls(alpha=0.02, separate=0.2)


def _step(W, nodes, strength):
    tree, inner, single = nodes
    return tree_step(W, tree, strength * inner, strength * single)
