"""The net of a joint many-task model."""

import torch
from torch import nn

from polytask.deep.heads import Heads
from polytask.deep.shape import Shape, parted
from polytask.deep.sharing.base import Net
from polytask.deep.sharing.levels import levels_of
from polytask.deep.sharing.start import start_uniform
from polytask.deep.sharing.successive import Successive
from polytask.deep.trunk import Trunk, called, checked
from polytask.errors import TaskError, UnsupportedError, require


class JointNet(Net):
    """A net with a layer per level; built by `JointManyTask`."""

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
        self.towers, self.tops = nn.ModuleDict(), nn.ModuleDict()
        self._stages = _towers(aims, sharing.towers or {})
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
            here = [aim for aim in here if not self._has_tower(aim, sharing, out)]
            giving = [aim for aim in here if sharing.label_width and self._gives(aim)]
            rest = [aim for aim in here if aim not in giving]
            for aim in giving:
                self.labels.append(nn.Linear(len(aim.kind.classes), sharing.label_width, False))
                embedded += sharing.label_width
            self.givers.update({str(level): Heads(giving, out)} if giving else {})
            self.heads.update({str(level): Heads(rest, out)} if rest else {})
            below = out.channels

    def _has_tower(self, aim, sharing, shape):
        """Whether a task has stages of its own, which are built here."""
        if aim.name not in self._stages:
            return False
        key = str(self.targets.index(aim))
        self.towers[key] = Trunk(self._stages[aim.name], shape, sharing.dropout)
        self.tops[key] = Heads([aim], self.towers[key].shapes[-1])
        return True

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
                found |= heads[str(level)](H, mask=mask) if str(level) in heads else {}
            found |= self._from_towers(level, H, mask, asked)
            if level < top:
                labels += [y.movedim(-1, axis) for y in self._beliefs(level, found, embeddings)]
        return {name: found[name] for name in asked}

    def _from_towers(self, level, H, mask, asked):
        """Outputs of the tasks of a level that have stages of their own."""
        found = {}
        for t, aim in enumerate(self.targets):
            key = str(t)
            if key in self.towers and aim.name in asked and self.levels[aim.name] == level:
                found |= self.tops[key](self.towers[key](H, mask))
        return found

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
        for t, aim in enumerate(self.targets):
            if str(t) in self.towers and self.levels[aim.name] == level:
                yield from [*self.towers[str(t)].parameters(), *self.tops[str(t)].parameters()]

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
        for t, aim in enumerate(self.targets):
            if str(t) in self.towers and aim.name in names:
                idle += [*self.towers[str(t)].parameters(), *self.tops[str(t)].parameters()]
        return [*rows, *((p, slice(None)) for p in idle)]


def _towers(aims, towers):
    """The stages of every tower, by task; one task alone may stand on a net that had others."""
    names = [aim.name for aim in aims]
    strange = [name for name in towers if name not in names]
    require(
        len(names) == 1 or not strange,
        f"JointManyTask has towers for {strange[:3]}. The tasks are {names[:10]}.",
        TaskError,
    )
    return {name: checked(stages, "JointManyTask") for name, stages in towers.items()}
