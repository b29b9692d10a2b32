"""When the training of an estimator ends, and what it keeps."""

from polytask.deep.train import MainTask, MeanLoss, Patience, PatienceEach, Watch
from polytask.errors import require


def watching(stop, net, epochs):
    """The early stopping that a word, the name of a task or a `Watch` means.

    Parameters
    ----------
    stop : {"mean", "each"}, name of a task, or Watch
    net : Net
    epochs : int, >= 1
        Without a better one.

    Raises
    ------
    ParameterError
        If it is the name of no task.
    """
    if stop == "each":
        return _Each(net, epochs)
    names = [aim.name for aim in net.targets]
    require(
        stop == "mean" or isinstance(stop, Watch) or stop in names,
        f"stop is 'mean', 'each', a Watch or a task out of {names[:10]}. Found {stop!r}.",
    )
    watch = stop if isinstance(stop, Watch) else MeanLoss() if stop == "mean" else MainTask(stop)
    return Patience(net, epochs, watch=watch)


class _Each(PatienceEach):
    def restore(self):
        """One net where all tasks were best in one epoch."""
        best = super().restore()
        return best if len(best.copies) > 1 else best.copies[0]
