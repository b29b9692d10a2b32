"""What a metric is: a pure function with its name, the kinds it judges, and which way is better."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from polytask.errors import DataError, require
from polytask.kinds.ordinal import middle


class Undefined(DataError):
    """A metric has no value on these rows; the message says why. Never replaced by a number.

    Examples
    --------
    >>> from polytask.report.metrics import r2
    >>> r2([5, 5], [4, 6])
    Traceback (most recent call last):
    polytask.report.metrics.metric.Undefined: all labels are equal
    """


class Measured(NamedTuple):
    """A value, or None and the reason why there is none.

    Examples
    --------
    >>> from polytask.report.metrics import metric
    >>> metric("r2").measure([5, 5], [4, 6])
    Measured(value=None, note='all labels are equal')
    """

    value: float | None
    note: str = ""


@dataclass(frozen=True)
class Metric:
    """One number per task from its labels and a model's outputs.

    Parameters
    ----------
    name : str
        The word that tables and the command line use.
    function : callable ``(y, taken, weight) -> float``
        Pure; raises `Undefined` where it has no value.
    kinds : tuple of str
        Kinds of task it judges.
    greater_is_better : bool
    takes : {"prediction", "probabilities", "positive", "label", "level"}
        What the function is given: regression outputs ``(n,)``, probabilities ``(n, K)``, the
        probability of the second class ``(n,)``, class codes ``(n,)``, or middle levels ``(n,)``.
    text : str
        What it is, in words.
    relative_to : float
        A relative gain is a difference over the distance of the baseline's score from here: 0, or
        1 where 0 is the score of knowing nothing (R²).
    standardised : callable ``(y, prediction, weight, spread) -> float`` or None
        The error that an inner search compares, free of the label's unit; None: the error itself.
    grouped : bool
        Whether the function is given ``groups=``, the query of every row.

    Examples
    --------
    >>> from polytask.report.metrics import metric
    >>> metric("auc")([0, 1], [[0.9, 0.1], [0.2, 0.8]])
    1.0
    """

    name: str
    function: Callable
    kinds: tuple[str, ...]
    greater_is_better: bool
    takes: str
    text: str
    relative_to: float = 0.0
    standardised: Callable | None = None
    grouped: bool = False

    def __call__(self, y, output, weight=None, *, threshold=0.5, groups=None):
        """The value on labels ``(n,)`` (codes) and a model's outputs.

        Parameters
        ----------
        y : array (n,)
            Codes of the task's kind, without gaps.
        output : array (n,) for regression, (n, K) probabilities for classes
        weight : array (n,), >= 0, optional
            A row of weight 0 is no row; an integer weight is that many equal rows.
        threshold : float in [0, 1]
            Of a binary task's positive class, for metrics of labels.
        groups : array (n,), optional
            The query of every row, for metrics that compare rows within it.

        Raises
        ------
        Undefined
            Where there is no value; the message is the reason.
        """
        counts = None if weight is None else np.asarray(weight) > 0
        y, output, weight = present(y, output, weight)
        queries = self._queries(groups, counts)
        return float(self.function(y, self.take(output, threshold), weight, **queries))

    def _queries(self, groups, counts):
        if not self.grouped:
            return {}
        require(
            groups is not None,
            f"{self.name} compares rows within their query: give groups=. Found none.",
            DataError,
        )
        groups = np.asarray(groups)
        return {"groups": groups if counts is None else groups[counts]}

    def measure(self, y, output, weight=None, *, threshold=0.5, groups=None):
        """`Measured`: the value, or None and the reason."""
        try:
            return Measured(self(y, output, weight, threshold=threshold, groups=groups))
        except Undefined as reason:
            return Measured(None, str(reason))

    def error(self, y, output, weight=None, *, spread=1.0, threshold=0.5, groups=None):
        """The same as an error without unit, smaller is better: what an inner search compares.

        ``spread`` is the standard deviation of the task's training labels.
        """
        if self.standardised is not None:
            y, output, weight = present(y, output, weight)
            return float(self.standardised(y, output, weight, spread))
        value = self(y, output, weight, threshold=threshold, groups=groups)
        return 1 - value if self.greater_is_better else value

    def take(self, output, threshold=0.5):
        """What the function is given, from a model's outputs."""
        if self.takes == "positive":
            return output[:, 1]
        if self.takes == "label":
            return labelled(output, threshold)
        return middle(output) if self.takes == "level" else output

    @property
    def better(self):
        """``"higher"`` or ``"lower"``."""
        return "higher" if self.greater_is_better else "lower"


def labelled(probabilities, threshold=0.5):
    """Class codes ``(n,)``: the likeliest, or class 1 from ``threshold`` on where there are two.

    Examples
    --------
    >>> labelled(np.array([[0.6, 0.4], [0.1, 0.9]]), threshold=0.3)
    array([1., 1.])
    """
    if probabilities.shape[1] == 2:
        return (probabilities[:, 1] >= threshold).astype(np.float64)
    return probabilities.argmax(axis=1).astype(np.float64)


def present(y, output, weight=None):
    """Labels, outputs and weights ``(n,)`` of the rows that count, as float64; at least one."""
    y, output = np.asarray(y, dtype=np.float64), np.asarray(output, dtype=np.float64)
    require(
        len(y) == len(output),
        f"A metric needs one output per label. Found {len(y)} labels, {len(output)} outputs.",
        DataError,
    )
    weight = np.ones(len(y)) if weight is None else np.asarray(weight, dtype=np.float64)
    counts = weight > 0
    if not counts.any():
        raise Undefined("no label")
    if not counts.all():
        y, output, weight = y[counts], output[counts], weight[counts]
    if np.isnan(y).any() or not np.isfinite(output).all():
        raise DataError(
            "A metric needs labels without gaps and finite outputs. Found "
            f"{int(np.isnan(y).sum())} gaps among the labels and "
            f"{int((~np.isfinite(output)).sum())} outputs that are not finite. "
            "Give the labelled rows only, and look at the model."
        )
    return y, output, weight
