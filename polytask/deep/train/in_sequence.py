"""Tasks learnt one after the other: what each new one does to the old ones."""

from dataclasses import dataclass

import numpy as np
import torch

from polytask.deep.train.evaluation import CHUNK, answers, objective_of
from polytask.deep.train.loop import source_of, steps
from polytask.errors import DataError, require


@dataclass(frozen=True, eq=False)
class Transfer:
    r"""Scores of every task after each of the tasks was learnt.

    With ``R_ij`` the score on task j after task i was learnt, ``b_j`` before any was:

    * average ``(1 / T) sum_j R_Tj``
    * backward ``(1 / (T - 1)) sum_{j < T} R_Tj - R_jj``: negative where old tasks are forgotten
    * forward ``(1 / (T - 1)) sum_{j > 1} R_{j-1,j} - b_j``: positive where a task profits from
      those before it without having been seen

    Attributes
    ----------
    names : tuple of T str
        In the order in which they were learnt.
    scores : array (T, T)
        R; scores are those of the kind (accuracy, R²), larger is better.
    start : array (T,)
        b.

    References
    ----------
    Lopez-Paz, Ranzato. Gradient episodic memory for continual learning. NIPS 2017. Equations 2
    to 4.

    Examples
    --------
    >>> import numpy as np
    >>> scores = np.array([[0.9, 0.6, 0.5], [0.8, 0.9, 0.7], [0.6, 0.8, 0.9]])
    >>> found = Transfer(("a", "b", "c"), scores, np.array([0.5, 0.5, 0.5]))
    >>> [round(float(one), 3) for one in (found.average, found.backward, found.forward)]
    [0.767, -0.2, 0.15]
    """

    names: tuple[str, ...]
    scores: np.ndarray
    start: np.ndarray

    @property
    def average(self):
        """The mean score after the last task."""
        return self.scores[-1].mean()

    @property
    def backward(self):
        """What later tasks did to earlier ones; NaN for one task."""
        return _mean(self.scores[-1, :-1] - np.diag(self.scores)[:-1])

    @property
    def forward(self):
        """What earlier tasks did for later ones; NaN for one task."""
        return _mean(np.diag(self.scores, 1) - self.start[1:])


def in_sequence(net, parts, held, *, train=steps):
    """Teach a net one task after the other, and see what becomes of the others each time.

    Parameters
    ----------
    net : torch.nn.Module
        That answers for all tasks; it is trained.
    parts : dict of name -> Tasks or Source
        What is learnt, in this order. A name is a task's own, or stands for several.
    held : dict of name -> Tasks or Source
        What each is scored on.
    train : callable, optional
        ``(net, part)`` to an iterable of steps: ``functools.partial(deep.steps, epochs=5)``, or a
        function that also stops early.

    Returns
    -------
    Transfer

    Raises
    ------
    DataError
        If the names differ, or a held-out part has no label.

    Notes
    -----
    The net is asked for the tasks of a part only: heads of other tasks rest, and what is forgotten
    is forgotten in the shared part.

    References
    ----------
    Lopez-Paz, Ranzato. Gradient episodic memory for continual learning. NIPS 2017.

    Examples
    --------
    >>> from functools import partial
    >>> import numpy as np
    >>> from polytask import Tasks, deep
    >>> X = np.random.default_rng(0).normal(size=(200, 3))
    >>> data = Tasks.from_arrays(X, X @ np.array([[1.0, -1], [1, -1], [0, 1]]))
    >>> net = deep.HardSharing(deep.mlp(8)).build(data.tasks, 3)
    >>> each = {name: data.keep(name) for name in data.names}
    >>> found = deep.in_sequence(net, each, each, train=partial(deep.steps, learning_rate=0.01))
    >>> bool(found.scores[0, 0] > 0.9), bool(found.backward < 0)
    (True, True)
    """
    require(
        list(parts) == list(held) and parts,
        f"in_sequence needs held-out parts by the same names. Found {list(parts)[:10]} to learn, "
        f"{list(held)[:10]} to score.",
        DataError,
    )
    like = next(net.parameters())
    tests = {name: source_of(part, like) for name, part in held.items()}
    rows = [_scores(net, tests)]
    for part in parts.values():
        for _ in train(net, source_of(part, like)):
            pass
        rows.append(_scores(net, tests))
    return Transfer(tuple(parts), np.array(rows[1:]), np.array(rows[0]))


@torch.no_grad()
def _scores(net, tests):
    """The score on every part: the mean over its tasks."""
    net.eval()
    return [np.mean(list(scores(net, part, name).values())) for name, part in tests.items()]


def scores(net, source, name):
    """The kinds' own scores of the tasks of a source, where it has labels of them."""
    objective = objective_of(net, source)
    found: dict[str, list] = {}
    for pick in source.chunks(CHUNK):
        batch = source.batch(pick)
        outputs = answers(net, batch, objective)
        for t, aim in enumerate(objective.targets):
            Y, W = labels_of(batch, t, aim.name)
            if W is not None and W.any():
                answer = aim.loss.answer(outputs[aim.name])
                found.setdefault(aim.name, []).append([one[W > 0] for one in (Y, answer, W)])
    require(found, f"Held-out part {name!r} has no label. Give it rows with labels.", DataError)
    kinds = {aim.name: aim.kind for aim in objective.targets}
    return {task: kinds[task].score(*_columns(parts)) for task, parts in found.items()}


def _columns(parts):
    """Labels, answers and weights of all batches, as arrays."""
    return (torch.cat(each).cpu().numpy() for each in zip(*parts))


def labels_of(batch, t, name):
    """Labels and weights of one task in a batch, or None twice."""
    if torch.is_tensor(batch.Y):
        return batch.Y[:, t], batch.W[:, t]
    return batch.Y.get(name), batch.W.get(name)


def _mean(values):
    return values.mean() if len(values) else np.nan
