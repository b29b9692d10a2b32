"""Cumulated gain beside scikit-learn's, query by query, and by hand."""

import numpy as np
import pytest
from sklearn.metrics import ndcg_score

from polytask.ops.gain import ndcg


@pytest.mark.parametrize("k", [None, 1, 3, 10])
def test_with_linear_gains_a_query_has_the_value_of_scikit_learn_ties_and_all(k):
    rng = np.random.default_rng(0)
    for n in (2, 5, 17):
        y, score = rng.integers(0, 4, n).astype(float), np.round(rng.normal(size=n), 1)
        y[0] = 1  # one row is relevant
        expected = ndcg_score(y[None], score[None], k=k)
        assert ndcg(y, score, np.zeros(n), k=k, gain="linear") == pytest.approx(expected, rel=1e-12)
        flat = np.round(score)
        expected = ndcg_score(y[None], flat[None], k=k)
        assert ndcg(y, flat, np.zeros(n), k=k, gain="linear") == pytest.approx(expected, rel=1e-12)


def test_gains_by_hand():
    # places: gain 1, 0, 7; the best: 7, 1, 0
    found = (1 + 7 / 2) / (7 + 1 / np.log2(3))
    assert ndcg([3, 0, 1], [0.1, 0.2, 0.3], [0, 0, 0]) == pytest.approx(found, rel=1e-12)


def test_queries_count_the_same_and_those_without_a_relevant_row_do_not_count():
    y = np.array([1, 0, 2, 0, 0, 0, 0.0])
    score = np.array([0, 1, 1, 0, 0, 1, 2.0])
    groups = np.array(["a", "a", "b", "b", "b", "c", "c"])
    alone = [ndcg(y[groups == g], score[groups == g], groups[groups == g]) for g in "ab"]
    assert ndcg(y, score, groups) == pytest.approx(np.mean(alone), rel=1e-12)
    assert np.isnan(ndcg(y[5:], score[5:], groups[5:]))


def test_rows_with_one_score_have_the_mean_of_all_their_orders():
    from itertools import permutations

    y = np.array([3, 0, 1, 2.0])
    score = np.array([1, 1, 0, 1.0])
    orders = [p for p in permutations(range(4)) if p[-1] == 2]
    each = [ndcg(y[list(p)], -np.arange(4.0), np.zeros(4), k=2) for p in orders]
    assert ndcg(y, score, np.zeros(4), k=2) == pytest.approx(np.mean(each), rel=1e-12)
