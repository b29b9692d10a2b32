"""Fully-adaptive feature sharing: a thin trunk that branches, from the top, where tasks differ."""

import copy
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from polytask.deep.blocks import Dense, Pooling, Stage, mlp
from polytask.deep.shape import parted
from polytask.deep.sharing.base import Coupling, Net, Sharing
from polytask.deep.sharing.branches import between, by_cost, by_stability, grouped
from polytask.deep.sharing.checks import check_dropout, check_stages
from polytask.deep.sharing.difficulty import AFFINITIES, difficulty
from polytask.deep.sharing.hard_sharing import HardSharing
from polytask.deep.sharing.soft_sharing import check_choice
from polytask.deep.sharing.thin import check_wide, thin_out
from polytask.deep.sharing.towers import Towers, asked
from polytask.deep.trunk import Trunk
from polytask.errors import UnsupportedError, require

RULES = ("stability", "cost")
RESAMPLES = 20  # of the rows, to see which groupings come back


@dataclass(frozen=True)
class FullyAdaptive(Sharing):
    r"""One thin trunk for all tasks; between epochs its stages are copied for groups of tasks.

    Every ``every`` epochs the topmost stage that is still in one piece is asked whether it shall
    branch. A row is hard for a task where its margin (``|y - f|``, or ``1 - p_y``) is at least the
    task's mean margin; the affinity of two tasks is how often they agree,
    ``A_st = P(e_s = 1, e_t = 1) + P(e_s = 0, e_t = 0)``; that of two branches is
    ``a(k, l) = mean_{i in k} min_{j in l} A_ij``, made symmetric. The branches above the stage are
    put into groups by it, and every group gets an exact copy: no answer changes. A stage that stays
    in one piece ends the branching.

    Parameters
    ----------
    trunk : tuple of Stage
        From the inputs to the heads, one stage at least; stages without numbers of their own branch
        with the one below them.
    wide : tuple of Stage, optional
        The same stages with more units: they are trained first, as hard sharing, and the trunk
        begins with those of their units that stand for all of them best (`ops.somp`).
    branches : "stability", "cost", int, or tuple of int
        How many copies. ``"stability"``: as many as there are large eigenvalues of the affinity
        (its largest gap), if the groups come back on resampled rows with a mean adjusted Rand index
        of ``least``, else one. ``"cost"``: the smallest ``(d - 1) 2^p + alpha looseness``, p the
        poolings above, looseness the mean over groups of ``1 - mean_k min_l a(k, l)``. A number: so
        many at every stage; a tuple: one per stage, which never falls.
    affinity : {"agreement", "beyond chance"}
        The paper's, or with what independent tasks would have taken off (Cohen's kappa): tasks that
        are easy throughout agree whatever they share.
    every : int, >= 1
        Epochs between two stages, and before the first.
    alpha : float, >= 0
        For ``branches="cost"``.
    least : float in [0, 1]
        For ``branches="stability"``.
    dropout : float in [0, 1)
        Share of the units that is silenced after every stage while training.

    Raises
    ------
    ParameterError
        If an option is out of range.
    UnsupportedError
        If a task has a loss without an error per row (rankings, survival).

    Notes
    -----
    The number by cost is a knife edge in alpha: it jumps from one to almost all tasks. Groups of
    least looseness are found by trying all for up to six branches, by spectral clustering above.
    Two branches are one group by stability: nothing could come back otherwise. The bias is picked
    with the weights of a unit; the optimiser is made again at every branching. Training has to last
    longer than ``every`` times the number of stages. A new task (`adapt`) stands on the path that
    serves the most tasks.

    References
    ----------
    Lu, Kumar, Zhai, Cheng, Javidi, Feris. Fully-adaptive feature sharing in multi-task networks
    with applications in person attribute classification. CVPR 2017.
    Survey: fully-adaptive feature sharing.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import deep
    >>> X = np.random.default_rng(0).normal(size=(300, 6))
    >>> a, b = np.abs(X[:, 0] * X[:, 1]), np.abs(X[:, 2] * X[:, 3])
    >>> Y = np.column_stack([a, b, a + 0.1 * X[:, 4], b + 0.1 * X[:, 5]])
    >>> sharing = deep.FullyAdaptive(deep.mlp(8), branches=2, every=5)
    >>> model = deep.DeepModel(sharing, epochs=20, random_state=0).fit(X, Y)
    >>> model.couplings_["tree"].values.T
    array([[0, 1, 0, 1]])
    """

    trunk: tuple[Stage, ...] = mlp(64, 64)
    wide: tuple[Stage, ...] | None = None
    branches: str | int | tuple[int, ...] = "stability"
    affinity: str = "agreement"
    every: int = 10
    alpha: float = 1.0
    least: float = 0.8
    dropout: float = 0.0

    def __post_init__(self):
        check_stages(self, self.trunk, self.wide or ())
        check_dropout(self)
        check_choice(self, "affinity", tuple(AFFINITIES))
        for field, good, words in (
            ("trunk", len(self.trunk) > 0, "with a stage at least"),
            ("branches", self._counted(), f"out of {list(RULES)}, >= 1, or one per stage, rising"),
            ("every", self.every >= 1, ">= 1"),
            ("alpha", 0 <= self.alpha < float("inf"), ">= 0"),
            ("least", 0 <= self.least <= 1, "in [0, 1]"),
        ):
            value = getattr(self, field)
            require(good, f"FullyAdaptive needs {field} {words}. Found {field}={value!r}.")
        if self.wide is not None:
            check_wide(self.wide, self.trunk, "FullyAdaptive")

    def _counted(self):
        if isinstance(self.branches, str):
            return self.branches in RULES
        given = self.branches if isinstance(self.branches, tuple) else (self.branches,)
        each = len(given) == len(self.trunk) or not isinstance(self.branches, tuple)
        return each and min(given, default=0) >= 1 and list(given) == sorted(given)

    def before(self):
        """The wide net with hard sharing, where there is one."""
        return None if self.wide is None else HardSharing(self.wide, self.dropout)

    def net(self, aims, shape):
        """A net with one path, which branches while it is trained."""
        lonely = [aim.name for aim in aims if aim.loss.couples and not aim.kind.positional]
        require(
            not lonely,
            "FullyAdaptive asks which rows are hard, and needs an error per row. The losses of "
            f"{lonely[:3]} have none. Take another sharing, such as LearningToBranch.",
            UnsupportedError,
        )
        return _Adaptive(self, aims, shape)

    @classmethod
    def examples(cls):
        """By stability with dropout, by cost from a wide net, one shared stage below two."""
        yield cls(mlp(6, 5), every=1, least=0.0, dropout=0.2)
        yield cls(mlp(5, 4), mlp(9, 8), branches="cost", affinity="beyond chance", every=1, alpha=9)
        yield cls((Dense(4, "tanh"), Dense(3)), branches=(1, 2), every=1)


