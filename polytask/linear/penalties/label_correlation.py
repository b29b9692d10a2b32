"""How the labels of tasks go together, where no structure was given."""

import numpy as np

from polytask.errors import DataError, require


def label_correlation(data):
    """Correlation ``(T, T)`` of the labels of tasks, over the rows that each pair has in common.

    >>> from polytask import Tasks
    >>> Y = [[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]]
    >>> label_correlation(Tasks.from_arrays(np.eye(3), np.array(Y))).round(6)
    array([[1., 1.],
           [1., 1.]])
    """
    Y = data.Y
    known = ~np.isnan(Y)
    R = np.eye(data.n_tasks)
    for s in range(data.n_tasks):
        for t in range(s):
            both = known[:, s] & known[:, t]
            pair = Y[both][:, [s, t]] - Y[both][:, [s, t]].mean(axis=0) if both.any() else Y[:0, :2]
            size = np.linalg.norm(pair, axis=0)
            names = f"{data.names[s]!r} and {data.names[t]!r}"
            require(
                len(pair) >= 3 and np.all(size > 0),
                f"The correlation of tasks {names} needs three rows with both labels, and labels "
                f"that vary there. Found {len(pair)} rows. Give the structure instead.",
                DataError,
            )
            R[s, t] = R[t, s] = float(np.clip(pair[:, 0] @ pair[:, 1] / size.prod(), -1, 1))
    return R
