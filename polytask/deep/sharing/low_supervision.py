"""Low supervision: easy tasks are read from lower layers than hard ones."""

from dataclasses import dataclass

from torch import nn

from polytask.deep.blocks import Dense, Stage, mlp
from polytask.deep.heads import Heads
from polytask.deep.shape import parted
from polytask.deep.sharing.base import Net, Sharing
from polytask.deep.sharing.levels import levels_of
from polytask.deep.trunk import Trunk, checked
from polytask.errors import require


@dataclass(frozen=True)
class LowSupervision(Sharing):
    r"""One trunk for all tasks, and every task is read after the stage that suits it.

    ``H_l = phi_l(H_{l-1})``, ``Y_t = H_{l_t} V_t + c_t``: parts of speech after the first layer,
    chunks after the last. A task teaches the stages up to its own; its gradient above is nothing
    at all, and no optimiser moves what stands there in a step of that task alone.

    Parameters
    ----------
    trunk : tuple of Stage
        At least one; an embedding counts as a stage.
    levels : dict of task name -> int, or tuple of int, optional
        After how many stages a task is read, from 1. A dict names the tasks that are not read at
        the top; a tuple is in task order, and tasks beyond its end are read at the top. Default:
        tasks with the role ``"auxiliary"`` after the first stage, all others at the top.
    dropout : float in [0, 1)
        Share of the units that is silenced after every stage while training.

    Raises
    ------
    ParameterError
        If a level is no stage, or an option is out of range.
    TaskError
        If ``levels`` names a task that is not there.

    Notes
    -----
    With every task at the top it is `HardSharing`. The paper draws a task and then a sentence for
    every step; here that is a matter of the batches.
    A new task (`adapt`) is read where ``levels`` says, after the last stage by default.

    References
    ----------
    Sogaard, Goldberg. Deep multi-task learning with low level tasks supervised at lower layers.
    ACL 2016.
    Survey: low supervision.

    Examples
    --------
    >>> from polytask import deep
    >>> from polytask.kinds import Regression
    >>> from polytask.task import Task
    >>> tasks = (Task("pos", Regression()), Task("chunk", Regression()))
    >>> net = deep.LowSupervision(deep.mlp(8, 6), {"pos": 1}).build(tasks, 3)
    >>> sorted(name for name, _ in net.heads.named_parameters())
    ['1.linear.bias', '1.linear.weight', '2.linear.bias', '2.linear.weight']
    """

    trunk: tuple[Stage, ...] = mlp(64, 64)
    levels: dict[str, int] | tuple[int, ...] | None = None
    dropout: float = 0.0

    def __post_init__(self):
        require(
            0 <= self.dropout < 1,
            f"LowSupervision needs dropout in [0, 1). Found dropout={self.dropout}.",
        )
        require(
            len(checked(self.trunk, "LowSupervision")) > 0,
            "LowSupervision needs one stage or more, such as mlp(64, 64). Found none.",
        )

    def net(self, aims, shape):
        """A net with one trunk and heads at several of its stages."""
        return _Low(self, aims, shape)

    @classmethod
    def examples(cls):
        """Two tasks below the top, all at the top."""
        yield cls(mlp(6, 5, 4), (1, 2), dropout=0.2)
        yield cls((Dense(4, "tanh"), Dense(3)))


class _Low(Net):
    shared_parts = ("trunk",)

    def __init__(self, sharing, aims, shape):
        super().__init__(aims)
        self.trunk = Trunk(sharing.trunk, shape, sharing.dropout)
        each = levels_of(aims, sharing.levels, len(sharing.trunk), "LowSupervision")
        self.levels = {aim.name: level for aim, level in zip(aims, each)}
        self.heads = nn.ModuleDict()
        for level in sorted(set(each)):
            here = [aim for aim in aims if self.levels[aim.name] == level]
            self.heads[str(level)] = Heads(here, self.trunk.shapes[level])

    def forward(self, X, tasks=None):
        asked = [name for name in self.levels if tasks is None or name in tasks]
        top = max((self.levels[name] for name in asked), default=0)
        # the walk is drawn only as far as somebody reads
        X, mask = parted(X)
        stages = zip(range(1, top + 1), self.trunk.walk(X, mask))
        found = {}
        for level, H in stages:
            if str(level) in self.heads:
                found |= self.heads[str(level)](H, asked, mask)
        return {name: found[name] for name in asked}

    def rows_of(self, names):
        """The heads of these tasks, and the stages that nobody else reads."""
        others = [level for name, level in self.levels.items() if name not in names]
        idle = self.trunk.stages[max(others, default=0) :].parameters()
        return [*super().rows_of(names), *((p, slice(None)) for p in idle)]
