"""How much every task, and every label of it, counts in the objective."""

from collections.abc import Mapping

import numpy as np

from polytask.errors import ParameterError, TaskError, require
from polytask.ops.prox import TINY

WORDS = ("equal", "size")


def weights(data, task_weight):
    """Weight ``(n_t,)`` of every label in the objective, a list by task."""
    n = data.n_labels
    size = np.array([k if one.weight is None else one.weight.sum() for one, k in zip(data, n)])
    # side by side, however many tasks there are
    together = np.repeat(factors(data.names, size, task_weight), n)
    ends = np.cumsum(n).tolist()
    each = [together[end - k : end] for k, end in zip(n.tolist(), ends)]
    for one, a in zip(data, each):
        if one.weight is not None:
            a *= one.weight
    return each


def factors(names, size, task_weight):
    """``omega_t / n_t`` for every task ``(T,)``, from the sums of its labels' weights ``size``."""
    if isinstance(task_weight, str) and task_weight == "size":
        return np.full(len(size), max(np.count_nonzero(size), 1) / max(size.sum(), TINY))
    return omegas(names, task_weight) / np.where(size > 0, size, 1.0)


def omegas(names, task_weight):
    """``omega_t`` for every task ``(T,)``, but for ``"size"``, where it follows from the labels.

    Parameters
    ----------
    names : sequence of T str
    task_weight : "equal", mapping of task name -> float, or array (T,)
        Tasks that a mapping does not name count 1.

    Raises
    ------
    ParameterError
        If it is none of these, or a weight is not positive.
    TaskError
        If a mapping names a task that is not there.

    Examples
    --------
    >>> omegas(("a", "b"), {"b": 3})
    array([1., 3.])
    """
    if isinstance(task_weight, str) or task_weight is None:
        require(
            task_weight in WORDS,
            f"task_weight needs to be 'equal', 'size', a mapping by task name, or a number per "
            f"task. Found {task_weight!r}.",
            ParameterError,
        )
        return np.ones(len(names))
    if isinstance(task_weight, Mapping):
        unknown = sorted(str(name) for name in task_weight if name not in names)
        require(
            not unknown,
            f"task_weight names {unknown[:5]}, which is no task. Known: {list(names)[:8]}.",
            TaskError,
        )
        task_weight = [task_weight.get(name, 1.0) for name in names]
    return _positive(names, np.asarray(task_weight, dtype=np.float64))


def _positive(names, omega):
    require(
        omega.shape == (len(names),),
        f"task_weight needs a number per task, shape ({len(names)},). Found shape {omega.shape}.",
        ParameterError,
    )
    bad = np.flatnonzero(~(np.isfinite(omega) & (omega > 0)))
    require(
        not len(bad),
        f"task_weight needs positive numbers. Found {omega[bad[:1]]} for task "
        f"{names[bad[0]] if len(bad) else None!r}. Leave a task out with data.keep(...).",
        ParameterError,
    )
    return omega