class _Adaptive(Net):
    shared_parts = ("levels",)
    affinity: torch.Tensor
    rounds: torch.Tensor

    def __init__(self, sharing, aims, shape):
        super().__init__(aims)
        self.sharing = sharing
        whole = Trunk(sharing.trunk, shape, sharing.dropout)
        self.bounds = bounds(whole.stages)
        parts = [_part(whole, start, end, sharing.dropout) for start, end in self.bounds]
        self.levels = nn.ModuleList([nn.ModuleList([part]) for part in parts])
        self.towers = Towers(aims, whole.shapes[-1])
        self.tree = torch.zeros(len(aims), len(self.levels), dtype=torch.long)
        self.register_buffer("affinity", torch.eye(len(aims)))
        self.register_buffer("rounds", torch.zeros((), dtype=torch.long))

    def forward(self, X, tasks=None):
        values, mask = parted(X)
        which = asked(self, tasks)
        paths, H = self.tree[which].tolist(), [values] * len(which)
        for level, branches in enumerate(self.levels):
            # what stands on a branch is computed once for all its tasks
            first = {path[level]: i for i, path in reversed([*enumerate(paths)])}
            made = {node: branches[node](H[i], mask) for node, i in first.items()}
            H = [made[path[level]] for path in paths]
        return self.towers(H, which, mask)

    def rows_of(self, names):
        """The heads of these tasks, and the branches that serve no others."""
        others = [t for t, aim in enumerate(self.targets) if aim.name not in names]
        alone = [
            branch
            for level, branches in enumerate(self.levels)
            for node, branch in enumerate(branches)
            if node not in self.tree[others, level]
        ]
        own = [(p, slice(None)) for branch in alone for p in branch.parameters()]
        return [*super().rows_of(names), *own]

    @torch.no_grad()
    def follow(self, trained):
        """Begin with the units of a wide net that stand for all of them best."""
        modules = [one for branches in self.levels for one in branches[0].stages]
        A = thin_out(trained.trunk, modules)
        plain, mine = (
            trained.heads,
            {aim.name: h for aim, h in zip(self.targets, self.towers.heads)},
        )
        if plain.linear is None or A is None:
            return
        weights, biases = (p.split(plain.widths) for p in plain.linear.parameters())
        for name, V, c in zip(plain.names, weights, biases):
            mine[name].linear.weight.copy_(V @ A)
            mine[name].linear.bias.copy_(c)

    def adopt(self, other):
        """Take over the path of ``other`` that serves the most tasks."""
        paths, counts = torch.unique(other.tree, dim=0, return_counts=True)
        path = paths[counts.argmax()].tolist()
        for mine, theirs, node in zip(self.levels, other.levels, path):
            mine[0].load_state_dict(theirs[node].state_dict())
        self.rounds.fill_(len(self.levels))

    # -- branching ----------------------------------------------------------------------------

    def after_epoch(self, epoch, data):
        """Branch the next stage, when it is time."""
        over = int(self.rounds) >= len(self.levels) or len(self.targets) == 1
        return False if over or epoch % self.sharing.every else self._branch(data)

    def _branch(self, data):
        require(
            not data.sharded,
            "FullyAdaptive looks at all rows, and here every process has its own. Train it in one.",
            UnsupportedError,
        )
        level = len(self.levels) - 1 - int(self.rounds)
        groups = self._above(level)
        hard, known = difficulty(self, data)
        labels = self._labels(hard, known, groups, level)
        self.rounds += 1
        if labels.max() == 0:
            self.rounds.fill_(len(self.levels))
            return False
        for group, label in zip(groups, labels.tolist()):
            self.tree[group, level] = label
        self._grow()
        return True

    def _above(self, level):
        """The tasks of every branch that stands on this level, a list of lists."""
        if level == len(self.levels) - 1:
            return [[t] for t in range(len(self.targets))]
        above = self.tree[:, level + 1]
        return [torch.nonzero(above == node)[:, 0].tolist() for node in range(int(above.max()) + 1)]

    def _labels(self, hard, known, groups, level):
        """The group ``(m,)`` of every branch above a level."""
        affinity, m = AFFINITIES[self.sharing.affinity], len(groups)
        A = affinity(hard, known)
        self.affinity.copy_(torch.as_tensor(A))
        B, rule = between(A, groups), self.sharing.branches
        if m == 1:
            return np.zeros(1, int)
        if rule == "cost":
            return by_cost(B, self.sharing.alpha, 2.0 ** self._poolings(level))
        if rule == "stability":
            draws = torch.randint(len(hard), (RESAMPLES, len(hard))).numpy()
            again = [between(affinity(hard[rows], known[rows]), groups) for rows in draws]
            return by_stability(B, again, self.sharing.least)
        start, _ = self.bounds[level]
        return grouped(B, min(m, rule if isinstance(rule, int) else rule[start]))

    def _poolings(self, level):
        stages = self.sharing.trunk[self.bounds[level][1] :]
        return sum(isinstance(stage, Pooling) for stage in stages)

    def _grow(self):
        """As many copies on every level as the tree has."""
        for branches, nodes in zip(self.levels, self.tree.T):
            count = int(nodes.max()) + 1
            while len(branches) < count:
                branches.append(copy.deepcopy(branches[0]))
            del branches[count:]

    def get_extra_state(self):
        """The tree: a file has to know it before it gives numbers to the branches."""
        return self.tree.clone()

    def set_extra_state(self, state):
        """Branch as this tree says."""
        self.tree = torch.as_tensor(state).round().long().cpu()
        self._grow()

    # -- what it has learnt -------------------------------------------------------------------

    def relation(self):
        """The affinity of the tasks when it was last measured, or None."""
        if not self.rounds or len(self.targets) == 1:
            return None
        words = {"agreement": "share of rows that are hard, or easy, for both"}
        word = words.get(self.sharing.affinity, "agreement on which rows are hard, beyond chance")
        return self.affinity.double().cpu().numpy(), word

    def couplings(self):
        found = {"tree": Coupling(self.tree.numpy().copy(), "branch below a task", TREE)}
        relation = self.relation()
        if relation is not None:
            found["affinity"] = Coupling(relation[0], relation[1], ("task", "task"))
        return found


TREE = ("task", "stage with numbers")


def bounds(modules):
    """Where each level begins and ends: one stage with numbers, and all without around it."""
    full = [i for i, one in enumerate(modules) if next(one.parameters(), None) is not None]
    starts = [0, *full[1:]]
    return list(zip(starts, [*starts[1:], len(modules)]))


def _part(whole, start, end, dropout):
    part = Trunk((), whole.shapes[start], dropout)
    part.stages.extend(whole.stages[start:end])
    part.shapes += whole.shapes[start + 1 : end + 1]
    return part
