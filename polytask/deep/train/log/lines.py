"""A line of JSON per step."""

import json

from polytask.deep.train.log.base import Sink, facts


class Lines(Sink):
    """Append a line of JSON per step to a file, which any tool reads and a kill leaves whole.

    Parameters
    ----------
    path : str, Path, or open text file
        A file that is there goes on: a training that is taken up again has one log.

    Examples
    --------
    >>> import io, json, torch
    >>> from polytask.deep.train import Step
    >>> page = io.StringIO()
    >>> one = torch.ones(1)
    >>> Lines(page).write(Step(1, ("a",), 2 * one, one > 0, one, True, {"a": 0.5}, 7, 0.1))
    >>> json.loads(page.getvalue())
    {'step': 7, 'epoch': 1, 'loss/a': 2.0, 'weight/a': 1.0, 'held out/a': 0.5}
    """

    def __init__(self, path):
        self._own = not hasattr(path, "write")
        self._file = open(path, "a", encoding="utf-8") if self._own else path  # noqa: SIM115  closed in close

    def write(self, step):
        """One line, at once on its way to the disk."""
        line = {"step": step.number, "epoch": step.epoch, **facts(step)}
        print(json.dumps(line), file=self._file, flush=True)

    def close(self):
        """Close the file, where it was opened here."""
        if self._own:
            self._file.close()
