"""What a training was like, epoch by epoch, as arrays."""

import numpy as np
import torch


class History:
    """Collects steps; ``arrays()`` has a row per epoch and a column per task.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import Tasks, deep
    >>> data = Tasks.from_arrays(np.eye(4), np.eye(4)[:, :2])
    >>> history = History()
    >>> net = deep.HardSharing(()).build(data.tasks, 4)
    >>> for step in deep.steps(net, data, epochs=3, batch_size=2):
    ...     history.add(step)
    >>> {name: values.shape for name, values in history.arrays().items()}
    {'losses': (3, 2), 'weights': (3, 2), 'validation': (3, 2)}
    """

    def __init__(self):
        self._sums = None  # losses, and steps with labels, of the epoch that is not over
        self._epochs: dict[str, list] = {"losses": [], "weights": [], "validation": []}

    def add(self, step):
        """Note a step."""
        now = torch.stack((step.losses, step.present.to(step.losses)))
        self._sums = now if self._sums is None else self._sums + now
        if step.ends_epoch:
            self._close(step)

    def arrays(self):
        """Mean loss over the steps with labels, weights at the end, held-out loss; NaN for none."""
        return {name: np.array(rows) for name, rows in self._epochs.items()}

    def state_dict(self):
        """What was noted."""
        return {"sums": self._sums, "epochs": self._epochs}

    def load_state_dict(self, state):
        """Go on from there."""
        self._sums = state["sums"]
        self._epochs = {name: list(rows) for name, rows in state["epochs"].items()}

    def _close(self, last):
        losses, seen = self._sums
        held = last.validation or {}
        self._epochs["losses"].append((losses / seen).tolist())
        self._epochs["weights"].append(last.weights.tolist())
        self._epochs["validation"].append([held.get(name, np.nan) for name in last.names])
        self._sums = None
