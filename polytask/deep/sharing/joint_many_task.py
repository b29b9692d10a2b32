"""The joint many-task model: a layer per level, shortcuts, label embeddings, held lower levels."""

from dataclasses import dataclass

import torch
from torch import nn

from polytask.deep.blocks import Dense, Stage, mlp
from polytask.deep.heads import Heads
from polytask.deep.shape import Shape, parted
from polytask.deep.sharing.base import Net, Sharing
from polytask.deep.sharing.levels import levels_of
from polytask.deep.sharing.start import start_uniform
from polytask.deep.sharing.successive import Successive
from polytask.deep.trunk import Trunk, called, checked
from polytask.errors import UnsupportedError, require

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
        return _Joint(self, aims, shape)

    @classmethod
    def examples(cls):
        """Classes below numbers with words of their own; no shortcut; nothing but layers."""
        yield cls((Dense(5, "tanh"),), mlp(6, 5, 4), (2, 1), label_width=3, start="default")
        yield cls((), mlp(4, 3), (2, 1), False, 2, (0.0, 0.0), 0.2, "default")
        yield cls((), mlp(4, 3), label_width=0, successive=(5.0, 5.0), start="default")


class _Joint(Net):
    shared_parts = ("words", "layers", "labels", "givers")

    def __init__(self, sharing, aims, shape):
        super().__init__(aims)
        each = levels_of(aims, sharing.levels, len(sharing.layers), "JointManyTask")
        self.levels = {aim.name: level for aim, level in zip(aims, each)}
        self.depth, self.shortcut = max(each), sharing.shortcut
        self.dropout = nn.Dropout(sharing.dropout)
        self.words = Trunk(sharing.words, shape, sharing.dropout)
        self.layers, self.labels = nn.ModuleList(), nn.ModuleList()
        self.givers, self.heads = nn.ModuleDict(), nn.ModuleDict()
        self._build(sharing, self.words.shapes[-1])
        if sharing.start == "uniform":
            start_uniform(self)
        self.strengths = sharing.successive
        held = [*self.words.parameters(), *self._lower(self.depth)] if any(self.strengths) else []
        self.successive = Successive(len(aims), {id(p): p for p in held}.values())

    def _build(self, sharing, words):
        below, embedded = 0, 0  # channels of the layer below, of label embeddings
        for level, stage in enumerate(sharing.layers[: self.depth], 1):
            seen = words.channels if sharing.shortcut or level == 1 else 0
            inputs = Shape(below + seen + embedded, words.grid)
            self.layers.append(stage.build(inputs))
            out = Shape.of(stage.outputs(inputs))
            require(
                level == self.depth or out.grid == words.grid,
                f"JointManyTask needs layers that keep the positions of a row. {stage!r} makes "
                f"{out} of {inputs}. Put it into words, or make it the last layer.",
                UnsupportedError,
            )
            here = [aim for aim in self.targets if self.levels[aim.name] == level]
            giving = [aim for aim in here if sharing.label_width and self._gives(aim)]
            rest = [aim for aim in here if aim not in giving]
            for aim in giving:
                self.labels.append(nn.Linear(len(aim.kind.classes), sharing.label_width, False))
                embedded += sharing.label_width
            self.givers.update({str(level): Heads(giving, out)} if giving else {})
            self.heads.update({str(level): Heads(rest, out)} if rest else {})
            below = out.channels

    def _gives(self, aim):
        lower = self.levels[aim.name] < self.depth
        return lower and aim.kind.classes is not None and not aim.loss.couples

    def forward(self, X, tasks=None):
        asked = [name for name in self.levels if tasks is None or name in tasks]
        self._note(asked)
        X, mask = parted(X)
        x = H = self.words(X, mask)
        axis, labels, found = self.words.shapes[-1].axis, [], {}
        embeddings = iter(self.labels)
        top = max((self.levels[name] for name in asked), default=0)
        for level, layer in enumerate(self.layers[:top], 1):
            own = [] if level == 1 else [H]
            seen = [x] if self.shortcut or level == 1 else []
            H = self.dropout(called(layer, torch.cat([*own, *seen, *labels], axis), mask))
            for heads in (self.heads, self.givers):
                found |= heads[str(level)](H) if str(level) in heads else {}
            if level < top:
                labels += [y.movedim(-1, axis) for y in self._beliefs(level, found, embeddings)]
        return {name: found[name] for name in asked}

    def _beliefs(self, level, found, embeddings):
        """Label embeddings ``(b, *grid, label_width)`` of the tasks of a level."""
        key = str(level)
        names = self.givers[key].order if key in self.givers else ()
        for aim, embed in zip([aim for aim in self.targets if aim.name in names], embeddings):
            yield self.dropout(embed(aim.loss.answer(found[aim.name])))

    # -- successive regularisation ------------------------------------------------------------

    def _note(self, asked):
        if self.training and torch.is_grad_enabled():
            mask = [aim.name in asked for aim in self.targets]
            self.successive.enter(torch.tensor(mask, device=self.successive.asked.device))

    def _lower(self, level):
        """Parameters of the levels below this one, with their heads."""
        for below in range(1, level):
            yield from self.layers[below - 1].parameters()
            yield from self._heads_at(below)
            # the embeddings of a level's labels are used, and learnt, from the next level on
            if below + 1 < level:
                yield from self._labels_of(below)

    def _heads_at(self, level):
        for heads in (self.givers, self.heads):
            if str(level) in heads:
                yield from heads[str(level)].parameters()

    def _labels_of(self, level):
        order = [len(self.givers[key].order) if key in self.givers else 0 for key in self._keys()]
        first = sum(order[: level - 1])
        return nn.ModuleList(self.labels[first : first + order[level - 1]]).parameters()

    def _keys(self):
        return [str(level) for level in range(1, self.depth + 1)]

    def after_step(self, learning_rate):
        """Pull back what stands below the level that learns."""
        asked = self.successive.asked
        if not any(self.strengths) or bool(asked.all()):
            return
        there = [aim for aim, here in zip(self.targets, asked.tolist()) if here]
        level = min((self.levels[aim.name] for aim in there), default=1)
        body, heads = self.strengths
        strength = {id(p): body for p in (*self.words.parameters(), *self._lower(level))}
        strength |= {id(p): heads for below in range(1, level) for p in self._heads_at(below)}
        self.successive.pull(strength, learning_rate)

    def after_epoch(self, epoch, data):
        """The last stage of an epoch ends with it."""
        self.successive.leave()
        return False

    def rows_of(self, names):
        """Heads that serve these tasks alone, and all that only they read."""
        others = [level for name, level in self.levels.items() if name not in names]
        top = max(others, default=0)
        idle = [p for layer in self.layers[top:] for p in layer.parameters()]
        rows = [
            pair
            for level, key in enumerate(self._keys(), 1)
            for heads in (self.heads, self.givers)
            if key in heads and (heads is self.heads or level >= top)
            for pair in heads[key].rows_of(names)
        ]
        return [*rows, *((p, slice(None)) for p in idle)]
