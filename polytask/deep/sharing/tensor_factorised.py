"""Tensor factorisation: the weights of all tasks' nets are composed of common factors."""

from dataclasses import dataclass

import torch
from torch import nn

from polytask.deep.blocks import Dense, Stage, mlp
from polytask.deep.factors import FORMS, cosine, drawn, sharing, softmax_cosine
from polytask.deep.lent import Lent
from polytask.deep.shape import Shape, parted
from polytask.deep.sharing.base import Coupling, Net, Sharing
from polytask.deep.sharing.side_by_side import ColumnHeads, OneMask, asked
from polytask.deep.sharing.soft_sharing import SoftSharing, check_choice
from polytask.deep.trunk import checked
from polytask.deep.unfoldings import columnwise, stacked
from polytask.errors import require

STARTS = ("random", "single")


@dataclass(frozen=True)
class TensorFactorised(Sharing):
    r"""A net per task, composed of factors: what is shared, and how much, is learnt per layer.

    The weights of a stage, stacked to ``W`` of shape ``D_1 x ... x D_N`` (kernel, inputs, outputs,
    tasks; the task axis last, ``D_N = T``), are

    * ``"laf"``: ``W_{..t} = sum_k L_{..k} S_{kt}``;
    * ``"tucker"``: ``W = C x_1 U_1 x_2 ... x_N U_N``;
    * ``"tt"``: ``W_{d_1 .. d_N} = U_1[d_1] U_2[d_2] ... U_N[d_N]``, a product of small matrices.

    Biases and heads are every task's own. ``S = I`` makes separate nets, ``S = 1`` hard sharing.

    Parameters
    ----------
    trunk : tuple of Stage
    form : {"laf", "tucker", "tt"}
    rank : int, >= 1, or None
        Largest rank; None (with ``start="single"``) leaves it to ``tolerance``.
    start : {"random", "single"}
        Factors at random, at the scale of the stage's own start; or those of nets that are
        trained first, each task by itself, from one common start.
    tolerance : float in (0, 1)
        Relative error of the weights, in the Frobenius norm, that the ranks may leave with
        ``start="single"``.
    dropout : float in [0, 1)
        One mask for all columns.

    Raises
    ------
    ParameterError
        If an option is out of range.

    Notes
    -----
    Nets that were started apart have unlike units, and ranks by energy are then almost full: here
    they have a common start. Scales are split evenly between the factors (``sqrt`` of the singular
    values on both sides), so that all learn at like speed; in the Tucker form the core has them.
    In a plain loop ``sharing.before()`` is to be trained first, and ``net.follow(trained)`` takes
    it over. The paper's measure of sharing takes a softmax of S, which is not 0 for ``S = I``; it
    is in ``couplings_`` beside the cosine of ``|S|``. A new task (`adapt`) learns its own column
    of S, biases and head on the factors of the old ones.

    References
    ----------
    Yang, Hospedales. Deep multi-task representation learning: a tensor factorisation approach.
    ICLR 2017.
    Survey: tensor factorisation.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import deep
    >>> X = np.random.default_rng(0).normal(size=(100, 4))
    >>> Y = np.column_stack([X.sum(1), np.abs(X.sum(1)), X[:, 0]])
    >>> sharing = deep.TensorFactorised(deep.mlp(16), rank=2)
    >>> model = deep.DeepModel(sharing, random_state=0).fit(X, Y)
    >>> model.couplings_["S of stage 1 0.weight"].values.shape
    (2, 3)
    """

    trunk: tuple[Stage, ...] = mlp(64, 64)
    form: str = "tt"
    rank: int | None = 8
    start: str = "random"
    tolerance: float = 0.1
    dropout: float = 0.0

    def __post_init__(self):
        checked(self.trunk, "TensorFactorised")
        check_choice(self, "form", tuple(FORMS))
        check_choice(self, "start", STARTS)
        require(
            (self.rank is None and self.start == "single") or (self.rank or 0) >= 1,
            f"TensorFactorised needs rank >= 1, or rank=None with start='single'. "
            f"Found rank={self.rank}, start={self.start!r}.",
        )
        require(
            0 < self.tolerance < 1,
            f"TensorFactorised needs tolerance in (0, 1). Found tolerance={self.tolerance}.",
        )
        require(
            0 <= self.dropout < 1,
            f"TensorFactorised needs dropout in [0, 1). Found dropout={self.dropout}.",
        )

    def before(self):
        """Separate nets from one start, where the factors are to be theirs."""
        return (
            SoftSharing(self.trunk, 0.0, dropout=self.dropout) if self.start == "single" else None
        )

    def net(self, aims, shape):
        """A net of factors at random; with ``start="single"`` it has to follow another."""
        return _Factorised(self, aims, shape)

    @classmethod
    def examples(cls):
        """Each form, and a start from single-task nets."""
        yield cls(mlp(6, 5), rank=2, dropout=0.2)
        yield cls((Dense(4, "tanh"),), form="tucker", rank=2)
        yield cls(mlp(5), form="laf", rank=2)
        yield cls(mlp(5), rank=2, start="single")


