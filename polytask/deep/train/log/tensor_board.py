"""Curves in TensorBoard."""

from polytask.deep.train.log.base import Sink, facts
from polytask.errors import extra


class TensorBoard(Sink):
    """Write curves that ``tensorboard --logdir`` shows.

    Parameters
    ----------
    folder : str or Path

    Raises
    ------
    MissingExtraError
        Without ``polytask[log]``.

    Examples
    --------
    >>> for step in deep.logged(run, deep.TensorBoard("curves/first")):  # doctest: +SKIP
    ...     pass
    """

    def __init__(self, folder):
        extra("tensorboard", "log")
        from torch.utils.tensorboard import SummaryWriter

        self._writer = SummaryWriter(str(folder))

    def write(self, step):
        """A point on every curve."""
        for name, value in facts(step).items():
            self._writer.add_scalar(name, value, step.number)

    def close(self):
        """Put everything on the disk."""
        self._writer.close()
