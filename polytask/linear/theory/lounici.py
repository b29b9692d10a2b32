"""The group lasso over tasks in theory: a strength without a search, and bounds on its errors."""

from dataclasses import dataclass

import numpy as np

from polytask.errors import require


def lounici_alpha(sigma, n, *, tasks, features, A=9.0):
    r"""The strength of `L21` that theory chooses, so that noise alone selects no feature.

    ``alpha = 2 sigma sqrt(T / n) sqrt(1 + A log(d) / sqrt(T))``, for squared losses, n rows in
    every task and inputs of variance 1 (``scale=True``).

    Parameters
    ----------
    sigma : float, > 0
        Standard deviation of the noise; `noise_level` estimates it.
    n : int
        Rows per task.
    tasks, features : int
        T and d.
    A : float, > 0
        The bounds hold for A > 8; smaller is less cautious.

    Returns
    -------
    float

    Raises
    ------
    ParameterError
        If a number is not positive.

    Notes
    -----
    The paper minimises ``1/T sum_t |X_t b_t - y_t|^2 / n + 2 lambda sum_j |B_j|`` with
    ``lambda = 2 sigma / sqrt(nT) sqrt(1 + A log(d) / sqrt(T))``. That is our objective times 2 / T,
    hence ``alpha = lambda T``.

    References
    ----------
    Lounici, Pontil, Tsybakov, van de Geer. Taking advantage of sparsity in multi-task learning.
    COLT 2009.
    Survey: block-sparse regularisation.

    Examples
    --------
    >>> round(lounici_alpha(1.0, 100, tasks=4, features=50), 3)
    1.725
    """
    _positive(sigma=sigma, n=n, tasks=tasks, features=features, A=A)
    return float(2 * sigma * np.sqrt(tasks / n) * np.sqrt(_crowd(tasks, features, A)))


@dataclass(frozen=True)
class LouniciBounds:
    """What holds for ``L21(lounici_alpha(...))`` with at least this probability.

    Attributes
    ----------
    prediction : float
        Bound on ``1/(nT) sum_t |X_t (w_t - w*_t)|^2``.
    estimation : float
        Bound on ``1/sqrt(T) sum_j |W_j - W*_j|_2``.
    selected : float
        Bound on the number of features that are kept.
    probability : float
        ``1 - d^(1 - min(8 log d, A sqrt(T) / 8))``; zero or below: nothing is promised.
    """

    prediction: float
    estimation: float
    selected: float
    probability: float


def lounici_bounds(sigma, n, *, tasks, features, support, kappa=1.0, largest=1.0, A=9.0):
    r"""Bounds on the errors of `L21` at `lounici_alpha`.

    With ``c = 1 + A log(d) / sqrt(T)``: prediction ``64 sigma^2 s c / (kappa^2 n)``, estimation
    ``32 sigma s sqrt(c) / (kappa^2 sqrt(n))``, features kept ``64 largest s / kappa^2``.

    Parameters
    ----------
    sigma, n, tasks, features, A
        As in `lounici_alpha`.
    support : int
        s, the number of features that matter in some task.
    kappa : float, > 0
        Constant of the restricted eigenvalue condition; 1 for orthonormal inputs. It cannot be
        computed from data, so that the bounds say how errors scale rather than what they are.
    largest : float, > 0
        Largest eigenvalue of ``X_t'X_t / n`` over tasks.

    Returns
    -------
    LouniciBounds

    Raises
    ------
    ParameterError
        If a number is not positive.

    Notes
    -----
    For ``T >= log(d)^2`` the logarithm of d no longer counts: that is the gain over the lasso.

    References
    ----------
    Lounici, Pontil, Tsybakov, van de Geer. Taking advantage of sparsity in multi-task learning.
    COLT 2009.
    Survey: block-sparse regularisation.

    Examples
    --------
    >>> few, many = (lounici_bounds(1.0, 60, tasks=T, features=120, support=5) for T in (2, 50))
    >>> round(few.prediction), round(many.prediction)
    (168, 38)
    """
    _positive(sigma=sigma, n=n, tasks=tasks, features=features, support=support, A=A)
    _positive(kappa=kappa, largest=largest)
    c, squared = _crowd(tasks, features, A), kappa**2
    exponent = min(8 * np.log(features), A * np.sqrt(tasks) / 8)
    return LouniciBounds(
        prediction=float(64 * sigma**2 * support * c / (squared * n)),
        estimation=float(32 * sigma * support * np.sqrt(c) / (squared * np.sqrt(n))),
        selected=float(64 * largest * support / squared),
        probability=float(1 - features ** (1 - exponent)),
    )


def _crowd(tasks, features, A):
    """What many features cost, and many tasks make up for."""
    return 1 + A * np.log(features) / np.sqrt(tasks)


def _positive(**numbers):
    for name, value in numbers.items():
        require(value > 0, f"{name} needs to be positive. Found {name}={value}.")
