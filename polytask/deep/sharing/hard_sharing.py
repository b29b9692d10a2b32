"""Hard sharing: one trunk for all tasks, a head for each."""

from dataclasses import dataclass

from polytask.deep.blocks import Dense, Stage, mlp
from polytask.deep.heads import Heads
from polytask.deep.shape import parted
from polytask.deep.sharing.base import Net, Sharing
from polytask.deep.trunk import Trunk, checked
from polytask.errors import require


@dataclass(frozen=True)
class HardSharing(Sharing):
    r"""One trunk learns features for all tasks; every task has only its own head.

    ``H_0 = X``, ``H_l = phi(H_{l-1} A_l + b_l)`` shared, ``Y_t = H_L V_t + c_t`` per task. The
    gradient on the trunk is the weighted sum of the tasks' gradients, on a head only its own.

    Parameters
    ----------
    trunk : tuple of Stage
        From the inputs to the heads; ``()`` leaves a linear model per task, and nothing shared.
    dropout : float in [0, 1)
        Share of the units that is silenced after every stage while training.

    Raises
    ------
    ParameterError
        If ``dropout`` is out of range or ``trunk`` is no sequence of stages.

    Notes
    -----
    One dropout mask serves all tasks, so that their gradients differ by the tasks alone.
    A new task (`adapt`) learns a head of its own on the trunk; without a trunk it is refused.

    References
    ----------
    Caruana. Multitask learning. Machine Learning 28, 1997.
    Survey: hard parameter sharing.

    Examples
    --------
    >>> from polytask import deep
    >>> from polytask.kinds import Binary, Regression
    >>> from polytask.task import Task
    >>> tasks = (Task("price", Regression()), Task("sold", Binary()))
    >>> net = deep.HardSharing(deep.mlp(8)).build(tasks, 3)
    >>> [tuple(parameter.shape) for parameter in net.shared()]
    [(8, 3), (8,)]
    """

    trunk: tuple[Stage, ...] = mlp(64, 64)
    dropout: float = 0.0

    def __post_init__(self):
        require(
            0 <= self.dropout < 1,
            f"HardSharing needs dropout in [0, 1). Found dropout={self.dropout}.",
        )
        checked(self.trunk, "HardSharing")

    def net(self, aims, shape):
        """A net with one trunk and ``len(aims)`` heads."""
        return _Hard(self, aims, shape)

    @classmethod
    def examples(cls):
        """Two layers with dropout, one saturating layer, none."""
        yield cls(mlp(6, 5), dropout=0.2)
        yield cls((Dense(4, "tanh"),))
        yield cls(())


class _Hard(Net):
    shared_parts = ("trunk",)

    def __init__(self, sharing, aims, shape):
        super().__init__(aims)
        self.trunk = Trunk(sharing.trunk, shape, sharing.dropout)
        self.heads = Heads(aims, self.trunk.shapes[-1])

    def forward(self, X, tasks=None):
        X, mask = parted(X)
        return self.heads(self.trunk(X, mask), tasks, mask)
