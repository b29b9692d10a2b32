"""Losses of numbers at the positions of a map: offsets, distances, depths."""

from dataclasses import dataclass
from typing import ClassVar

from polytask.deep.losses.base import Loss, difference, number
from polytask.errors import UnsupportedError, require


@dataclass(frozen=True)
class Offsets(Loss):
    """Vectors from every pixel to the centre of its segment: ``|dx| + |dy|`` over 2, in pixels.

    Only pixels of a segment count: weight 0 elsewhere. Which pixels belong together is found
    afterwards, from the points that they vote for: `polytask.deep.instances`.

    References
    ----------
    Kendall, Gal, Cipolla. Multi-task learning using uncertainty to weigh losses for scene geometry
    and semantics. CVPR 2018. Section 4 (instance segmentation); there the sum in place of the mean.

    Examples
    --------
    >>> import torch
    >>> from polytask.deep.losses import Offsets
    >>> Offsets().each(torch.tensor([[[3.0, -1.0]]]), torch.tensor([[[1.0, 0.0]]])).item()
    1.5
    """

    name: ClassVar[str] = "offsets"
    kinds: ClassVar[tuple[str, ...]] = ("regression", "dense_numbers")

    def width(self, kind):
        require(
            kind.width > 1,
            f"Offsets are vectors: kind DenseNumbers(2). Found {kind!r}.",
            UnsupportedError,
        )
        return kind.width

    def each(self, outputs, y):
        return difference(outputs, y).abs().mean(-1)

    def answer(self, outputs):
        return outputs


@dataclass(frozen=True)
class BoundaryDistance(Loss):
    """How far a pixel is from the edge of its segment, up to ``limit``: ``|f - min(y, limit)|``.

    Parameters
    ----------
    limit : float, > 0
        In pixels. Farther inside, all distances are one: a pixel sees only so much of the map.

    Raises
    ------
    ParameterError
        If ``limit`` is not positive.

    References
    ----------
    Hayder, He, Salzmann. Boundary-aware instance segmentation. CVPR 2017. (The truncated distance.)

    Examples
    --------
    >>> import torch
    >>> from polytask.deep.losses import BoundaryDistance
    >>> BoundaryDistance(5.0).each(torch.tensor([[[4.0]]]), torch.tensor([[30.0]])).item()
    1.0
    """

    limit: float = 10.0

    name: ClassVar[str] = "boundary_distance"
    kinds: ClassVar[tuple[str, ...]] = ("regression", "dense_numbers")

    def __post_init__(self):
        require(self.limit > 0, f"BoundaryDistance needs limit > 0. Found limit={self.limit}.")

    def each(self, outputs, y):
        return difference(outputs, y.clamp_max(self.limit)).abs().mean(-1)

    def answer(self, outputs):
        return number(outputs).clamp(0, self.limit)


@dataclass(frozen=True)
class InverseDepth(Loss):
    """Depths by their inverse: ``|f - 1 / y|``; the answer is a depth.

    Near things count more, and the sky is no exception: an infinite depth has the inverse 0. Pixels
    without a measured depth have weight 0.

    Parameters
    ----------
    farthest : float, > 0
        In the unit of the labels: no answer is beyond it.

    Raises
    ------
    ParameterError
        If ``farthest`` is not positive.

    References
    ----------
    Kendall, Gal, Cipolla. Multi-task learning using uncertainty to weigh losses for scene geometry
    and semantics. CVPR 2018. Section 4 (depth regression).

    Examples
    --------
    >>> import torch
    >>> from polytask.deep.losses import InverseDepth
    >>> loss = InverseDepth()
    >>> loss.each(torch.tensor([[[0.5]]]), torch.tensor([[4.0]])).item()
    0.25
    >>> loss.answer(torch.tensor([0.5])).item()
    2.0
    """

    farthest: float = 1000.0

    name: ClassVar[str] = "inverse_depth"
    kinds: ClassVar[tuple[str, ...]] = ("regression", "dense_numbers")

    def __post_init__(self):
        require(self.farthest > 0, f"InverseDepth needs farthest > 0. Found {self.farthest}.")

    def each(self, outputs, y):
        # a gap may come as a depth of 0
        return difference(outputs, 1 / y.masked_fill(y == 0, 1.0)).abs().mean(-1)

    def answer(self, outputs):
        return 1 / number(outputs).clamp_min(1 / self.farthest)
