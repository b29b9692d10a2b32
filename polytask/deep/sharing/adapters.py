"""Adapters: one trunk, and after every stage a small net per task that corrects it."""

from dataclasses import dataclass

from torch import nn

from polytask.deep.blocks import ACTIVATIONS, Dense, Stage, mlp
from polytask.deep.blocks.activations import known
from polytask.deep.sharing.base import Sharing
from polytask.deep.sharing.checks import check_dropout, check_stages
from polytask.deep.sharing.on_trunk import OnTrunk, check_learns, trained_first
from polytask.deep.sharing.passes import through
from polytask.deep.sharing.stacked import stacked
from polytask.deep.trunk import called
from polytask.errors import require


@dataclass(frozen=True)
class Adapters(Sharing):
    r"""One trunk for all tasks; after every stage a task adds what a narrow net makes of it.

    With ``P = stage_l(H_t^{l-1})``, ``H_t^l = P + U_t phi(D_t P + d_t) + u_t``, where ``D_t`` takes
    the channels down to ``width`` and ``U_t`` up again, at every position. ``U = 0`` and ``u = 0``
    at the start, which is hard sharing. A task costs about ``2 width`` numbers per channel, and a
    head.

    Parameters
    ----------
    trunk : tuple of Stage
        From the inputs to the heads, one stage at least. An adapter follows every stage that
        learns.
    width : int, >= 1
        Of the narrow layer.
    activation : {"relu", "gelu", "tanh", "sigmoid", "linear"}
        phi.
    learns : {"first", "along", "both"}
        When the trunk learns: first, in hard sharing of the same tasks, and then it is held fixed;
        from a common start along with the adapters; or both, one after the other.
    dropout : float in [0, 1)
        Share of the units that is silenced after every stage while training; one mask serves all
        tasks.

    Raises
    ------
    ParameterError
        If an option is out of range or ``trunk`` has no stages.

    Notes
    -----
    The tasks part after the first stage that learns. In the paper two adapters stand in every layer
    of a transformer, before its residual sums, and the layer norms of a task learn with them; here
    one stands after the stage, whatever it is, and norms belong to the trunk. The paper begins near
    the identity, with small numbers; here exactly there. In a plain loop ``sharing.before()`` is to
    be trained first, and ``net.follow(trained)`` takes it over and holds it.
    A new task (`adapt`) learns adapters and a head of its own on the trunk.

    References
    ----------
    Houlsby, Giurgiu, Jastrzebski, Morrone, de Laroussilhe, Gesmundo, Attariyan, Gelly.
    Parameter-efficient transfer learning for NLP. ICML 2019, sec. 2.1.
    Survey: since the survey.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import deep
    >>> X = np.random.default_rng(0).normal(size=(50, 3))
    >>> model = deep.DeepModel(deep.Adapters(deep.mlp(8), width=2), epochs=2, random_state=0)
    >>> model.fit(X, X[:, :2]).predict(X).shape
    (50, 2)
    """

    trunk: tuple[Stage, ...] = mlp(64, 64)
    width: int = 8
    activation: str = "gelu"
    learns: str = "first"
    dropout: float = 0.0

    def __post_init__(self):
        check_stages(self, self.trunk)
        check_dropout(self)
        check_learns(self)
        known(self.activation, "Adapters")
        require(self.width >= 1, f"Adapters needs width >= 1. Found width={self.width}.")
        require(len(self.trunk) > 0, "Adapters needs a stage at least: an adapter follows a stage.")

    def before(self):
        """Hard sharing, where the trunk is to learn first."""
        return trained_first(self)

    def net(self, aims, shape):
        """A net with one trunk, and per task its adapters and a head."""
        return _Adapted(self, aims, shape)

    @classmethod
    def examples(cls):
        """On a trunk that is held, with dropout; along with it; one after the other."""
        yield cls(mlp(6, 5), width=3, dropout=0.2)
        yield cls((Dense(4, "tanh"),), width=5, learns="along")
        yield cls(mlp(5), width=2, activation="tanh", learns="both")


class _Adapted(OnTrunk):
    def __init__(self, sharing, aims, shape):
        super().__init__(aims, shape, sharing)
        stages = self.trunk.stages
        learning = [i for i, one in enumerate(stages) if any(True for _ in one.parameters())]
        self.changing = learning or [len(stages) - 1]
        shapes = [self.trunk.shapes[i + 1] for i in self.changing]
        self.activation = ACTIVATIONS[sharing.activation]()
        self.adapters = nn.ModuleList(
            [nn.ModuleList([_maps(one, sharing.width) for one in shapes]) for _ in aims]
        )

    def changed(self, at, H, which, mask):
        i = self.changing[at]
        module, axis = self.trunk.stages[i], self.trunk.shapes[i + 1].axis
        P = called(module, H[0], mask)[None] if len(H) == 1 else through(module, H, mask)
        last = P.movedim(axis if axis < 0 else axis + 1, -1)
        down, up = ([self.adapters[t][at][name] for t in which] for name in ("down", "up"))
        added = stacked(
            up, self.activation(stacked(down, last.expand(len(which), *last.shape[1:])))
        )
        return P + added.movedim(-1, axis if axis < 0 else axis + 1)


def _maps(shape, width):
    """The two maps of one adapter, the second one zero."""
    up = nn.Linear(width, shape.channels)
    nn.init.zeros_(up.weight)
    nn.init.zeros_(up.bias)
    return nn.ModuleDict({"down": nn.Linear(shape.channels, width), "up": up})
