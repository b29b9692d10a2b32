"""Cox's partial likelihood: which of the rows at risk has its event, and not when."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import xlogy

from polytask.errors import UnsupportedError, require
from polytask.linear.datafits.base import Datafit
from polytask.ops.risk import RiskSets


@dataclass(frozen=True)
class Cox(Datafit):
    r"""Half the deviance of Cox's partial likelihood, with Breslow's rule for ties.

    ``sum over event times k of D_k log(S_k / D_k) - sum over events of w_i f_i``, with S_k the sum
    of ``w exp(f)`` over the rows that are seen at least until k, and D_k the weight of the events
    at k. Outputs are log relative hazards: there is no intercept.

    For tasks of kind `polytask.kinds.Survival`: labels are ``+time`` of an event, ``-time`` where
    censored. Every task has its own baseline hazard.

    Notes
    -----
    Beside Breslow's ``-log`` likelihood it has the constant ``- sum D_k log D_k``, which moves no
    coefficient: the loss is zero for the best model imaginable, and depends on no unit of weights.
    Efron's rule is not offered: under it an integer weight is not a repeated row.

    A task without an event, or with one row, says nothing: its loss is zero everywhere. Where one
    feature orders all events (monotone likelihood) there is no optimum without a penalty.

    References
    ----------
    Cox. Regression models and life-tables. JRSS B 1972.
    Breslow. Discussion of Professor Cox's paper. JRSS B 1972.
    Simon, Friedman, Hastie, Tibshirani. Regularization paths for Cox's proportional hazards model
    via coordinate descent. Journal of Statistical Software 2011.

    Examples
    --------
    >>> from polytask import Tasks
    >>> from polytask.kinds import Survival
    >>> from polytask.linear import L2, LinearModel
    >>> y = Survival.labels(time=[4.0, 3.0, 2.0, 1.0], event=[True, True, False, True])
    >>> data = Tasks.from_arrays([[0.0], [1.0], [1.0], [2.0]], y, kinds="survival")
    >>> model = LinearModel(L2(0.1)).fit(data)  # the loss follows from the kind
    >>> bool(model.coef_[0, 0] > 0), model.score(data)  # the larger, the sooner
    (True, 1.0)
    """

    name: ClassVar[str] = "cox"
    curvature: ClassVar[float | None] = None
    apart: ClassVar[bool] = False

    def width(self, kind):
        require(
            kind.name == "survival",
            f"Cox needs a task of kind survival (kinds='survival'). Found one of {kind.name}.",
            UnsupportedError,
        )
        return 1

    def targets(self, codes, kind):
        return codes[:, None]

    def value(self, Y, F, A):
        return sum(_value(sets) for _, sets in _columns(Y, F, A))

    def residual(self, Y, F, A):
        R = np.zeros_like(F)
        for p, sets in _columns(Y, F, A):
            R[sets.order, p] = sets.events - sets.hazard
        return R

    def second(self, Y, F, A):
        bend = np.zeros_like(F)
        for p, sets in _columns(Y, F, A):
            bend[sets.order, p] = sets.hazard
        return bend

    def gram(self, X, Y, F, A):
        """Second derivative ``(P, d, d)`` by the coefficients: rows of one task are coupled."""
        return np.stack([sets.gram(X) for _, sets in _columns(Y, F, A)])

    def dual(self, Y, F, A, share):
        return sum(_dual(sets, share) for _, sets in _columns(Y, F, A))

    def intercept(self, Y, F, A, start):
        return np.zeros(F.shape[1])

    def answers(self, F, kind):
        return F[:, 0]

    def resolution(self, Y, A):
        sets = [sets for _, sets in _columns(Y, np.zeros_like(Y), A)]
        return float(10 * np.finfo(np.float64).eps * sum(_value(one) for one in sets))


def _columns(Y, F, A):
    A = np.broadcast_to(A, Y.shape)
    return ((p, RiskSets.of(Y[:, p], A[:, p], F[:, p])) for p in range(Y.shape[1]))


def _value(sets):
    lost = sets.mass @ (sets.logs - np.log(sets.mass))
    return max(float(lost - (sets.weight * sets.f)[sets.events].sum()), 0.0)


def _dual(sets, share):
    """Entropies of distributions q_k over the sets that explain the residuals times ``share``.

    ``q_k = share p_k + (1 - share) e_k``, with p_k the model's and e_k that of the events at k.
    """
    plain = xlogy(share, share) + share * (np.log(sets.mass) - sets.logs + sets.means)
    a, mass = sets.weight[sets.events], sets.of_events(sets.mass)
    ratio = np.exp(sets.f[sets.events] - sets.of_events(sets.logs)) * mass  # p_k D_k / w
    q, old = (1 - share) + share * ratio, share * ratio
    total = sets.mass @ plain + np.sum(a * (xlogy(q, q) - xlogy(old, old)))
    return -float(total) if np.isfinite(total) else -np.inf
