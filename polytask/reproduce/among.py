"""A linear model with the strengths of a protocol instead of those that come with the penalty."""

import numpy as np

from polytask.linear import LinearModel

# Duality gap, relative to the variance of the labels: a thousandth of a per cent of it. Columns
# that are not scaled make the last digits slow.
TOL = 1e-5


class Among(LinearModel):
    """`LinearModel` on the plain sum of losses (``task_weight="size"``), its grid written down.

    A protocol names what was tried; the grid that comes with a penalty is made for a table and may
    get better from one version to the next.

    Parameters
    ----------
    penalties : sequence of Penalty
        The candidates, the strongest first.
    penalty : Penalty, optional
        The one that is fitted.
    scale : bool
    task_column : str or int, optional

    Examples
    --------
    >>> from polytask.linear import L2
    >>> len(Among(strengths(L2(), 10, 0.1, 5)).grid(None))
    5
    """

    def __init__(self, penalties, *, penalty=None, scale=False, task_column=None):
        super().__init__(penalty, scale=scale, task_weight="size", tol=TOL, task_column=task_column)
        self.penalties = penalties

    def grid(self, data):
        return [{"penalty": penalty} for penalty in self.penalties]


def strengths(penalty, strong, weak, points=13):
    """Penalties like this one, geometric in ``alpha`` from ``strong`` to ``weak``.

    Examples
    --------
    >>> from polytask.linear import L2
    >>> strengths(L2(), 10, 0.1, 3)
    (L2(alpha=10.0), L2(alpha=1.0), L2(alpha=0.1))
    """
    alphas = np.geomspace(strong, weak, points)
    return tuple(penalty.replace(alpha=float(f"{alpha:.3g}")) for alpha in alphas)


def text(model):
    """A model as a table names it: one line, a list of candidates by its ends."""
    inside = getattr(model, "estimator", None)
    if isinstance(inside, Among):
        return f"{type(model).__name__}({text(inside)})"
    if not isinstance(model, Among):
        return " ".join(repr(model).split())
    first, last = model.penalties[0], model.penalties[-1]
    scaled = ", scale=True" if model.scale else ""
    return (
        f"LinearModel(task_weight='size'{scaled}), {len(model.penalties)} penalties from {first} "
        f"to {last}"
    )
