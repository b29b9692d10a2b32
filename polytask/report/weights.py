"""Class weights per task, turned into weights of training rows."""

from dataclasses import replace

import numpy as np

from polytask.errors import ParameterError

RULES = (None, "balanced")


def weigh_classes(train, rule):
    """The training table with its rows weighed so that a task's classes weigh the same.

    With ``"balanced"`` a row of class c of task t has its weight times ``m_t / (K_t m_tc)``: m_t is
    the weight of all its labels, m_tc of those of class c, K_t the number of classes present. The
    weight of a task as a whole stays what it was. Regression tasks are left alone.

    Examples
    --------
    >>> from polytask import Tasks
    >>> data = Tasks.from_arrays([[1.0], [2.0], [3.0], [4.0]], [0, 0, 0, 1], kinds="binary")
    >>> weigh_classes(data, "balanced")["y0"].w.round(3).tolist()
    [0.667, 0.667, 0.667, 2.0]
    """
    if rule not in RULES:
        raise ParameterError(f"class_weight is None or 'balanced'. Found {rule!r}.")
    if rule is None:
        return train
    return train.with_(labels=[_balanced(labels) for labels in train])


def _balanced(labels):
    if labels.task.kind.classes is None or not labels.n:
        return labels
    present, code = np.unique(labels.y, return_inverse=True)
    mass = np.bincount(code, labels.w)
    factor = mass.sum() / (len(present) * mass)
    return replace(labels, weight=labels.w * factor[code])
