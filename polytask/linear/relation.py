"""Which tasks came out alike: the cosine of their coefficients."""

import numpy as np

from polytask.relation import Relation


def similarity(coef, outputs, names):
    """The relation of tasks after fitting, from coefficients ``(P, d)``.

    Tasks are compared over all their outputs; where they differ in the number of outputs the entry
    is NaN.
    """
    T = len(names)
    width = np.bincount(outputs.task, minlength=T)
    if len(names) == len(coef):
        return Relation.of_coefficients(coef[np.argsort(outputs.task)], tuple(names))
    matrix = np.full((T, T), np.nan)
    order, start = np.argsort(outputs.task, kind="stable"), np.cumsum(width) - width
    for w in np.unique(width):
        at = np.flatnonzero(width == w)
        rows = coef[order[start[at, None] + np.arange(w)]].reshape(len(at), -1)
        some = tuple(names[t] for t in at)
        matrix[np.ix_(at, at)] = Relation.of_coefficients(rows, some).matrix
    return Relation(matrix, tuple(names), "similarity after fitting")