class _Factorised(Net):
    shared_parts = ("basis",)

    def __init__(self, sharing, aims, shape):
        super().__init__(aims)
        self.form, self.rank = FORMS[sharing.form], sharing.rank
        self.tolerance = sharing.tolerance
        self.names, self.plain_names = [], []
        self.basis, self.own = nn.ModuleList(), nn.ParameterList()
        self.plain, self.stages = nn.ParameterList(), nn.ModuleList()
        for i, stage in enumerate(sharing.trunk):
            module = stage.build(shape)
            self.stages.append(Lent(stage, module, len(aims)))
            for name, value in module.named_parameters():
                self._place((i, name), value.detach().expand(len(aims), *value.shape))
            shape = Shape.of(stage.outputs(shape))
        self.heads = ColumnHeads(aims, shape)
        self.dropout = OneMask(sharing.dropout)

    def _place(self, name, values):
        """Factors for a weight ``(T, *shape)`` with a matrix in it; a bias stays as it is."""
        if values.ndim < 3:
            self.plain_names.append(name)
            self.plain.append(nn.Parameter(values.clone()))
            return
        sizes = stacked(values).shape[:-1]
        std = values.std().item()
        found = drawn(self.form, sizes, len(values), self.rank or max(sizes), std=std)
        self.names.append(name)
        self.basis.append(nn.ParameterList(found.shared))
        self.own.append(nn.Parameter(found.own))

    def weights(self):
        """The composed weights, a list by stage of ``{name: (T, *shape)}``."""
        found: list[dict] = [{} for _ in self.stages]
        for k, (i, name) in enumerate(self.names):
            shared = list(self.basis[k].parameters())
            found[i][name] = columnwise(self.form.compose(shared, self.own[k]))
        for (i, name), values in zip(self.plain_names, self.plain):
            found[i][name] = values
        return found

    def forward(self, X, tasks=None):
        X, mask = parted(X)
        which = asked(self.targets, tasks)
        H = X.expand(len(which), *X.shape)
        for stage, weights in zip(self.stages, self.weights()):
            H = self.dropout(stage(H, weights, mask, which))
        return self.heads(H, which)

    @torch.no_grad()
    def follow(self, trained):
        """Begin with the factors of separate nets; ranks by energy, up to the cap."""
        stacks = [side.stacks() for side in trained.stages]
        for k, (i, name) in enumerate(self.names):
            values = stacks[i][name]
            found = self.form.decompose(stacked(values), self.tolerance, self.rank)
            self._become(k, [one.to(values.dtype) for one in found.shared])
            self.own[k].data = found.own.to(values.dtype)
        for (i, name), mine in zip(self.plain_names, self.plain):
            mine.copy_(stacks[i][name])
        for stage, side in zip(self.stages, trained.stages):
            stage.copy_statistics(getattr(side, "columns", ()))
        self.heads.load_state_dict(trained.heads.state_dict())

    def _become(self, k, shared):
        for mine, value in zip(self.basis[k].parameters(), shared):
            mine.data = value.detach().to(mine).clone(memory_format=torch.contiguous_format)

    def adopt(self, other):
        """Take over the factors that ``other`` has learnt for all tasks, of any rank."""
        for k, theirs in enumerate(other.basis):
            self._become(k, theirs.parameters())
            K = len(other.own[k])
            if len(self.own[k]) != K:
                # as much of every factor as the tasks that are known have on average
                scale = other.own[k].std(unbiased=False).item()
                self.own[k].data = scale * torch.randn(K, len(self.targets)).to(self.own[k])

    def _load_from_state_dict(self, state, prefix, *rest):
        # ranks by energy are known to the file alone
        for name, parameter in self.named_parameters():
            value = state.get(prefix + name)
            if (
                value is not None
                and value.shape != parameter.shape
                and not name.startswith("heads")
            ):
                parameter.data = parameter.new_empty(value.shape)
        super()._load_from_state_dict(state, prefix, *rest)

    @torch.no_grad()
    def couplings(self):
        found = {}
        for (i, name), own in zip(self.names, self.own):
            meaning = "how much of every shared factor a task takes"
            label = f"S of stage {i + 1} {name}"
            found[label] = Coupling(own.cpu().numpy().copy(), meaning, ("factor", "task"))
        if not found:
            return {}
        for label, measure, word in (
            ("sharing", cosine, "cosine of the columns of |S|"),
            ("sharing by softmax", softmax_cosine, "cosine of the columns of softmax(|S|)"),
        ):
            values = torch.stack([sharing(measure(own)) for own in self.own])
            meaning = f"{word}, mean over pairs of tasks"
            found[label] = Coupling(values.cpu().numpy(), meaning, ("weight",))
        return found
