"""The columns of W: which task, and which of its classes, every output belongs to."""

from dataclasses import dataclass

import numpy as np

from polytask.errors import UnsupportedError, require


@dataclass(frozen=True)
class Outputs:
    """One entry per output, in the order of the columns of W ``(d, P)``.

    Attributes
    ----------
    names : tuple of P (task name, class or None)
        The class where a task has several outputs.
    task : tuple of P int
        Position of the task.
    meanings : tuple of P
        Equal for outputs that mean the same thing: numbers, the second class of two, or the same
        class of the same list.
    """

    names: tuple
    task: tuple[int, ...]
    meanings: tuple
    roles: tuple[str, ...] = ()

    @classmethod
    def of(cls, tasks, datafits):
        """The outputs of these tasks under these datafits, a datafit per task."""
        names, task, meanings, last = [], [], [], None
        for t, (one, fit) in enumerate(zip(tasks, datafits, strict=True)):
            if (one.kind, fit) != last:  # most often all are alike
                last, width = (one.kind, fit), fit.width(one.kind)
                alike = _meanings(one.kind, width)
            names += [(one.name, of_class) for _, of_class, _ in alike]
            task += [t] * width
            meanings += alike
        roles = tuple(tasks[t].role for t in task)
        return cls(tuple(names), tuple(task), tuple(meanings), roles)

    @property
    def alike(self):
        """A number per output ``(P,)``, the same for outputs that mean the same thing."""
        numbers = {key: i for i, key in enumerate(dict.fromkeys(self.meanings))}
        return tuple(numbers[key] for key in self.meanings)

    def columns(self, t):
        """Positions of the outputs of task number ``t``."""
        return np.flatnonzero(np.asarray(self.task) == t)

    def like(self, task, width):
        """For each output of a new task, an old output that means the same."""
        wanted = _meanings(task.kind, width)
        require(
            set(wanted) <= set(self.meanings),
            f"A new task must be of a kind that was fitted. Found task {task.name!r} of kind "
            f"{task.kind.name} with classes {task.kind.classes}. Fit again with it.",
            UnsupportedError,
        )
        return [self.meanings.index(meaning) for meaning in wanted]


def _meanings(kind, width):
    return [(kind.name, kind.classes[k] if width > 1 else None, width) for k in range(width)]
