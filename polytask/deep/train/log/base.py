"""The contract of a sink, and how steps pass by one."""

from abc import ABC, abstractmethod
from contextlib import ExitStack

from polytask.errors import require


class Sink(ABC):
    """Where the facts of a training go: a file, a page, a terminal.

    Examples
    --------
    >>> import torch
    >>> from polytask import Tasks, deep
    >>> class Loudest(deep.Sink):
    ...     def write(self, step):
    ...         print(step.number, step.names[step.losses.argmax()])
    >>> data = Tasks.from_arrays(torch.eye(4).numpy(), [[1.0, 9], [1, 9], [1, 9], [1, 9]])
    >>> run = deep.steps(deep.HardSharing(()).build(data.tasks, 4), data, epochs=2)
    >>> for step in deep.logged(run, Loudest()):
    ...     pass
    1 y1
    2 y1
    """

    @abstractmethod
    def write(self, step):
        """Take note of a `Step`."""

    def close(self):
        """Called when the training is over, however it ended."""
        return


def logged(run, *sinks, every=1):
    """The steps of a run, each shown to sinks on its way.

    Parameters
    ----------
    run : iterable of Step
    sinks : Sink
    every : int, >= 1
        Steps from one note to the next; ends of epochs are always noted.

    Yields
    ------
    Step

    Examples
    --------
    >>> import io, torch
    >>> from polytask import Tasks, deep
    >>> data = Tasks.from_arrays(torch.eye(4).numpy(), torch.ones(4, 1).numpy())
    >>> net = deep.HardSharing(()).build(data.tasks, 4)
    >>> page = io.StringIO()
    >>> for step in deep.logged(deep.steps(net, data, epochs=2), deep.Lines(page)):
    ...     pass
    >>> len(page.getvalue().splitlines())
    2
    """
    require(every >= 1, f"logged needs every >= 1. Found every={every}.")
    with ExitStack() as ends:
        for sink in sinks:
            ends.callback(sink.close)
        for step in run:
            if step.ends_epoch or step.number % every == 0:
                for sink in sinks:
                    sink.write(step)
            yield step


def facts(step):
    """The numbers of a step by name: ``loss/price``, ``weight/price``, ``held out/price``.

    A task without a label in the step has no loss there.
    """
    found = {}
    each = zip(step.names, step.losses.tolist(), step.weights.tolist(), step.present.tolist())
    for name, loss, weight, there in each:
        if there:
            found |= {f"loss/{name}": loss, f"weight/{name}": weight}
    return found | {f"held out/{name}": loss for name, loss in (step.validation or {}).items()}
