"""Orderings: values worked out by hand."""

import numpy as np
import pytest

from polytask.report.metrics import Undefined, auc, precision_at_k


def test_auc_counts_pairs():
    y = np.array([0, 1, 0, 1, 1])
    score = np.array([0.1, 0.2, 0.2, 0.3, 0.05])
    pairs = [1.0 if a > b else 0.5 if a == b else 0.0 for a in score[y == 1] for b in score[y == 0]]
    assert auc(y, score) == pytest.approx(np.mean(pairs))


def test_precision_at_k_shares_the_border_among_equal_scores():
    # the first place is a hit; the second is one of three equal rows, of which one is a hit
    assert precision_at_k([1, 1, 0, 0, 0], [0.9, 0.5, 0.5, 0.5, 0.1], k=2) == pytest.approx(2 / 3)


def test_precision_at_k_needs_k_labels():
    with pytest.raises(Undefined, match="3 labels, fewer than k=10"):
        precision_at_k([0, 1, 1], [0.1, 0.2, 0.3])
