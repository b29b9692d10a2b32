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
        self._steps: list = []
        self._epochs: dict[str, list] = {"losses": [], "weights": [], "validation": []}

    def add(self, step):
        """Note a step."""
        self._steps.append(step)
        if step.ends_epoch:
            self._close(step)

    def arrays(self):
        """Mean loss over the steps with labels, weights at the end, held-out loss; NaN for none."""
        return {name: np.array(rows) for name, rows in self._epochs.items()}

    def _close(self, last):
        seen = torch.stack([step.present for step in self._steps]).sum(0)
        losses = torch.stack([step.losses for step in self._steps]).sum(0) / seen
        held = last.validation or {}
        self._epochs["losses"].append(losses.tolist())
        self._epochs["weights"].append(last.weights.tolist())
        self._epochs["validation"].append([held.get(name, np.nan) for name in last.names])
        self._steps = []
