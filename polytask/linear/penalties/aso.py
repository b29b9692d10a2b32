"""Alternating structure optimisation: directions that all tasks may use for nothing."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.errors import TaskError, UnsupportedError, require
from polytask.linear.penalties.base import Frozen, Penalty, check_strength
from polytask.linear.penalties.columns import positions
from polytask.linear.penalties.complement import _Held
from polytask.linear.penalties.fixed_structure import check_eta
from polytask.linear.penalties.l2 import L2
from polytask.linear.penalties.none import NoPenalty
from polytask.ops.spectral import leading

# Dimensions of the structure on the grid, as far as there are fewer of them than tasks.
DIMENSIONS = (1, 2, 5)
# Rounds in which the step of a weighted structure is refined.
REFINEMENTS = 50
PARTS = ("whole", "positive")


@dataclass(frozen=True)
class ASO(Penalty):
    r"""Learn h directions in which coefficients are free; shrink only what is outside of them.

    ``value(W) = min over Theta (h, d), Theta Theta' = I, of
    alpha/2 (|(I - Theta' Theta) W|_F^2 + eta |W|_F^2)``. The predictor of task t is
    ``w_t = own_t + Theta' v_t``: the own part is shrunk, ``v_t`` is not. The best Theta is known,
    the h leading left singular vectors of W, so that the value is ``alpha/2`` times the sum of all
    squared singular values but the h largest, plus ``alpha eta / 2 |W|_F^2``.

    Parameters
    ----------
    alpha : float, >= 0
        Strength outside the structure, in units of loss per squared coefficient. The paper's
        ``lambda`` (without the 1/2) is ``alpha = 2 lambda`` in the units of its loss.
    h : int, >= 0
        Dimension of the structure. 0 is `L2`; from the number of tasks or features on nothing is
        paid at all.
    eta : float, >= 0
        Price of all coefficients, relative to that outside the structure. Zero is Ando and Zhang,
        above zero the improved form of Chen et al., of which `ConvexASO` is the relaxation. Take a
        little (0.01) with classes: coefficients that are free grow without end where a line
        separates the classes.
    blocks : tuple of tuples of int, optional
        Features by type: each block has its own structure of dimension h, features in no block
        have none. Default: one block.
    weights : tuple of T float, optional
        Strength of every task, in units of ``alpha``; the structure is that of columns times the
        root of their strength. Default: ones.
    part : {"whole", "positive"}
        "positive": negative coefficients do not shape the structure, as the paper has it for
        sparse features of text. The objective may then rise from round to round.
    source : {"all", "auxiliary"} or tuple of task names
        The tasks that shape the structure. The others use it as it is.

    Raises
    ------
    ParameterError
        If an option is out of range.
    TaskError
        If ``source`` names no task of the table, or no task is auxiliary.

    Notes
    -----
    It is not convex. `AlternatingStructure` starts at ridge regression, and its objective never
    rises (but for ``part="positive"`` and a ``source``, which minimise no single function).
    Intercepts are no part of the structure.

    The fitted model has ``structure_`` ``(h, d)``, the rows of Theta (for inputs in their own
    units, where the model scales), ``own_`` ``(P, d)``, the part of ``coef_`` outside of it, and
    ``transform``, the inputs in the structure ``(n, h)``. A new task (`adapt`): Theta is held
    fixed. The method for one task (``alone``) is ridge regression: without partners there is no
    structure.

    References
    ----------
    Ando, Zhang. A framework for learning predictive structures from multiple tasks and unlabeled
    data. JMLR 2005 (SVD-ASO, section 3).
    Chen, Tang, Liu, Ye. A convex formulation for learning shared structures from multiple tasks.
    ICML 2009 (eta).
    Survey: learning task relationships.

    Examples
    --------
    >>> import numpy as np
    >>> ASO(2.0, h=1).value(np.diag([3.0, 2.0]))  # the direction of length 3 is free
    4.0
    """

    alpha: float = 1.0
    h: int = 1
    eta: float = 0.0
    blocks: tuple | None = None
    weights: tuple | None = None
    part: str = "whole"
    source: str | tuple = "all"
    convex: ClassVar[bool] = False
    directions: ClassVar[str | None] = "structure"
    spans: ClassVar[tuple[float, float]] = (10.0, 1e-3)
    points: ClassVar[int] = 7
    second: ClassVar[str | None] = "h"

    def __post_init__(self):
        check_strength(self)
        check_eta(self)
        check_dimension(self)
        require(self.part in PARTS, f"ASO needs part in {PARTS}. Found part={self.part!r}.")
        weights = () if self.weights is None else self.weights
        require(
            all(np.isfinite(w) and w > 0 for w in weights),
            f"ASO needs weights above zero. Found weights={self.weights}.",
        )

    def bound(self, outputs):
        if self.alpha == 0:
            return NoPenalty()
        bound = self
        if self.weights is not None:
            T = max(outputs.task) + 1
            require(
                len(self.weights) == T,
                f"ASO needs a weight for each of {T} tasks. Found {len(self.weights)}.",
            )
            bound = bound.replace(weights=tuple(self.weights[t] for t in outputs.task))
        return bound.replace(source=_columns(self.source, outputs))

    @property
    def steady(self):
        """True where structure and coefficients minimise one function, so that it never rises."""
        return self.part == "whole" and self.source == "all"

    def basis(self, W):
        """The best structure for W ``(d, P)``: orthonormal directions as columns ``(d, k)``."""
        shaping = self._shaping(W)
        d = len(W)
        blocks = (tuple(range(d)),) if self.blocks is None else self.blocks
        found = []
        for block in blocks:
            at = _features(block, d)
            U = leading(shaping[at], self.h)
            part = np.zeros((d, U.shape[1]))
            part[at] = U
            found.append(part)
        return np.hstack(found)

    def support(self, basis):
        """Where a structure ``(d, k)`` may have entries: its columns stay in their blocks."""
        if self.blocks is None:
            return np.ones(basis.shape, dtype=bool)
        label = np.full(len(basis), -1)
        for number, block in enumerate(self.blocks):
            label[list(block)] = number
        return label[:, None] == label[np.argmax(np.abs(basis), axis=0)]

    def held(self, basis):
        """The quadratic price at a structure ``(d, k)``: never below `value`, equal at the best."""
        weights = None if self.weights is None else np.asarray(self.weights)
        return _Held(self.alpha, self.eta, basis, weights)

    def value(self, W):
        return self.held(self.basis(W)).value(W)

    def prox(self, W, step):
        # without weights the first round is exact: the step keeps the order of singular values
        best, least, V = W, np.inf, W
        for _ in range(REFINEMENTS):
            V = self.held(self.basis(V)).prox(W, step)
            cost = 0.5 * float(np.sum((V - W) ** 2)) + step * self.value(V)
            if not cost < least - 1e-14 * abs(cost):
                break
            best, least = V, cost
        return best

    def conjugate(self, V):
        raise UnsupportedError(
            "ASO is not convex, so that no duality gap exists. Found a solver, or a penalty around "
            "it (Split, PerTask of many classes), that needs one. Take it by itself, with "
            "solver='auto', or take ConvexASO."
        )

    def alone(self):
        return L2(self.alpha * (1 + self.eta))

    def _seconds(self, problem):
        return dimensions(self.h, problem)

    def _top(self, problem):
        return problem.curvature

    def coefficients(self, W):
        B = self.basis(W)
        return {"structure": B, "own": W - B @ (B.T @ W)}

    def frozen(self, W, like):
        center = np.zeros((len(W), len(like)))
        return Frozen(center, None, self.alpha, _Held(self.alpha, self.eta, self.basis(W)))

    def _shaping(self, W):
        """The columns that shape the structure, at the root of their strength."""
        scaled = W if self.weights is None else W * np.sqrt(self.weights)
        if self.source != "all":
            require(
                isinstance(self.source, tuple) and all(isinstance(p, int) for p in self.source),
                f"source={self.source!r} is found when a model is fitted. Fit a LinearModel.",
            )
            scaled = scaled[:, list(self.source)]
        return np.maximum(scaled, 0) if self.part == "positive" else scaled

    @classmethod
    def examples(cls):
        yield cls(alpha=0.3, h=1, eta=0.1)
        yield cls(alpha=0.05, h=2)


def check_dimension(penalty):
    """Refuse a dimension of the structure that is no number from zero on."""
    require(
        isinstance(penalty.h, int | np.integer) and penalty.h >= 0,
        f"{type(penalty).__name__} needs a whole number h >= 0, the dimension of the structure. "
        f"Found h={penalty.h!r}.",
    )


def dimensions(h, problem):
    """Dimensions of a structure that are worth trying, the smallest first."""
    some = [one for one in dict.fromkeys((*DIMENSIONS, h)) if one < min(problem.shape)]
    return sorted(some) or [h]


def _columns(source, outputs):
    """The columns that shape the structure, from what the user said."""
    if isinstance(source, str) and source == "all":
        return source
    if isinstance(source, str):
        require(
            source == "auxiliary",
            f"source is 'all', 'auxiliary' or a tuple of task names. Found {source!r}.",
        )
        found = tuple(p for p, role in enumerate(outputs.roles) if role == "auxiliary")
        require(
            found,
            "source='auxiliary' needs tasks whose role is auxiliary. Found none. Make some with "
            "polytask.auxiliary, or say data.main('name') for the wanted ones.",
            TaskError,
        )
        return found
    return positions(source, outputs, "source")


def _features(block, d):
    at = np.asarray(block, dtype=int)
    require(
        len(at) and at.min() >= 0 and at.max() < d,
        f"ASO needs blocks of features between 0 and {d - 1}. Found {block}.",
    )
    return at
