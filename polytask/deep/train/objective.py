"""Mean losses per task over the rows that carry a label."""

import torch

from polytask.deep.targets import targets


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
        self.targets = targets(tasks)
        members: dict[tuple, list[int]] = {}
        for t, aim in enumerate(self.targets):
            alone = t if aim.loss.couples else None
            members.setdefault((aim.loss, aim.width, alone), []).append(t)
        names = [aim.name for aim in self.targets]
        self.groups = [
            (loss, [names[t] for t in places], places if len(members) > 1 else slice(None))
            for (loss, _, _), places in members.items()
        ]
        self.back = torch.tensor([t for places in members.values() for t in places]).argsort()

    def __call__(self, outputs, Y, W):
        """Losses ``(T,)`` and which tasks are present ``(T,)``.

        Parameters
        ----------
        outputs : dict of task name -> tensor ``(b, *grid, o_t)``
            Tasks that are not in it are absent.
        Y, W : tensors (b, T), or dicts of task name -> tensor ``(b, *grid)``
            Labels, and weights that are 0 where there is no label.
        """
        if isinstance(Y, dict):
            return self._one_by_one(outputs, Y, W)
        total = W.sum(0)
        present = total > 0
        share = W / torch.where(present, total, 1.0)
        means = []
        for loss, names, places in self.groups:
            together = torch.stack([outputs[name] for name in names], 1)  # (b, T of the group, o)
            if loss.couples:
                y, w = Y[:, places].reshape(len(Y)), W[:, places].reshape(len(W))
                means.append(loss.mean(together[:, 0], y, w)[None])
            else:
                means.append((loss.each(together, Y[:, places]) * share[:, places]).sum(0))
        return means[0] if len(means) == 1 else torch.cat(means)[self.back], present

    def weights(self, W):
        """The weight of the labels of every task ``(T,)``, for W as in a call."""
        if not isinstance(W, dict):
            return W.sum(0)
        nothing = next(iter(W.values())).new_zeros(())
        return torch.stack(
            [W[aim.name].sum() if aim.name in W else nothing for aim in self.targets]
        )

    def _one_by_one(self, outputs, Y, W):
        """Each task on labels of its own form."""
        like = next(iter(outputs.values()))
        losses, present = [], []
        for aim in self.targets:
            there = aim.name in Y and aim.name in outputs and bool(W[aim.name].any())
            present.append(there)
            losses.append(
                aim.loss.mean(outputs[aim.name], Y[aim.name], W[aim.name])
                if there
                else like.new_zeros(())
            )
        return torch.stack(losses), torch.tensor(present, device=like.device)
