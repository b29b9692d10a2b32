"""Which rows are hard for which tasks, and what tasks have in common by that."""

import numpy as np
import torch

from polytask.deep.targets import read

# Rows at once: nothing is learned here.
CHUNK = 4096


@torch.no_grad()
def difficulty(net, source):
    """Where a net is far from the labels of a source, task by task.

    The margin of a row is ``|y - f|`` of a number and ``1 - p_y`` of a class; a row is hard for a
    task where its margin is at least the task's mean margin.

    Returns
    -------
    hard, known : bool arrays (n, T)
        In the order of the net's tasks; nothing is hard where there is no label.
    """
    was, _ = net.training, net.eval()
    parts = [_margins(net, source, source.batch(pick)) for pick in source.chunks(CHUNK)]
    net.train(was)
    margins = np.concatenate(parts)
    known = ~np.isnan(margins)
    mean = np.where(known, margins, 0).sum(0) / known.sum(0).clip(1)
    # a gap is no number, and compares with none
    return margins >= mean, known


def _margins(net, source, batch):
    """Margins ``(positions of the batch, T)``, NaN where there is no label."""
    outputs = read(net.targets, net(batch.X, batch.tasks))
    place = {task.name: t for t, task in enumerate(source.tasks)}
    found = [
        _margin(aim, outputs, *_labels(batch, aim.name, place.get(aim.name))) for aim in net.targets
    ]
    longest = max(len(one) for one in found)
    gap = np.full(longest, np.nan)
    return np.column_stack([one if len(one) else gap for one in found])


def _labels(batch, name, t):
    if isinstance(batch.Y, dict):
        return batch.Y.get(name), batch.W.get(name)
    return (None, None) if t is None else (batch.Y[:, t], batch.W[:, t])


def _margin(aim, outputs, y, w):
    if y is None or aim.name not in outputs:
        return np.zeros(0)
    answer, here = aim.loss.answer(outputs[aim.name]), (w > 0).flatten()
    if aim.kind.classes is None:
        far = (answer - y).abs().reshape(len(here), -1).norm(dim=1)
    else:
        y = torch.where(w > 0, y, 0).long()
        far = 1 - answer.reshape(len(here), -1).gather(1, y.reshape(-1, 1))[:, 0]
    return torch.where(here, far, torch.nan).double().cpu().numpy()


def agreement(hard, known):
    """How often two tasks find the same rows hard and the same rows easy, ``(T, T)``.

    ``A_st = P(e_s = 1, e_t = 1) + P(e_s = 0, e_t = 0)`` over the rows with labels of both; where
    there are none, 1/2, and 1 on the diagonal.

    Examples
    --------
    >>> hard = np.array([[1, 0], [0, 0], [1, 1], [0, 1]], bool)
    >>> agreement(hard, np.ones((4, 2), bool))
    array([[1. , 0.5],
           [0.5, 1. ]])
    """
    both, _, n = _counts(hard, known)
    A = np.divide(both, n, out=np.full(both.shape, 0.5), where=n > 0)
    np.fill_diagonal(A, 1.0)
    return A


def beyond_chance(hard, known):
    """The agreement above that of independent tasks, as a share of what is possible, ``(T, T)``.

    ``(A - E) / (1 - E)`` with ``E_st = q_s q_t + (1 - q_s)(1 - q_t)``, ``q`` the share of hard rows
    among those that both have: 0 for tasks that have nothing in common however easy they are, 1 on
    the diagonal. It is Cohen's kappa.

    References
    ----------
    Cohen. A coefficient of agreement for nominal scales. Educational and Psychological Measurement
    20, 1960.

    Examples
    --------
    >>> hard = np.array([[1, 0], [0, 0], [1, 1], [0, 1]], bool)
    >>> beyond_chance(hard, np.ones((4, 2), bool))
    array([[1., 0.],
           [0., 1.]])
    """
    both, hard_here, n = _counts(hard, known)
    q = np.divide(hard_here, n, out=np.zeros(n.shape), where=n > 0)
    A = np.divide(both, n, out=np.zeros(n.shape), where=n > 0)
    E = q * q.T + (1 - q) * (1 - q.T)
    kappa = np.divide(A - E, 1 - E, out=np.zeros(n.shape), where=(n > 0) & (E < 1))
    np.fill_diagonal(kappa, 1.0)
    return kappa


def _counts(hard, known):
    """Rows on which two tasks agree, rows hard for the first, rows that both have: ``(T, T)``."""
    known = known.astype(float)
    hard = hard * known
    easy = known - hard
    return hard.T @ hard + easy.T @ easy, hard.T @ known, known.T @ known


AFFINITIES = {"agreement": agreement, "beyond chance": beyond_chance}
