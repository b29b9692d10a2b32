"""The joint many-task model: a layer per level, shortcuts, label embeddings, held lower levels."""

from dataclasses import dataclass

from polytask.deep.blocks import Dense, Stage, mlp
from polytask.deep.sharing.base import Sharing
from polytask.deep.sharing.joint_net import JointNet
from polytask.deep.trunk import checked
from polytask.errors import require

STARTS = ("uniform", "default")


@dataclass(frozen=True)
class JointManyTask(Sharing):
    r"""A layer per level of difficulty; each sees the words again and what lower tasks believe.

    ``x = words(X)``, ``H_l = layer_l([H_(l-1); x; y_1; ...; y_k])`` over the tasks k with classes
    that are read below l, ``y_k = sum_j p(class j of task k | H) E_k[j]`` their *label embeddings*,
    and ``Y_t = H_l V_t + c_t`` for a task of level l. Probabilities go in, not the best class, so
    higher tasks teach lower heads too.

    Parameters
    ----------
    words : tuple of Stage
        What makes x of a row, such as an embedding; ``()``: the inputs themselves.
    layers : tuple of Stage
        One per level; all of them keep the positions of a row.
    levels : dict of task name -> int, or tuple of int, optional
        As in `LowSupervision`; layers above the highest level are not built.
    towers : dict of task name -> tuple of Stage, optional
        Stages of a task's own between its layer and its head, such as `PairFeatures` where a row
        is a pair of sentences. Such a task gives no label embedding.
    shortcut : bool
        Whether layers above the first see x.
    label_width : int, >= 0
        Length of a label embedding; 0 leaves them out.
    successive : (float, float), each >= 0
        How strongly what stands below a level, and the heads there, are held while that level
        learns; ``inf`` freezes them, ``(0, 0)`` lets them go.
    dropout : float in [0, 1)
        After every stage.
    start : {"uniform", "default"}
        ``"uniform"``: matrices within ``sqrt(6 / (rows + columns))`` of 0, heads and biases 0,
        forget gates 1, as in the paper; ``"default"``: as torch has it.

    Raises
    ------
    ParameterError
        If an option is out of range.
    UnsupportedError
        If a layer below the highest changes the positions.

    Notes
    -----
    Levels are trained one after the other in every epoch, each in batches of its own tasks
    (`Mixture` with `InTurn`): where a step asks for other tasks than the last one, a stage begins,
    and all below is copied. The paper adds ``delta |theta - copy|^2`` to the loss; here its exact
    step follows the optimiser's, which is the same to first order, and stable at any strength.
    Steps that ask for all tasks hold nothing. A task whose loss couples positions (a chain of
    tags) gives no label embedding. The paper's weight decay is the optimiser's.
    A new task (`adapt`) stands on the layers; it is refused where what is shared has a part for
    every task.

    References
    ----------
    Hashimoto, Xiong, Tsuruoka, Socher. A joint many-task model: growing a neural network for
    multiple NLP tasks. EMNLP 2017.
    Survey: a joint many-task model.

    Examples
    --------
    >>> from polytask import deep
    >>> from polytask.kinds import Multiclass
    >>> from polytask.task import Task
    >>> tasks = (Task("pos", Multiclass(("N", "V"))), Task("chunk", Multiclass(("B", "I", "O"))))
    >>> sharing = deep.JointManyTask((), deep.mlp(8, 6), {"pos": 1}, label_width=4)
    >>> net = sharing.build(tasks, 3)
    >>> net.layers[1][0].in_features  # 8 of the layer below, 3 inputs, 4 of pos
    15
    """

    words: tuple[Stage, ...] = ()
    layers: tuple[Stage, ...] = mlp(64, 64)
    levels: dict[str, int] | tuple[int, ...] | None = None
    towers: dict[str, tuple[Stage, ...]] | None = None
    shortcut: bool = True
    label_width: int = 100
    successive: tuple[float, float] = (1e-3, 1e-2)
    dropout: float = 0.0
    start: str = "uniform"

    def __post_init__(self):
        require(
            0 <= self.dropout < 1 and self.label_width >= 0 and min(self.successive) >= 0,
            "JointManyTask needs dropout in [0, 1), label_width >= 0 and successive >= 0. Found "
            f"dropout={self.dropout}, label_width={self.label_width}, "
            f"successive={self.successive}.",
        )
        require(
            self.start in STARTS,
            f"JointManyTask needs start out of {STARTS}. Found {self.start!r}.",
        )
        checked(self.words, "JointManyTask")
        require(
            len(checked(self.layers, "JointManyTask")) > 0,
            "JointManyTask needs one layer or more, such as mlp(64, 64). Found none.",
        )

    def net(self, aims, shape):
        """A net with a layer per level up to the highest that a task is read at."""
        return JointNet(self, aims, shape)

    @classmethod
    def examples(cls):
        """Classes below numbers with words of their own; no shortcut; nothing but layers."""
        yield cls((Dense(5, "tanh"),), mlp(6, 5, 4), (2, 1), label_width=3, start="default")
        yield cls(
            layers=mlp(4, 3),
            levels=(2, 1),
            shortcut=False,
            label_width=2,
            successive=(0.0, 0.0),
            dropout=0.2,
            start="default",
        )
        yield cls((), mlp(4, 3), label_width=0, successive=(5.0, 5.0), start="default")
