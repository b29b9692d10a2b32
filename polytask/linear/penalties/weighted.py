"""Weights of features and tasks inside any penalty: some pay more for a coefficient than others."""

from dataclasses import dataclass, field, replace

import numpy as np

from polytask.errors import UnsupportedError, require
from polytask.linear.penalties.around import InOtherTerms
from polytask.linear.penalties.base import Frozen, Penalty
from polytask.linear.penalties.columns import positions
from polytask.linear.penalties.l2 import L2
from polytask.linear.penalties.l21 import L21
from polytask.linear.penalties.none import NoPenalty
from polytask.linear.penalties.weights import counted, frozen_weights, in_pairs, numbers

# Steps of the general proximal step, and the last change, relative to the largest entry.
ROUNDS = 100_000
EXACT = 1e-16


@dataclass(frozen=True)
class Weighted(InOtherTerms):
    r"""Any penalty on coefficients in other units: ``value(W) = penalty.value(F W D)``.

    F holds a weight per feature and D one per task: a coefficient with a larger weight costs more.
    The adaptive lasso and its grouped form, prior knowledge of features (a weight below 1 makes
    one cheaper), and tasks whose coefficients are of unlike size.

    Parameters
    ----------
    penalty : Penalty
    features : tuple of d floats, or of (position, weight), >= 0, optional
        A weight for every feature, or for those that are named; the others weigh 1. A mapping will
        do, too. With weight 0 a feature is free: nothing is paid for it in any task.
    tasks : tuple of T floats, or of (task name, weight), > 0, optional
        A weight for every task, or for those that are named (or given by position).

    Raises
    ------
    ParameterError
        If a weight is negative, or that of a task zero; at the fit, if they are too many or too
        few.
    TaskError
        At the fit, if a task is unknown.

    Notes
    -----
    Free features are fitted beside the others as an intercept is, and are not in the certificate:
    the gap is that of the penalised coefficients, with the free ones at their best. The strength
    that leaves nothing is the one at which all penalised features are out and the free ones
    fitted. Free features that separate two classes have no best coefficients under logistic
    losses; `Hinge` takes none. An infinite weight is a feature left out.

    Weights are for coefficients as the penalty sees them: with ``scale=True`` those of scaled
    inputs. With a penalised intercept the last of d + 1 feature weights is its own.

    With ``solver="auto"`` the problem is solved in the other units, where the penalty is the plain
    one: every loss, every penalty, its own fastest solver, the same certificate.
    Feature weights are then a change of the scale of columns.

    A new task (`adapt`) weighs 1.

    References
    ----------
    Zou. The adaptive lasso and its oracle properties. JASA 2006.
    Wang, Leng. A note on adaptive group lasso. Computational Statistics and Data Analysis 2008.
    Survey: block-sparse regularisation.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask.linear import L1
    >>> Weighted(L1(1.0), features=((0, 2.0),), tasks=((1, 0.5),)).value(np.ones((2, 2)))
    4.5
    """

    penalty: Penalty = field(default_factory=L21)
    features: tuple | None = None
    tasks: tuple | None = None

    def __post_init__(self):
        super().__post_init__()
        for name in ("features", "tasks"):
            object.__setattr__(self, name, frozen_weights(getattr(self, name)))
        bad = [w for w in numbers(self.features) if not 0 <= w < np.inf]
        require(
            not bad,
            f"Weighted needs finite weights of features, 0 or more. Found {bad[:3]}. At 0 a "
            "feature is free; to forbid one, leave it out.",
        )
        bad = [w for w in numbers(self.tasks) if not 0 < w < np.inf]
        require(
            not bad,
            f"Weighted needs positive, finite weights of tasks. Found {bad[:3]}. A small one such "
            "as 0.01 makes its coefficients nearly free.",
        )

        require(
            not (self.frees and self.penalty.signed),
            f"{type(self.penalty).__name__} ties features to each other, so that none can be free. "
            "Take a small weight, such as 0.01.",
            UnsupportedError,
        )

    # -- what it is comes from the penalty inside ---------------------------------------------

    @property
    def convex(self):
        """As the penalty inside."""
        return self.penalty.convex

    @property
    def absolute(self):
        """As the penalty inside."""
        return self.penalty.absolute

    @property
    def frees(self):
        """Whether a feature has weight 0."""
        return 0.0 in numbers(self.features) or self.penalty.frees

    @property
    def directions(self):
        """As the penalty inside."""
        return self.penalty.directions

    def lines(self, problem, seconds=None):
        if self.second is None:
            return super().lines(problem, seconds)
        inside = self.penalty.lines(self.rescaled(problem), seconds)
        return [self.replace(penalty=one) for one in inside]

    def along(self, problem, *, points=None, weakest=None):
        inside = self.penalty.along(self.rescaled(problem), points=points, weakest=weakest)
        return [self.replace(penalty=one) for one in inside]

    def _top(self, problem):
        return self.penalty._top(self.rescaled(problem))

    def bound(self, outputs):
        inside = self.penalty.bound(outputs)
        if isinstance(inside, NoPenalty):
            return inside
        return Weighted(inside, self.features, self._by_output(outputs))

    def _by_output(self, outputs):
        """A weight for every output, as a tuple; None where there are none."""
        if self.tasks is None:
            return None
        task = np.asarray(outputs.task)
        weight = np.ones(len(task))
        if not in_pairs(self.tasks):
            T = len(set(outputs.task))
            require(
                len(self.tasks) in (T, len(task)),
                f"Weighted has {len(self.tasks)} weights of tasks. Found {T} tasks.",
            )
            weight = np.array(self.tasks)
            return tuple((weight[task] if len(self.tasks) == T else weight).tolist())
        for name, one in self.tasks:
            weight[list(positions((name,), outputs, "weights"))] = one
        return tuple(weight.tolist())

    def alone(self):
        inside = self.penalty.alone()
        return None if inside is None else Weighted(inside, self.features, self.tasks)

    # -- units --------------------------------------------------------------------------------

    def units(self, shape):
        """What every coefficient is multiplied by: feature weights ``(d,)``, output weights."""
        d, P = shape
        return counted(self.features, d, "features"), counted(self.tasks, P, "outputs")

    def rescaled(self, problem):
        """The same problem for ``F W D``."""
        from polytask.linear.rescaled import rescaled

        # the penalty inside may be bound already: only the weights are needed
        one = Weighted(self.penalty, self.features, self._by_output(problem.outputs))
        return rescaled(problem, *one.units(problem.shape))

    def _entries(self, shape):
        f, t = self.units(shape)
        return np.outer(f, t)

    # -- value, step and dual -----------------------------------------------------------------

    def value(self, W):
        return self.penalty.value(W * self._entries(W.shape))

    def prox(self, W, step):
        f, t = self.units(W.shape)
        free = f == 0
        if free.any():  # the others move as if these were zero, which costs nothing
            V = replace(self, features=tuple(np.where(free, 1.0, f))).prox(W * ~free[:, None], step)
            return np.where(free[:, None], W, V)
        if self.penalty.couples == "entries":
            return _alike(self.penalty, W.reshape(-1, 1), np.outer(f, t).ravel(), step).reshape(
                W.shape
            )
        if self.penalty.couples == "rows" and np.ptp(t) == 0:
            return _alike(self.penalty, W, f * t[0], step)
        if self.penalty.couples == "columns" and np.ptp(f) == 0:
            return _alike(self.penalty, W, t * f[0], step, axis=1)
        require(
            self.convex,
            f"{type(self.penalty).__name__} is not convex, and its step with weights inside its "
            "rows is not known. Take it by itself, with solver='auto'.",
            UnsupportedError,
        )
        return _in_steps(self.penalty, W, np.outer(f, t), step)

    def feasible(self, V):
        f, _ = self.units(V.shape)
        return 0.0 if V[f == 0].any() else self.penalty.feasible(self._per_unit(V))

    def conjugate(self, V):
        return self.penalty.conjugate(self._per_unit(V))

    def alpha_max(self, gradient):
        """The smallest strength at which no priced feature is in use.

        ``gradient`` is that at W = 0, or where free features are fitted.
        """
        return self.penalty.alpha_max(self._per_unit(gradient))

    def _per_unit(self, V):
        C = self._entries(V.shape)
        return np.divide(V, C, out=np.zeros_like(V, dtype=np.float64), where=C > 0)

    # -- what a model shows -------------------------------------------------------------------

    def coefficients(self, W):
        f, t = self.units(W.shape)
        found = self.penalty.coefficients(W * np.outer(f, t))
        # directions are columns of features, the other parts have a column per output
        units = {name: f[:, None] * (1 if name == self.directions else t) for name in found}
        out = {name: _back(part, units[name]) for name, part in found.items()}
        parts = [name for name in out if name != self.directions]
        if parts:  # of a sum: free features serve all tasks
            out[parts[0]][f == 0] = W[f == 0]
        return out

    def learned(self, W):
        f, _ = self.units(W.shape)
        found = self.penalty.learned(W * self._entries(W.shape))
        by_feature = {name: found[name] for name in ("features", "mean") if name in found}
        units = {name: _back(np.transpose(v), f).T for name, v in by_feature.items()}
        if "mean" in units:
            units["mean"][f == 0] = W[f == 0].mean(axis=1)
        return found | units

    def frozen(self, W, like):
        f, _ = self.units(W.shape)
        one = self.penalty.frozen(W * self._entries(W.shape), like)
        factor = np.eye(len(f)) if one.factor is None else one.factor
        factor, free = _back(factor, f[:, None]), np.eye(len(f))[:, f == 0]
        price = one.price
        if free.size:  # they are free in the new task, too
            known = (1.0,) * factor.shape[1] + (0.0,) * free.shape[1]
            price = Weighted(L2(one.alpha) if price is None else price, features=known)
        return Frozen(_back(one.center, f[:, None]), np.hstack([factor, free]), one.alpha, price)

    @classmethod
    def examples(cls):
        yield cls(L21(0.3), features=((0, 0.5),))
        yield cls(L21(0.05), features=((1, 0.5),), tasks=((0, 2.0),))


def _back(values, units):
    """Values in the units of coefficients; zero where units are."""
    units = np.broadcast_to(units, np.shape(values))
    return np.divide(values, units, out=np.zeros(units.shape), where=units > 0)


def _alike(penalty, W, units, step, *, axis=0):
    """The step where rows (or columns) are moved by themselves, and each has one unit."""
    V = np.empty_like(W)
    for unit in np.unique(units):
        at = np.flatnonzero(units == unit)
        block = np.take(W, at, axis=axis)
        moved = penalty.prox(unit * block, step * unit**2) / unit
        V[at if axis == 0 else (slice(None), at)] = moved
    return V


def _in_steps(penalty, W, units, step):
    """The step of any convex penalty: accelerated steps on ``U = units W``, to the last digit."""
    low, ratio = units.min() ** 2, units.min() / units.max()
    push = (1 - ratio) / (1 + ratio)
    U = Z = units * W
    for _ in range(ROUNDS):
        new = penalty.prox(Z - low * (Z / units - W) / units, step * low)
        move = new - U
        U, Z = new, new + push * move
        if np.abs(move).max(initial=0) <= EXACT * np.abs(units * W).max(initial=0):
            break
    return U / units
