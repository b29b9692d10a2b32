"""The standard deviation of the noise, from the data at hand."""

import numpy as np

from polytask.errors import DataError, require
from polytask.linear.model import LinearModel
from polytask.linear.penalties.l21 import L21

ROUNDS = 30
# Probability with which noise alone may have a feature chosen.
RISK = 0.05
# The features chosen do not change any more long before this.
CLOSE = 1e-6


def noise_level(data):
    r"""Estimate the standard deviation of the noise of regression tasks that share features.

    Strength and noise are found together, as in the scaled lasso: `L21` at
    ``sigma (sqrt(T) + sqrt(2 log(20 d))) / sqrt(n)``, which noise alone exceeds in one of twenty
    cases at most, chooses features; least squares on them leaves residuals; their sum of squares
    over ``sum_t (n_t - k - 1)`` is the next ``sigma^2``, from the deviation of the labels down.

    Parameters
    ----------
    data : Tasks
        Regression tasks with one noise level.

    Returns
    -------
    float

    Raises
    ------
    DataError
        If a task is not a regression, or the chosen features leave no residual degree of freedom.

    Notes
    -----
    Features that are missed count as noise: the estimate errs upwards. `lounici_alpha` is
    too cautious to find it; n is the mean number of rows of a task. Weights count as repeated rows.

    References
    ----------
    Sun, Zhang. Scaled sparse linear regression. Biometrika 2012 (with least squares after it).
    Survey: block-sparse regularisation.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import Tasks
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(80, 30))
    >>> Y = X[:, :3] @ rng.normal(size=(3, 10)) * 4 + 0.5 * rng.normal(size=(80, 10))
    >>> bool(0.45 < noise_level(Tasks.from_arrays(X, Y)) < 0.55)
    True
    """
    kinds = {one.task.name: one.task.kind.name for one in data}
    other = [name for name, kind in kinds.items() if kind != "regression"]
    require(not other, f"noise_level needs regression tasks. Found {other}.", DataError)
    T, d = data.n_tasks, data.n_features
    size = np.mean([one.w.sum() for one in data])  # weights count as repeated rows
    unit = (np.sqrt(T) + np.sqrt(2 * np.log(d / RISK))) / np.sqrt(size)
    model = LinearModel(scale=True, warm_start=True)
    sigma = _residual(data, np.zeros(d, dtype=bool))
    for _ in range(ROUNDS):
        if sigma == 0:
            break
        chosen = model.set_params(penalty=L21(sigma * unit)).fit(data).coef_.any(axis=0)
        new = _residual(data, chosen)
        if new >= sigma * (1 - CLOSE):
            break
        sigma = new
    return float(sigma)


def _residual(data, chosen):
    """Deviation of the residuals of least squares on these features ``(d,)``, task by task."""
    squares, free = 0.0, 0.0
    for name in data.names:
        X, y, w = data.table(name)
        Z = np.column_stack([np.ones(len(y)), _dense(X, chosen)]) * np.sqrt(w)[:, None]
        r = np.sqrt(w) * y
        fitted = Z @ np.linalg.lstsq(Z, r)[0]
        squares += float(np.sum((r - fitted) ** 2))
        free += w.sum() - min(Z.shape[1], np.count_nonzero(w))
    require(
        free > 0,
        f"noise_level needs more rows than chosen features. Found {chosen.sum()} features for "
        f"{int(np.min(data.n_labels))} rows in a task.",
        DataError,
    )
    return np.sqrt(squares / free)


def _dense(X, chosen):
    part = X[:, np.flatnonzero(chosen)]
    return part.toarray() if hasattr(part, "toarray") else part
