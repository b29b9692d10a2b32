"""Mean losses per task over the rows that carry a label."""

import torch

from polytask.deep.heads import meaning


class Objective:
    """``L_t = sum_i w_ti loss_t(f_ti, y_ti) / sum_i w_ti`` over the rows of a batch.

    Tasks of one loss and one width are computed together, so that the price does not grow with
    their number.

    Examples
    --------
    >>> import torch
    >>> from polytask.kinds import Regression
    >>> from polytask.task import Task
    >>> objective = Objective((Task("a", Regression()), Task("b", Regression())))
    >>> outputs = {"a": torch.zeros(3, 1), "b": torch.zeros(3, 1)}
    >>> Y = torch.tensor([[1.0, 0.0], [3.0, 0.0], [9.0, 0.0]])
    >>> objective(outputs, Y, torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 0.0]]))
    (tensor([5., 0.]), tensor([ True, False]))
    """

    def __init__(self, tasks):
        members: dict[tuple, list[int]] = {}
        for t, task in enumerate(tasks):
            members.setdefault((meaning(task).loss, task.kind.width), []).append(t)
        names = [task.name for task in tasks]
        self.groups = [
            (loss, [names[t] for t in places], places if len(members) > 1 else slice(None))
            for (loss, _), places in members.items()
        ]
        self.back = torch.tensor([t for places in members.values() for t in places]).argsort()

    def __call__(self, outputs, Y, W):
        """Losses ``(T,)`` and which tasks are present ``(T,)``.

        Parameters
        ----------
        outputs : dict of task name -> tensor (b, o_t)
        Y, W : tensors (b, T)
            Labels, and weights that are 0 where there is no label.
        """
        total = W.sum(0)
        present = total > 0
        share = W / torch.where(present, total, 1.0)
        means = []
        for loss, names, places in self.groups:
            together = torch.stack([outputs[name] for name in names], 1)  # (b, T of the group, o)
            means.append((loss(together, Y[:, places]) * share[:, places]).sum(0))
        return means[0] if len(means) == 1 else torch.cat(means)[self.back], present
