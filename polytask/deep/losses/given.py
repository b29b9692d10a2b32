"""A loss that counts only where another task has a certain label."""

from dataclasses import dataclass
from typing import Any

from polytask.deep.losses.base import Loss


@dataclass(frozen=True)
class Given(Loss):
    """Another loss, on the rows where the task ``task`` has the label ``equals``.

    A box is learnt only where there is an object, a price only where something was sold: labels of
    other rows, whatever stands there, have weight 0, as have rows on which nothing is known of
    ``task``. Answers are given for all rows, as if the condition held.

    Parameters
    ----------
    loss : Loss
    task : str
        A task of the same net; with labels at positions, or per row.
    equals : label
        As the user writes labels of that task.

    References
    ----------
    Redmon, Divvala, Girshick, Farhadi. You only look once: unified, real-time object detection.
    CVPR 2016. Equation 3: boxes where there is an object.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import Tasks, deep
    >>> X, sold = np.eye(4), np.array([1, 0, 1, 0])
    >>> data = Tasks.from_arrays(
    ...     X, np.column_stack([sold, [5, -99, 7, -99]]), names=["sold", "price"],
    ...     kinds={"sold": "binary"},
    ... )
    >>> loss = {"price": deep.Given(deep.AbsoluteError(), task="sold")}
    >>> model = deep.DeepModel(loss=loss, epochs=50, scale=False, random_state=0).fit(data)
    >>> bool(model.predict(X)[0, 1] > 0)
    True
    """

    loss: Loss
    task: str
    equals: Any = 1

    @property
    def name(self):
        """That of the loss."""
        return self.loss.name

    @property
    def kinds(self):
        """Those of the loss."""
        return self.loss.kinds

    @property
    def couples(self):
        """As the loss."""
        return self.loss.couples

    @property
    def grouped(self):
        """As the loss."""
        return self.loss.grouped

    @property
    def scaled(self):
        """As the loss."""
        return self.loss.scaled

    @property
    def reads(self):
        """As the loss."""
        return self.loss.reads

    @property
    def given(self):
        """The condition."""
        return self.task, self.equals

    def width(self, kind):
        return self.loss.width(kind)

    def head(self, kind, channels):
        return self.loss.head(kind, channels)

    def each(self, outputs, y):
        return self.loss.each(outputs, y)

    def mean(self, outputs, y, w, *groups):
        """That of the loss, on weights to which the condition has been applied."""
        return self.loss.mean(outputs, y, w, *groups)

    def answer(self, outputs, *mask):
        return self.loss.answer(outputs, *mask)

    @classmethod
    def examples(cls):
        """Numbers where something is there."""
        from polytask.deep.losses.squared_error import SquaredError

        yield cls(SquaredError(), task="there")
