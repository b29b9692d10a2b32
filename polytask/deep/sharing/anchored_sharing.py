"""Soft sharing with a source: a net per task, all held near weights that do not move."""

from dataclasses import dataclass

import torch

from polytask.deep.blocks import Dense, Stage, mlp
from polytask.deep.sharing.base import Coupling, Sharing
from polytask.deep.sharing.side_by_side import SideBySide, check_coupling
from polytask.deep.sharing.soft_sharing import STEPS, SoftSharing, check_choice
from polytask.deep.trunk import checked
from polytask.errors import TaskError, require


@dataclass(frozen=True)
class AnchoredSharing(Sharing):
    r"""A net per task, all held near the net of a source task, which is trained first.

    ``strength / 2 sum_t |theta_t - theta_source|^2`` for the weights and biases of every stage,
    with the source's numbers frozen at the end of a first training in which every task learns by
    itself. At strength 0 the nets are separate, without bound they keep the source's stages.

    Parameters
    ----------
    trunk : tuple of Stage
    strength : float, or tuple of one per stage, >= 0
        0 leaves a stage free.
    heads : float, >= 0
        Strength on the heads, for tasks with equal numbers of outputs.
    source : str, optional
        Name of the task with many labels. Default: nobody's, and the anchor is the common start.
    step : {"gradient", "proximal"}
        As in `SoftSharing`; the exact step is ``(theta + rate strength source) / (1 + rate
        strength)``.
    dropout : float in [0, 1)
        One mask for all columns.

    Raises
    ------
    ParameterError
        If an option is out of range.
    TaskError
        If several tasks are trained and none of them is the source.

    Notes
    -----
    The paper freezes a source parser and trains the target's; here the source's own net goes on
    learning beside the others, from where it stands. In a plain loop ``sharing.before()`` is to be
    trained first, and ``net.follow(trained)`` takes it over.
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
    >>> X = np.random.default_rng(0).normal(size=(80, 4))
    >>> Y = np.column_stack([X.sum(1), X.sum(1)])
    >>> Y[8:, 1] = np.nan
    >>> sharing = deep.AnchoredSharing(deep.mlp(8), strength=1.0, heads=1.0, source="y0")
    >>> model = deep.DeepModel(sharing, epochs=30, random_state=0).fit(X, Y)
    >>> bool(model.couplings_["distance"].values[0, 1] < 0.2)  # of y1, in the weights of stage 1
    True
    """

    trunk: tuple[Stage, ...] = mlp(64, 64)
    strength: float | tuple[float, ...] = 0.1
    heads: float = 0.0
    source: str | None = None
    step: str = "gradient"
    dropout: float = 0.0

    def __post_init__(self):
        checked(self.trunk, "AnchoredSharing")
        check_coupling(self)
        check_choice(self, "step", STEPS)

    def before(self):
        """Separate nets from one start, where there is a source."""
        return None if self.source is None else SoftSharing(self.trunk, 0.0, dropout=self.dropout)

    def net(self, aims, shape):
        """A net with ``len(aims)`` columns, anchored at their start."""
        return _Anchored(self, aims, shape)

    @classmethod
    def examples(cls):
        """All stages, one stage with exact steps."""
        yield cls(mlp(6, 5), dropout=0.2)
        yield cls((Dense(4, "tanh"), Dense(3)), (5.0, 0.0), step="proximal")


class _Anchored(SideBySide):
    def __init__(self, sharing, aims, shape):
        super().__init__(aims, shape, sharing)
        self.source, self.step = sharing.source, sharing.step
        for i, one in enumerate(self.coupled()):
            self.register_buffer(f"anchor_{i}", one.values[0].detach().clone())

    @torch.no_grad()
    def follow(self, trained):
        """Begin with the weights of separate nets, and hold on to those of the source."""
        names = [aim.name for aim in self.targets]
        require(
            self.source in names or len(names) == 1,
            f"AnchoredSharing needs its source among the tasks. Found source={self.source!r} and "
            f"the tasks {names[:10]}.",
            TaskError,
        )
        self.stages.load_state_dict(trained.stages.state_dict())
        self.heads.load_state_dict(trained.heads.state_dict())
        if self.source in names:
            for one, anchor in self._anchored():
                anchor.copy_(one.values[names.index(self.source)])

    def _anchored(self):
        return [(one, getattr(self, f"anchor_{i}")) for i, one in enumerate(self.coupled())]

    def penalty(self):
        if self.step == "proximal":
            return None
        prices = [
            w.strength / 2 * (w.values - anchor).square().sum() for w, anchor in self._anchored()
        ]
        return sum(prices) if prices else None

    @torch.no_grad()
    def after_step(self, learning_rate):
        if self.step == "gradient":
            return
        for one, anchor in self._anchored():
            pull = learning_rate * one.strength
            one.put((one.values + pull * anchor) / (1 + pull))

    @torch.no_grad()
    def couplings(self):
        found = [
            (w.values - anchor).flatten(1).norm(dim=1) / anchor.norm().clamp_min(1e-12)
            for w, anchor in self._anchored()
        ]
        if not found:
            return {}
        names = ", ".join(one.name for one in self.coupled())
        meaning = f"distance from the anchor over its length: {names}"
        return {"distance": Coupling(torch.stack(found).cpu().numpy(), meaning, ("weight", "task"))}
