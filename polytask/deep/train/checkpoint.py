"""What is kept of a training on disk, so that a killed one goes on where it was."""

import os
from pathlib import Path

import torch

from polytask.deep.train.crew import Crew
from polytask.errors import ModelFileError, require


class Checkpoint:
    """A file that holds the state of a training, and is whole at every moment.

    The new file is written beside the old one and takes its place when it is on the disk: whoever
    is killed while writing leaves the old one. Of several processes each keeps its own file,
    because each has random numbers of its own. Reading one executes nothing.

    Parameters
    ----------
    path : str or Path
    parts : dict of name -> object
        With ``state_dict`` and ``load_state_dict``: a `Run`, a `Patience`, a `History`, whatever
        else the loop remembers.

    Raises
    ------
    ModelFileError
        If a file is there and is no checkpoint, or one of other parts.

    Examples
    --------
    >>> import tempfile, torch
    >>> from polytask import Tasks, deep
    >>> data = Tasks.from_arrays(torch.eye(4).numpy(), [[0.0, 1], [1, 0], [2, 1], [3, 0]])
    >>> def train(folder):
    ...     net = deep.HardSharing(()).build(data.tasks, 4)
    ...     run = deep.steps(net, data, epochs=3, batch_size=2)
    ...     checkpoint = deep.Checkpoint(folder + "/run.pt", {"run": run})
    ...     found = checkpoint.load()
    ...     for step in run:
    ...         checkpoint.save()
    ...         if step.number == 2:
    ...             break  # what a power cut does
    ...     return found, step.number
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     train(folder), train(folder)
    ((False, 2), (True, 6))
    """

    def __init__(self, path, parts):
        rank = Crew(torch.device("cpu")).rank
        self.path = Path(f"{path}.{rank}" if rank else path)
        self.parts = parts

    def save(self):
        """Write the state of all parts."""
        new = self.path.with_name(self.path.name + ".new")
        with open(new, "wb") as file:
            torch.save({name: part.state_dict() for name, part in self.parts.items()}, file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.path)

    def load(self):
        """Give all parts their state back; False where there is no file."""
        if not self.path.exists():
            return False
        state = self._read()
        missing = [name for name in self.parts if name not in state]
        require(
            not missing,
            f"{self.path} has the parts {sorted(state)}. Nothing for {missing}. Ask for those it "
            "has, or remove it to begin anew.",
            ModelFileError,
        )
        for name, part in self.parts.items():
            part.load_state_dict(state[name])
        return True

    def _read(self):
        try:
            return torch.load(self.path, weights_only=True)
        except Exception as error:  # whatever torch's reader meets in bytes of another kind
            raise ModelFileError(
                f"{self.path} is no checkpoint ({type(error).__name__}). Remove it to begin anew."
            ) from error
