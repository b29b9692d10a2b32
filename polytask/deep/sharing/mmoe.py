"""Multi-gate mixture of experts: every task weighs the same experts row by row."""

from dataclasses import dataclass
from functools import partial

from polytask.deep.blocks import Dense, Stage, mlp
from polytask.deep.sharing.base import Sharing
from polytask.deep.sharing.checks import check_dropout, check_experts, check_stages
from polytask.deep.sharing.gates import SoftmaxGates
from polytask.deep.sharing.mixture import MixtureNet


@dataclass(frozen=True)
class MMoE(Sharing):
    r"""Experts are shared; a gate per task says, row by row, how much each of them counts.

    ``Y_t = head_t(tower_t(sum_e g_te(x) f_e(x)))`` with the gates ``g_t(x) = softmax(s(x) G_t +
    a_t)``, where ``s(x)`` is what the experts see: the inputs, or what ``bottom`` makes of them,
    averaged over the positions of a sequence or a map.

    Parameters
    ----------
    expert : tuple of Stage
        What every expert is made of.
    experts : int, >= 1
        How many; one is hard sharing.
    bottom : tuple of Stage
        Shared stages below experts and gates, such as an embedding or convolutions.
    tower : tuple of Stage
        Stages of each task's own, between its mixture and its head.
    dropout : float in [0, 1)
        Share of the units that is silenced after every stage while training.

    Raises
    ------
    ParameterError
        If an option is out of range or stages are no stages.

    Notes
    -----
    The paper's gates have no ``a_t``: with inputs about zero no task could then prefer an expert on
    the whole.
    A new task (`adapt`) learns a gate and a head of its own on the experts.

    References
    ----------
    Ma, Zhao, Yi, Chen, Hong, Chi. Modeling task relationships in multi-task learning with
    multi-gate mixture-of-experts. KDD 2018, eq. 6 and 7.
    Survey: since the survey.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import deep
    >>> X = np.random.default_rng(0).normal(size=(50, 3))
    >>> sharing = deep.MMoE(deep.mlp(8), experts=3)
    >>> model = deep.DeepModel(sharing, epochs=2, random_state=0).fit(X, X[:, :2])
    >>> model.couplings_["gates"].values.shape
    (2, 3)
    """

    expert: tuple[Stage, ...] = mlp(32, 32)
    experts: int = 4
    bottom: tuple[Stage, ...] = ()
    tower: tuple[Stage, ...] = ()
    dropout: float = 0.0

    def __post_init__(self):
        check_stages(self, self.expert, self.bottom, self.tower)
        check_experts(self)
        check_dropout(self)

    def net(self, aims, shape):
        """A net with ``experts`` experts and a gate per task."""
        gates = partial(SoftmaxGates, count=self.experts, tasks=len(aims))
        return MixtureNet(self, aims, shape, gates)

    @classmethod
    def examples(cls):
        """Three experts with towers and dropout, one expert, experts on a shared bottom."""
        yield cls(mlp(6), experts=3, tower=mlp(4), dropout=0.2)
        yield cls((Dense(4, "tanh"),), experts=1)
        yield cls(mlp(5), experts=2, bottom=(Dense(6, "tanh"),))
