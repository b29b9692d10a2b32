"""Cross-entropy of several classes."""

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch.nn import functional as F

from polytask.deep.losses.base import Loss
from polytask.errors import require


@dataclass(frozen=True)
class CrossEntropy(Loss):
    """``log sum_k exp(f_k) - f_y`` for a class number y; predicts probabilities.

    For classes of rows, of words and of pixels. With ``smoothing`` e the label is
    ``(1 - e) onehot(y) + e / K``.

    Parameters
    ----------
    smoothing : float in [0, 1)
        Share of the label that is spread over all classes.
    weights : tuple of K floats > 0, optional
        How much a label of each class counts, in the order of the kind's ``classes``.

    Raises
    ------
    ParameterError
        If ``smoothing`` is out of range or a weight is not positive.

    Notes
    -----
    ``weights`` multiply losses; the mean is over labelled rows, as everywhere here, where torch
    divides by the sum of the class weights. Give weights whose mean over the labels is 1, and both
    are the same.

    References
    ----------
    Szegedy, Vanhoucke, Ioffe, Shlens, Wojna. Rethinking the Inception architecture for computer
    vision. CVPR 2016. Section 7 (label smoothing).

    Examples
    --------
    >>> import torch
    >>> from polytask.deep.losses import CrossEntropy
    >>> round(CrossEntropy().each(torch.zeros(1, 1, 3), torch.tensor([[1.0]])).item(), 4)
    1.0986
    """

    smoothing: float = 0.0
    weights: tuple[float, ...] | None = None

    name: ClassVar[str] = "multinomial"
    kinds: ClassVar[tuple[str, ...]] = ("multiclass", "ordinal", "tagging", "dense_classes")

    def __post_init__(self):
        require(
            0 <= self.smoothing < 1,
            f"CrossEntropy needs smoothing in [0, 1). Found smoothing={self.smoothing}.",
        )
        require(
            self.weights is None or all(w > 0 for w in self.weights),
            f"CrossEntropy needs weights above 0. Found weights={self.weights}.",
        )

    def width(self, kind):
        found = len(kind.classes)
        require(
            self.weights is None or len(self.weights) == found,
            f"CrossEntropy needs a weight per class. Found {self.weights} for {found} classes.",
        )
        return found

    def each(self, outputs, y):
        y = y.long()
        losses = F.cross_entropy(
            outputs.movedim(-1, 1), y, reduction="none", label_smoothing=self.smoothing
        )
        return losses if self.weights is None else losses * outputs.new_tensor(self.weights)[y]

    def answer(self, outputs):
        return torch.softmax(outputs, -1)

    @classmethod
    def examples(cls):
        """The plain one, and a smooth one."""
        yield cls()
        yield cls(smoothing=0.1)
