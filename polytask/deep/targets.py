"""What a net has to hit: the tasks, each with its loss."""

from dataclasses import dataclass

import torch

from polytask.deep.losses import DEFAULTS, Loss
from polytask.errors import TaskError, UnsupportedError, require
from polytask.task import Task


@dataclass(frozen=True)
class Target:
    """A task and the loss it is learnt by.

    Attributes
    ----------
    name : str
    width : int
        Number of outputs per row.
    """

    task: Task
    loss: Loss

    @property
    def name(self):
        """The name of the task."""
        return self.task.name

    @property
    def kind(self):
        """The kind of the task."""
        return self.task.kind

    @property
    def width(self):
        """Number of outputs per row."""
        return self.loss.width(self.task.kind)


def targets(tasks, loss=None):
    """The targets of tasks: each with the loss given for it, or with that of its kind.

    Parameters
    ----------
    tasks : sequence of Task or Target
        A `Target` stays what it is.
    loss : Loss or dict of task name -> Loss, optional
        One for all tasks, or for the tasks that are named.

    Raises
    ------
    TaskError
        If a loss is given for a task that is not there.
    UnsupportedError
        If there is no loss for a task's kind, or the loss given does not take it; names the task.

    Examples
    --------
    >>> from polytask.deep.losses import AbsoluteError
    >>> from polytask.kinds import Binary, Regression
    >>> tasks = (Task("price", Regression()), Task("sold", Binary()))
    >>> [aim.loss for aim in targets(tasks, {"price": AbsoluteError()})]
    [AbsoluteError(), BinaryCrossEntropy()]
    """
    named = loss if isinstance(loss, dict) else {}
    strange = [name for name in named if name not in {task.name for task in tasks}]
    require(
        not strange,
        f"loss names {strange[:3]}, and the tasks are {[t.name for t in tasks][:10]}.",
        TaskError,
    )
    one_for_all = None if isinstance(loss, dict) else loss
    return tuple(
        task if isinstance(task, Target) else _target(task, named.get(task.name, one_for_all))
        for task in tasks
    )


def read(aims, outputs):
    """Outputs where those of a task stand behind the outputs of the tasks that its loss reads."""
    behind = {
        aim.name: torch.cat([outputs[name] for name in (*aim.loss.reads, aim.name)], -1)
        for aim in aims
        if aim.loss.reads and aim.name in outputs
    }
    return outputs | behind


def asked(aims, tasks):
    """The tasks ``tasks``, and those whose outputs their losses read; None for all."""
    if tasks is None:
        return None
    more = [name for aim in aims if aim.name in tasks for name in aim.loss.reads]
    return tuple(dict.fromkeys([*tasks, *more]))


def linked(aims):
    """The targets; refused where a loss names a task that is not among them.

    Raises
    ------
    TaskError
        Naming both tasks.
    """
    names = [aim.name for aim in aims]
    for aim in aims:
        given = aim.loss.given
        for other in (*aim.loss.reads, *(() if given is None else given[:1])):
            require(
                other in names and other != aim.name,
                f"The loss of task {aim.name!r} needs the task {other!r} beside it: {aim.loss!r}. "
                f"The tasks are {names[:10]}.",
                TaskError,
            )
        require(
            given is None or aims[names.index(given[0])].kind.classes is not None,
            f"The loss of task {aim.name!r} asks for a label of {given and given[0]!r}, which "
            f"needs classes: {aim.loss!r}.",
            TaskError,
        )
    return aims


def _target(task, loss):
    require(
        loss is not None or task.kind.loss in DEFAULTS,
        f"Deep models have heads for the losses {list(DEFAULTS)}. Found {task.kind.loss!r} in "
        f"task {task.name!r}. Leave the task out, or say another kind.",
        UnsupportedError,
    )
    loss = loss or DEFAULTS[task.kind.loss]
    require(
        task.kind.name in loss.kinds,
        f"{loss!r} takes labels of the kinds {list(loss.kinds)}. Found {task.kind.name!r} in task "
        f"{task.name!r}.",
        UnsupportedError,
    )
    return Target(task, loss)
