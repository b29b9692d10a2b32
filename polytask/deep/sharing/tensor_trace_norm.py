"""Soft sharing by trace norms: the weights of all tasks' nets lie in few directions."""

from dataclasses import dataclass

import torch

from polytask.deep.blocks import Dense, Stage, mlp
from polytask.deep.sharing.base import Coupling, Sharing
from polytask.deep.sharing.side_by_side import SideBySide, check_coupling
from polytask.deep.sharing.soft_sharing import STEPS, check_choice
from polytask.deep.trunk import checked
from polytask.deep.unfoldings import UNFOLDINGS, columnwise, nuclear, shrunk, stacked, thin_svd
from polytask.errors import require

# A direction counts where its singular value is above this share of the largest one.
COUNTS = 1e-3


@dataclass(frozen=True)
class TensorTraceNorm(Sharing):
    r"""A net per task; a price on the rank of the weights that stand side by side.

    The weights of a stage are stacked to ``W`` of shape ``D_1 x ... x D_N`` (kernel, inputs,
    outputs, tasks; the task axis last, ``D_N = T``), and ``strength`` times a sum of trace norms
    of unfoldings is added to the loss:

    * ``"laf"``: ``|W_(N)|_*``, the tasks' weights as columns of one matrix;
    * ``"tucker"``: ``sum_{k=1..N} |W_(k)|_*``, every axis against all others;
    * ``"tt"``: ``sum_{k<N} |W_[k]|_*``, the first k axes against the rest.

    Biases are every task's own.

    Parameters
    ----------
    trunk : tuple of Stage
    strength : float, or tuple of one per stage, >= 0
        0 leaves a stage free.
    heads : float, >= 0
        Strength on the heads, for tasks with equal numbers of outputs.
    form : {"laf", "tucker", "tt"}
    step : {"gradient", "proximal"}
        The subgradient ``U V'`` of each norm beside that of the losses, or, for ``"laf"``, exact
        shrinking of the singular values by ``rate strength`` after every update, which makes ranks
        small and not only nearly so.
    dropout : float in [0, 1)
        One mask for all columns.

    Raises
    ------
    ParameterError
        If an option is out of range, or exact steps are asked for a sum of several norms.

    Notes
    -----
    All columns start with the same numbers, so that their units correspond; the paper starts at
    random or from single-task nets. Exact steps end at the minimum of losses and price where the
    optimiser is plain gradient descent. AdamW moves every direction by about its rate, so there
    only strengths above 1 or so make ranks small.
    A new task (`adapt`) is refused: every task has a net of its own, and no part stands by
    itself.

    References
    ----------
    Yang, Hospedales. Trace norm regularised deep multi-task learning. ICLR workshop 2017.
    Survey: soft parameter sharing.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import deep
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(60, 8))
    >>> Y = X @ rng.normal(size=(8, 1)) @ rng.normal(size=(1, 5)) + rng.normal(size=(60, 5))
    >>> sharing = deep.TensorTraceNorm((), heads=3.0, step="proximal")
    >>> model = deep.DeepModel(sharing, epochs=50, random_state=0).fit(X, Y)
    >>> bool(model.couplings_["rank of heads weight"].values[0] < 5)
    True
    """

    trunk: tuple[Stage, ...] = mlp(64, 64)
    strength: float | tuple[float, ...] = 0.001
    heads: float = 0.0
    form: str = "laf"
    step: str = "gradient"
    dropout: float = 0.0

    def __post_init__(self):
        checked(self.trunk, "TensorTraceNorm")
        check_coupling(self)
        check_choice(self, "form", tuple(UNFOLDINGS))
        check_choice(self, "step", STEPS)
        require(
            self.step == "gradient" or self.form == "laf",
            f"TensorTraceNorm takes exact steps for form='laf', which is one norm. "
            f"Found form={self.form!r}. Set step='gradient'.",
        )

    def net(self, aims, shape):
        """A net with ``len(aims)`` columns."""
        return _Traced(self, aims, shape)

    @classmethod
    def examples(cls):
        """Each form, and exact steps."""
        yield cls(mlp(6, 5), dropout=0.2)
        yield cls((Dense(4, "tanh"), Dense(3)), (0.1, 0.0), form="tucker")
        yield cls(mlp(5, 4), 0.1, form="tt")
        yield cls(mlp(5), 0.1, step="proximal")


class _Traced(SideBySide):
    def __init__(self, sharing, aims, shape):
        super().__init__(aims, shape, sharing)
        self.unfold, self.step = UNFOLDINGS[sharing.form], sharing.step

    def coupled(self):
        """The `Weight` of everything that has a strength; biases are left out."""
        return (one for one in super().coupled() if one.values.ndim > 2)

    def price(self):
        """The sum of the norms times their strengths, a scalar with its graph."""
        return sum(
            (
                one.strength * nuclear(M)
                for one in self.coupled()
                for M in self.unfold(stacked(one.values))
            ),
            start=0.0,
        )

    def penalty(self):
        price = self.price() if self.step == "gradient" else 0.0
        return price if torch.is_tensor(price) else None

    @torch.no_grad()
    def after_step(self, learning_rate):
        if self.step == "gradient":
            return
        for one in self.coupled():
            W = stacked(one.values)
            (M,) = self.unfold(W)
            one.put(columnwise(shrunk(M, learning_rate * one.strength).reshape(W.shape)))

    @torch.no_grad()
    def couplings(self):
        found = {}
        for one in self.coupled():
            values = [thin_svd(M)[1] for M in self.unfold(stacked(one.values))]
            ranks = [int((s > COUNTS * s.max()).sum()) if len(s) else 0 for s in values]
            meaning = f"singular values above {COUNTS:g} of the largest, per unfolding"
            ranks = torch.tensor(ranks).numpy()
            found[f"rank of {one.name}"] = Coupling(ranks, meaning, ("unfolding",))
        return found
