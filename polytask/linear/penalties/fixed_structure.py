"""A structure that is given: what lies in it costs little or nothing, the rest is shrunk."""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from polytask.errors import require
from polytask.linear.penalties.base import check_strength
from polytask.linear.penalties.complement import Complement
from polytask.linear.penalties.none import NoPenalty

# A row of the structure that adds less than this part of the longest one adds nothing.
NOTHING = 1e-10


@dataclass(frozen=True)
class FixedStructure(Complement):
    """Directions known beforehand are free; what is orthogonal to them is shrunk, task by task.

    ``value(W) = alpha/2 (|(I - Theta' Theta) W|_F^2 + eta |W|_F^2)`` with the rows of Theta an
    orthonormal basis of the rows of ``structure``: the price that `ASO` has once its structure
    is found, for instance from auxiliary problems alone.

    Parameters
    ----------
    alpha : float, >= 0
        Strength outside the structure, in units of loss per squared coefficient.
    structure : array (k, d) or tuple of tuples, optional
        Only its span matters. It is in the units that the penalty sees: with ``scale=True`` that
        is ``structure_ * scale_`` of a fitted model. Default: none, which is ``L2``.
    eta : float, >= 0
        Price of all coefficients, relative to that outside the structure. Zero: those inside are
        free, as in the paper.

    Raises
    ------
    ParameterError
        If ``alpha`` or ``eta`` is negative, or the structure does not have d columns.

    References
    ----------
    Ando, Zhang. A framework for learning predictive structures from multiple tasks and unlabeled
    data. JMLR 2005.
    Survey: learning task relationships.

    Examples
    --------
    >>> import numpy as np
    >>> penalty = FixedStructure(2.0, structure=[[1.0, 0.0]])
    >>> penalty.value(np.array([[5.0], [3.0]]))  # the first feature is free
    9.0
    """

    alpha: float = 1.0
    structure: tuple | None = None
    eta: float = 0.0

    signed: ClassVar[bool] = True

    def __post_init__(self):
        check_strength(self)
        check_eta(self)
        if self.structure is not None:
            # a tuple, so that the value can be compared, hashed and pasted back
            rows = np.atleast_2d(np.asarray(self.structure, dtype=np.float64))
            object.__setattr__(self, "structure", tuple(map(tuple, rows.tolist())))

    @property
    def definite(self):
        return self.alpha > 0 and (self.eta > 0 or self.structure is None)

    def bound(self, outputs):
        return self if self.alpha > 0 else NoPenalty()

    def basis(self, d):
        if self.structure is None:
            return np.zeros((d, 0))
        found = self._basis
        require(
            len(found) == d,
            f"FixedStructure needs a structure with {d} columns, one per feature. "
            f"Found {len(found)}.",
        )
        return found

    @cached_property
    def _basis(self):
        U, s, _ = np.linalg.svd(np.asarray(self.structure).T, full_matrices=False)
        return U[:, s > NOTHING * s.max(initial=0)]


def check_eta(penalty):
    """Refuse a relative price below zero, or one that is no number."""
    require(
        np.isfinite(penalty.eta) and penalty.eta >= 0,
        f"{type(penalty).__name__} needs a finite eta >= 0. Found eta={penalty.eta}. "
        "Zero leaves the structure free.",
    )
