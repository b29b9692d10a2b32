"""Cross-stitch: a net per task, and after every stage each takes from all."""

from dataclasses import dataclass

import torch

from polytask.deep.blocks import Stage, mlp
from polytask.deep.sharing.base import Coupling, Sharing
from polytask.deep.sharing.stitched import Stitched, check_stitches, convex
from polytask.deep.trunk import checked
from polytask.errors import require


@dataclass(frozen=True)
class CrossStitch(Sharing):
    r"""A net per task; after a stage, every net goes on with a learned mixture of all.

    ``x~_s = sum_t alpha_st x_t`` at every position, with ``alpha`` of shape ``(T, T)`` per stage,
    or one for every channel. With ``alpha = I`` the tasks share nothing; with every row the same
    unit vector it is hard sharing; where tasks are loosely related it finds what lies between.

    Parameters
    ----------
    trunk : tuple of Stage
        Of every task's net.
    own : float in [0, 1]
        What every net takes of its own features at the start; the rest comes from the others in
        equal parts.
    per : {"layer", "channel"}
        One mixture for all channels of a stage, or one for each.
    stitched : tuple of int, optional
        After which stages nets mix, from 0; default: after all that have matrices.
    rate : float, > 0
        Learning rate of ``alpha``, as a multiple of the net's. No weight decay reaches it.
    dropout : float in [0, 1)
        Share of the units that is silenced after every stage while training, the same in all nets.

    Raises
    ------
    ParameterError
        If a parameter is out of its range.

    Notes
    -----
    The paper's rate is 100 to 1000 times the net's, with plain gradient steps; Adam's steps do not
    shrink with the gradient, and 3 is the rate of the reproduced experiment. The gradient is
    ``dL/d alpha_st = sum (dL/d x~_s) x_t``, from equation 1; the paper's equation 3 has the two
    swapped. ``alpha`` is free: rows need not sum to 1, and may be negative.

    The nets start from numbers of their own. A net per task that was trained before is a start too:
    write its weights with ``net.stages[l].put``.
    A new task (`adapt`) is refused: what is shared has a part for every task.

    References
    ----------
    Misra, Shrivastava, Gupta, Hebert. Cross-stitch networks for multi-task learning. CVPR 2016.
    Equation 1.
    Survey: cross-stitch networks.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import deep
    >>> X = np.random.default_rng(0).normal(size=(80, 3))
    >>> Y = np.column_stack([np.sin(X[:, 0]), np.sin(X[:, 0]) + X[:, 1]])
    >>> model = deep.DeepModel(deep.CrossStitch(deep.mlp(8)), epochs=20, random_state=0).fit(X, Y)
    >>> model.couplings_["alpha 1"].values.shape
    (2, 2)
    """

    trunk: tuple[Stage, ...] = mlp(64, 64)
    own: float = 0.9
    per: str = "layer"
    stitched: tuple[int, ...] | None = None
    rate: float = 3.0
    dropout: float = 0.0

    def __post_init__(self):
        checked(self.trunk, "CrossStitch")
        check_stitches(self)
        require(
            self.per in ("layer", "channel"),
            f"CrossStitch needs per out of ['layer', 'channel']. Found {self.per!r}.",
        )

    def net(self, aims, shape):
        """A net with ``len(aims)`` columns."""
        return _CrossStitch(self, aims, shape)

    @classmethod
    def examples(cls):
        """A mixture per layer, per channel, and after one stage of two."""
        yield cls(mlp(6, 5), dropout=0.2)
        yield cls(mlp(5, activation="tanh"), 0.7, "channel")
        yield cls(mlp(5, 4), stitched=(-1,), rate=1.0)


class _CrossStitch(Stitched):
    def __init__(self, sharing, aims, shape):
        self.own, self.per = sharing.own, sharing.per
        super().__init__(sharing, aims, shape)

    def start(self, shape):
        alpha = convex(self.own, len(self.targets))
        return alpha if self.per == "layer" else alpha.repeat(shape.channels, 1, 1)

    def mixed(self, alpha, H, shape):
        if self.per == "layer":
            return (alpha @ H.reshape(len(H), -1)).view(H.shape)
        axis = shape.axis if shape.axis < 0 else shape.axis + 1
        each = H.movedim(axis, 0)  # (channels, T, b, ...)
        return torch.bmm(alpha, each.flatten(2)).view(each.shape).movedim(0, axis)

    def couplings(self):
        """The mixture after every stage."""
        axes = ("receiving task", "giving task")
        axes = axes if self.per == "layer" else ("channel", *axes)
        return {
            f"alpha {place + 1}": Coupling(
                alpha.detach().cpu().numpy(),
                f"how much every task's net takes of each after stage {place + 1}",
                axes,
            )
            for place, alpha in zip(self.places, self.alphas)
        }
