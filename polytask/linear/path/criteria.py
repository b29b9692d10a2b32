"""Information criteria: which point of a path, without held-out rows."""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from polytask.errors import DataError, UnsupportedError, require

RULES = ("aic", "bic", "ebic", "cp")
# Losses that are minus the logarithm of a likelihood, up to what no coefficient changes.
LIKELIHOODS = ("squared", "logistic", "multinomial", "poisson", "cox")

# Degrees of freedom, as a share of the labels, up to which a fit can tell the noise's variance.
MOST = 0.5


@dataclass(frozen=True, eq=False)
class Facts:
    """What criteria are made of, for K points and T tasks.

    Attributes
    ----------
    deviance : array (K, T)
        Twice the loss summed over labels: residual sums of squares, or minus twice the logarithm
        of the likelihood.
    size : array (T,)
        Labels; weights count as repeated rows.
    squared : bool array (T,)
        Tasks with squared loss.
    df : array (K,)
    doubt : array (K,)
        Logarithm of the number of supports of this size, which the extended BIC adds.
    losses : tuple of str
        Name of every task's loss.
    """

    deviance: np.ndarray
    size: np.ndarray
    squared: np.ndarray
    df: np.ndarray
    doubt: np.ndarray
    losses: tuple


def criterion(facts, rule, *, noise=None, gamma=1.0):
    """The values of a criterion ``(K,)``, smaller is better; NaN where it has none.

    With ``L`` minus twice the logarithm of the likelihood,

    - ``aic``: ``L + 2 df``;
    - ``bic``: ``L + log(n) df``, n the mean number of labels of a task: for tasks with one number
      of labels it is the sum of their own criteria;
    - ``ebic``: ``bic`` plus ``2 gamma`` times the logarithm of the number of supports of that size;
    - ``cp``: ``sum_t (RSS_t / noise_t - n_t) + 2 df``.

    Parameters
    ----------
    noise : float or array (T,), optional
        Variances of the noise of tasks with squared loss. Without it the likelihood has its own
        best variance per task, ``L_t = n_t log(RSS_t / n_t)``; ``cp`` needs it.
    gamma : float, from 0 to 1

    Notes
    -----
    Without ``noise``, points with more degrees of freedom than half of the labels have no value.

    Raises
    ------
    ParameterError
        If there is no such rule.
    UnsupportedError
        If a loss is no likelihood, or `cp` is asked for other than squared losses.

    References
    ----------
    Akaike. Information theory and an extension of the maximum likelihood principle. 1973.
    Schwarz. Estimating the dimension of a model. Annals of Statistics 1978.
    Mallows. Some comments on Cp. Technometrics 1973.
    Chen, Chen. Extended Bayesian information criteria for model selection with large model spaces.
    Biometrika 2008.
    """
    require(rule in RULES, f"A criterion is one of {RULES}. Found {rule!r}.")
    strange = sorted(set(facts.losses) - set(LIKELIHOODS))
    require(
        not strange,
        f"Information criteria need likelihoods. Found the loss {', '.join(strange)}. Choose by "
        "cross-validation: LinearModelCV.",
        UnsupportedError,
    )
    noise = None if noise is None else np.broadcast_to(np.asarray(noise, float), facts.size.shape)
    require(noise is None or bool(np.all(noise > 0)), f"noise is positive. Found {noise}.")
    if rule == "cp":
        return _cp(facts, noise)
    price = 2.0 if rule == "aic" else np.log(facts.size.mean())
    doubt = 2 * gamma * facts.doubt if rule == "ebic" else 0.0
    value = _minus_twice_log_likelihood(facts, noise) + price * facts.df + doubt
    # a fit that may follow every label has a variance near zero, and an L near minus infinity
    full = facts.df > MOST * facts.size.sum()
    return np.where(full, np.nan, value) if noise is None and facts.squared.any() else value


def _minus_twice_log_likelihood(facts, noise):
    total = facts.deviance[:, ~facts.squared].sum(axis=1)
    rss, size = facts.deviance[:, facts.squared], facts.size[facts.squared]
    if noise is None:
        with np.errstate(divide="ignore"):
            return total + (size * np.log(rss / size)).sum(axis=1)
    sigma = noise[facts.squared]
    return total + (rss / sigma + size * np.log(2 * np.pi * sigma)).sum(axis=1)


def _cp(facts, noise):
    require(
        bool(facts.squared.all()),
        f"Cp is for squared losses. Found {sorted(set(facts.losses))}. Take aic or bic.",
        UnsupportedError,
    )
    require(
        noise is not None,
        "Cp needs the variance of the noise, and there are too few labels to estimate it by least "
        "squares. Give noise=..., or take bic.",
        DataError,
    )
    return (facts.deviance / noise - facts.size).sum(axis=1) + 2 * facts.df


def log_choices(d, k):
    """Logarithm of the number of ways to choose k of d.

    >>> float(np.exp(log_choices(5, 2)).round(9))
    10.0
    """
    return gammaln(d + 1) - gammaln(np.asarray(k) + 1) - gammaln(d - np.asarray(k) + 1)
