"""Metrics of labels at positions: of words and of pixels, all rows' positions in one line."""

import numpy as np

from polytask.ops.spans import agreement
from polytask.report.metrics.classification import accuracy
from polytask.report.metrics.metric import present


def token_accuracy(y, label, weight=None):
    """Share of the words whose tag was met.

    Parameters
    ----------
    y, label : arrays (m,) of tag codes
        Of the words of all sentences.
    weight : array (m,), >= 0, optional
        0 where a word has no tag.

    Examples
    --------
    >>> token_accuracy([0, 1, 2, 0], [0, 1, 1, 0], [1, 1, 1, 0]) == 2 / 3
    True
    """
    return accuracy(y, label, weight)


def pixel_accuracy(y, label, weight=None):
    """Share of the pixels whose class was met.

    Examples
    --------
    >>> pixel_accuracy([0, 1, 1, 1], [0, 1, 1, 0])
    0.75
    """
    return accuracy(y, label, weight)


def span_f1(true, predicted):
    """F1 of the spans in tags, all types together, by the rules of the CoNLL scorer.

    A span is right where its first word, its last word and its type are; 0 where nothing is.

    Parameters
    ----------
    true, predicted : sequences of sentences, each a sequence of str
        Tags as the user writes them, ``B-NP``: what `polytask.kinds.Tagging.decode` gives.

    References
    ----------
    Tjong Kim Sang, Buchholz. Introduction to the CoNLL-2000 shared task: chunking. CoNLL 2000.

    Examples
    --------
    >>> span_f1([["B-NP", "I-NP", "O"]], [["B-NP", "I-NP", "B-VP"]]) == 2 / 3
    True
    """
    return agreement(true, predicted).f1


def mean_iou(y, label, weight=None):
    """Intersection over union, the mean over the classes that are there or were found.

    ``|true and found| / |true or found|`` of the pixels ``(m,)`` of all maps together.

    References
    ----------
    Everingham, Van Gool, Williams, Winn, Zisserman. The PASCAL visual object classes challenge.
    IJCV 88, 2010.

    Examples
    --------
    >>> mean_iou([0, 0, 1, 1], [0, 1, 1, 1]) == (1 / 2 + 2 / 3) / 2
    True
    """
    y, label, weight = present(y, label, weight)
    classes = np.union1d(y, label)
    both = [weight @ ((y == c) & (label == c)) for c in classes]
    either = [weight @ ((y == c) | (label == c)) for c in classes]
    return float(np.mean(np.divide(both, either)))


def position_mae(y, prediction, weight=None):
    """Mean absolute error over positions, and over the components of vectors.

    Parameters
    ----------
    y, prediction : arrays (m,) or (m, k)
    weight : array (m,), >= 0, optional

    Examples
    --------
    >>> position_mae([[0.0, 1.0]], [[1.0, 3.0]])
    1.5
    """
    y, prediction, weight = present(y, prediction, weight)
    each = np.abs(y - prediction).reshape(len(y), -1).mean(axis=1)
    return float(np.average(each, weights=weight))


def position_rmse(y, prediction, weight=None):
    """Root of the mean squared error over positions, and over the components of vectors.

    Examples
    --------
    >>> position_rmse([[0.0, 1.0]], [[1.0, 8.0]])
    5.0
    """
    y, prediction, weight = present(y, prediction, weight)
    each = ((y - prediction) ** 2).reshape(len(y), -1).mean(axis=1)
    return float(np.sqrt(np.average(each, weights=weight)))


__all__ = [
    "mean_iou",
    "pixel_accuracy",
    "position_mae",
    "position_rmse",
    "span_f1",
    "token_accuracy",
]
