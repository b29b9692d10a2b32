"""Soft sharing: a net per task, and a price on the distance between them."""

from dataclasses import dataclass

import torch

from polytask.deep.blocks import Dense, Stage, mlp
from polytask.deep.sharing.base import Coupling, Sharing
from polytask.deep.sharing.side_by_side import SideBySide, check_coupling
from polytask.deep.trunk import checked
from polytask.errors import require

STEPS = ("gradient", "proximal")
ANCHORS = ("mean", "pairs")


@dataclass(frozen=True)
class SoftSharing(Sharing):
    r"""A net per task, all drawn towards each other.

    With ``theta_t`` the weights and biases of task t in a stage, the loss has, for every stage,

    * anchored at the mean: ``strength / 2 sum_t |theta_t - mean_s theta_s|^2``;
    * pairwise: ``strength / 2 sum_{s < t} a_st |theta_s - theta_t|^2``.

    With all ``a_st = 1`` the second is T times the first. At strength 0 the nets are separate, and
    one net where it is without bound.

    Parameters
    ----------
    trunk : tuple of Stage
    strength : float, or tuple of one per stage, >= 0
        0 leaves a stage free.
    heads : float, >= 0
        Strength on the heads, for tasks with equal numbers of outputs.
    anchor : {"mean", "pairs"}
        With the mean, a strength means the same for any number of tasks.
    edges : tuple of (a, b) or (a, b, r), optional
        Pairs of task names and their ``a_st = r > 0``, 1 if left out; other pairs are 0, and edges
        of tasks that a net does not have say nothing. For ``anchor="pairs"``.
    step : {"gradient", "proximal"}
        How the price moves the weights: its gradient is added to that of the losses, or the exact
        step ``(I + rate strength L)^-1`` on the columns follows every update, which is stable at
        any strength and is not divided by Adam's running size.
    dropout : float in [0, 1)
        One mask for all columns.

    Raises
    ------
    ParameterError
        If an option is out of range.
    UnsupportedError
        If heads of unlike widths are to be coupled.

    Notes
    -----
    All columns start with the same numbers: distances between nets of different starts would
    measure how their units are permuted. Exact steps end at the minimum of losses and price where
    the optimiser is plain gradient descent; beside AdamW they are what its weight decay is, a pull
    of its own that the running sizes do not divide. What a stage keeps beside its parameters (the
    statistics of a batch norm) is every column's own.
    A new task (`adapt`) is refused: every task has a net of its own, and no part stands by
    itself.

    References
    ----------
    Duong, Cohn, Bird, Cook. Low resource dependency parsing: cross-lingual parameter sharing in a
    neural network parser. ACL 2015.
    Survey: soft parameter sharing.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import deep
    >>> X = np.random.default_rng(0).normal(size=(60, 4))
    >>> Y = X[:, :1] + 0.1 * X[:, 1:3]
    >>> sharing = deep.SoftSharing(deep.mlp(8), strength=10.0, heads=10.0, step="proximal")
    >>> model = deep.DeepModel(sharing, epochs=20, random_state=0).fit(X, Y)
    >>> bool(model.couplings_["distance"].values.max() < 0.1)
    True
    """

    trunk: tuple[Stage, ...] = mlp(64, 64)
    strength: float | tuple[float, ...] = 0.1
    heads: float = 0.0
    anchor: str = "mean"
    edges: tuple | None = None
    step: str = "gradient"
    dropout: float = 0.0

    def __post_init__(self):
        checked(self.trunk, "SoftSharing")
        check_coupling(self)
        check_choice(self, "anchor", ANCHORS)
        check_choice(self, "step", STEPS)
        require(
            self.edges is None or self.anchor == "pairs",
            f"SoftSharing takes edges with anchor='pairs'. Found anchor={self.anchor!r}.",
        )
        for edge in self.edges or ():
            good = len(edge) == 2 or (len(edge) == 3 and edge[2] > 0)
            require(
                good and edge[0] != edge[1],
                f"SoftSharing needs edges (task, other task) or (task, other task, r > 0). "
                f"Found {edge!r}.",
            )

    def net(self, aims, shape):
        """A net with ``len(aims)`` columns."""
        return _Soft(self, aims, shape)

    @classmethod
    def examples(cls):
        """All stages to the mean, one stage and pairs, exact steps."""
        yield cls(mlp(6, 5), dropout=0.2)
        edges = (("price", "size"), ("tree", "sold", 0.5), ("price", "tree"))
        yield cls((Dense(4, "tanh"), Dense(3)), (0.5, 0.0), anchor="pairs")
        yield cls(mlp(5), strength=3.0, anchor="pairs", edges=edges, step="proximal")


def check_choice(sharing, field, choices):
    """Refuse a word that is none of the choices."""
    value = getattr(sharing, field)
    require(
        value in choices,
        f"{type(sharing).__name__} needs {field} out of {list(choices)}. Found {value!r}.",
    )


def laplacian(sharing, names):
    """The matrix L ``(T, T)`` with ``sum_st L_st theta_s . theta_t`` twice the price at strength 1.

    It is to be used on weights about their mean.
    """
    T = len(names)
    if sharing.edges is None:
        return torch.eye(T) * (T if sharing.anchor == "pairs" else 1)
    L = torch.zeros(T, T)
    for a, b, *given in sharing.edges:
        # a net of some of the tasks has the edges among them
        if a in names and b in names:
            i, j = names.index(a), names.index(b)
            r = float(given[0]) if given else 1.0
            L[[i, j], [i, j]] += r
            L[[i, j], [j, i]] -= r
    return L


class _Soft(SideBySide):
    def __init__(self, sharing, aims, shape):
        super().__init__(aims, shape, sharing)
        self.step = sharing.step
        self.register_buffer("L", laplacian(sharing, [aim.name for aim in aims]), persistent=False)

    def price(self):
        """The price on the distances, a scalar with its graph; 0 where nothing is coupled."""
        return sum((one.strength / 2 * self._spread(one) for one in self.coupled()), start=0.0)

    def _spread(self, weight):
        _, own = _centred(weight)
        return ((self.L @ own) * own).sum()

    def penalty(self):
        price = self.price() if self.step == "gradient" else 0.0
        return price if torch.is_tensor(price) else None

    @torch.no_grad()
    def after_step(self, learning_rate):
        if self.step == "gradient":
            return
        eye = torch.eye(len(self.L)).to(self.L)
        for one in self.coupled():
            moved = eye + learning_rate * one.strength * self.L
            mean, own = _centred(one)
            one.put((mean + torch.linalg.solve(moved, own)).reshape(one.values.shape))

    @torch.no_grad()
    def couplings(self):
        stages = {one.name: one.values.flatten(1) for one in self.coupled()}
        if not stages:
            return {}
        values = [_distances(v) / v.norm(dim=1).mean() for v in stages.values()]
        meaning = f"distance over mean length of the tasks' weights: {', '.join(stages)}"
        axes = ("weight", "task", "task")
        return {"distance": Coupling(torch.stack(values).cpu().numpy(), meaning, axes)}


def _centred(weight):
    """Mean ``(p,)`` of the columns, and what each has beside it ``(T, p)``."""
    theta = weight.values.flatten(1)
    return theta.mean(0), theta - theta.mean(0)


def _distances(theta):
    return (theta[:, None] - theta).norm(dim=-1)
