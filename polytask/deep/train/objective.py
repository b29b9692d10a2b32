"""Mean losses per task over the rows that carry a label."""

import numpy as np
import torch

from polytask.deep.losses.base import TINY
from polytask.deep.targets import read, targets


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
            alone = t if aim.loss.couples or aim.loss.reads else None
            members.setdefault((aim.loss, aim.width, alone), []).append(t)
        names = [aim.name for aim in self.targets]
        self.groups = [
            (loss, [names[t] for t in places], places if len(members) > 1 else slice(None))
            for (loss, _, _), places in members.items()
        ]
        self.back = torch.tensor([t for places in members.values() for t in places]).argsort()
        self.reads = any(aim.loss.reads for aim in self.targets)
        self.given = tuple(self._conditions())

    def _conditions(self):
        """Of every task that counts under a condition only: its name, the other's, the code."""
        kinds = {aim.name: aim.kind for aim in self.targets}
        for aim in self.targets:
            if aim.loss.given is not None:
                other, label = aim.loss.given
                known = other in kinds
                code = kinds[other].encode(np.array([label]), other)[0] if known else None
                yield aim.name, other, code

    def __call__(self, outputs, Y, W, groups=None):
        """Losses ``(T,)`` and which tasks are present ``(T,)``.

        Parameters
        ----------
        outputs : dict of task name -> tensor ``(b, *grid, o_t)``
            Tasks that are not in it are absent.
        Y, W : tensors (b, T), or dicts of task name -> tensor ``(b, *grid)``
            Labels, and weights that are 0 where there is no label.
        groups : tensor (b,) of whole numbers, optional
            The query of every row, for losses that order rows.
        """
        W = self.counting(Y, W)
        outputs = read(self.targets, outputs) if self.reads else outputs
        if isinstance(Y, dict):
            return self._one_by_one(outputs, Y, W, groups)
        total = W.sum(0)
        present = total > 0
        share = W / total.clamp_min(TINY)
        means = []
        for loss, names, places in self.groups:
            together = torch.stack([outputs[name] for name in names], 1)  # (b, T of the group, o)
            if loss.couples:
                y, w = Y[:, places].reshape(len(Y)), W[:, places].reshape(len(W))
                means.append(_mean(loss, together[:, 0], y, w, groups)[None])
            else:
                means.append((loss.each(together, Y[:, places]) * share[:, places]).sum(0))
        return means[0] if len(means) == 1 else torch.cat(means)[self.back], present

    def counting(self, Y, W):
        """The weights, 0 where the label of another task says that a label does not count."""
        if not self.given:
            return W
        names, matrix = [aim.name for aim in self.targets], not isinstance(W, dict)
        labels, weights = (dict(zip(names, one.T)) if matrix else one for one in (Y, W))
        met = {
            name: _met(weights[name], labels.get(other), weights.get(other), code)
            for name, other, code in self.given
            if name in weights
        }
        weights = weights | met
        return torch.stack([weights[name] for name in names], 1) if matrix else weights

    def weights(self, Y, W):
        """The weight of the labels of every task that count ``(T,)``, for Y and W as in a call."""
        W = self.counting(Y, W)
        if not isinstance(W, dict):
            return W.sum(0)
        nothing = next(iter(W.values())).new_zeros(())
        return torch.stack(
            [W[aim.name].sum() if aim.name in W else nothing for aim in self.targets]
        )

    def _one_by_one(self, outputs, Y, W, groups):
        """Each task on labels of its own form."""
        like = next(iter(outputs.values()))
        losses, present = [], []
        for aim in self.targets:
            there = aim.name in Y and aim.name in outputs and bool(W[aim.name].any())
            present.append(there)
            losses.append(
                _mean(aim.loss, outputs[aim.name], Y[aim.name], W[aim.name], groups)
                if there
                else like.new_zeros(())
            )
        return torch.stack(losses), torch.tensor(present, device=like.device)


def _met(w, y, known, code):
    """The weights of a task where the label of another one is known, and is this code."""
    if y is None:
        return torch.zeros_like(w)
    here = (y == code) & (known > 0)
    return w * here.reshape(*here.shape, *(1 for _ in w.shape[here.ndim :]))


def _mean(loss, outputs, y, w, groups):
    return loss.mean(outputs, y, w, groups) if loss.grouped else loss.mean(outputs, y, w)
