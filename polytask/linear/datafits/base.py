"""What a datafit must give: the loss of outputs against labels, and its convex dual."""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np
from scipy.special import expit

from polytask.slot import Slot


class Datafit(Slot, ABC):
    """How far the outputs of a task are from its labels; convex.

    Arrays have a column per output: targets ``Y`` and outputs ``F`` are ``(n, P)``, weights ``A``
    are ``(n, P)`` or ``(n, 1)`` and zero where there is no label.

    Attributes
    ----------
    name : str
        The word by which a kind asks for it (`kind.loss`).
    curvature : float or None
        Upper bound on the second derivative of a row's loss; None where there is none.
    separate : bool
        True where the loss is a sum over outputs, so that columns of many tasks go together.
    apart : bool
        True where the loss is a sum over rows too; a row's residual is then its own affair.
    flat : bool
        True where the second derivative is zero in places: there it proves nothing.
    kinked : bool
        True where the loss has no derivative in places.
    """

    name: ClassVar[str]
    curvature: ClassVar[float | None]
    separate: ClassVar[bool] = True
    apart: ClassVar[bool] = True
    flat: ClassVar[bool] = False
    kinked: ClassVar[bool] = False

    @abstractmethod
    def width(self, kind):
        """Number of outputs for a task of this kind.

        Raises
        ------
        UnsupportedError
            If the loss makes no sense for the kind.
        """

    @abstractmethod
    def targets(self, codes, kind):
        """Targets ``(n_t, width)`` from label codes ``(n_t,)``."""

    def strange(self, codes):
        """Mask ``(n_t,)`` of the labels that have no such loss, and what a label needs to be."""
        return np.zeros(len(codes), dtype=bool), ""

    @abstractmethod
    def value(self, Y, F, A):
        """``sum A loss(Y, F)``, a float."""

    @abstractmethod
    def residual(self, Y, F, A):
        """R ``(n, P)``: minus the derivative of `value` by the output is ``A R``."""

    @abstractmethod
    def second(self, Y, F, A):
        """Second derivative ``(n, P)``, before A; of the diagonal where outputs are coupled."""

    @abstractmethod
    def dual(self, Y, F, A, share):
        """What the residuals at F, times a share in [0, 1], prove of the loss from below.

        ``-conjugate(-share A R)``: no outputs G have a loss below it minus ``share sum A R G``.
        """

    @abstractmethod
    def intercept(self, Y, F, A, start):
        """The intercepts ``(P,)`` with the smallest loss beside outputs F, from ``start``."""

    @abstractmethod
    def answers(self, F, kind):
        """Outputs ``(n, width)`` as numbers ``(n,)`` or probabilities ``(n, K)`` of the kind."""

    @abstractmethod
    def resolution(self, Y, A):
        """The smallest difference of loss that float64 can show here: a floor under tolerances."""

    @classmethod
    def examples(cls):
        """Values on which the laws try this class."""
        yield cls()


def indicators(codes, kind):
    """One column per class ``(n, K)``; a single one, of the second class, for a binary task."""
    if len(kind.classes) == 2:
        return (codes == 1).astype(np.float64)[:, None]
    return (codes[:, None] == np.arange(len(kind.classes))).astype(np.float64)


def shares(F):
    """One output as the scores ``(n, 2)`` of two classes, K outputs as K shares of one."""
    p = expit(F)
    if F.shape[1] == 1:
        return np.hstack([expit(-F), p])
    return p / np.maximum(p.sum(axis=1, keepdims=True), np.finfo(np.float64).tiny)
