"""Groups of branches beside all partitions, planted ones, and the limits of the price."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from polytask.deep.sharing.branches import (
    between,
    by_cost,
    by_stability,
    grouped,
    in_order,
    looseness,
    partitions,
)

RNG = np.random.default_rng(0)
PLANTED = np.repeat([0, 1, 2], 3)


def near(m):
    """Any nearness, symmetric with 1 on the diagonal."""
    A = RNG.uniform(0.3, 0.9, (m, m))
    A = (A + A.T) / 2
    np.fill_diagonal(A, 1)
    return A


def planted(noise=0.05):
    A = np.where(PLANTED[:, None] == PLANTED, 0.7, 0.55) + noise * RNG.normal(size=(9, 9))
    A = (A + A.T) / 2
    np.fill_diagonal(A, 1)
    return A


def all_partitions(m):
    """Every way to number m things, an independent and slower list."""
    codes = np.array(np.meshgrid(*[range(m)] * m)).reshape(m, -1).T
    return {tuple(in_order(code).tolist()) for code in codes}


def cost(B, labels, alpha, price):
    groups = [np.flatnonzero(labels == g) for g in set(labels.tolist())]
    loose = [1 - np.mean([min(B[k, j] for j in g) for k in g]) for g in groups]
    return (len(groups) - 1) * price + alpha * np.mean(loose)


@pytest.mark.parametrize("m", [2, 4, 5])
@pytest.mark.parametrize("alpha", [0.0, 2.0, 5.0, 12.0])
def test_the_cheapest_grouping_is_that_of_all_partitions(m, alpha):
    B = near(m)
    best = min(cost(B, np.array(labels), alpha, 1.0) for labels in all_partitions(m))
    assert cost(B, by_cost(B, alpha, 1.0), alpha, 1.0) == pytest.approx(best, abs=1e-12)


@pytest.mark.parametrize("B", [near(5), planted()], ids=["few", "many"])
def test_for_nothing_there_is_one_group_and_at_any_price_one_per_task(B):
    assert by_cost(B, 0.0, 1.0).max() == 0
    assert by_cost(B, 1e6, 1.0).tolist() == list(range(len(B)))


def test_partitions_are_all_of_them_once():
    # Stirling numbers of the second kind
    assert [len({tuple(p) for p in partitions(6, d)}) for d in range(1, 7)] == [
        1,
        31,
        90,
        65,
        15,
        1,
    ]
    assert [sum(1 for _ in partitions(6, d)) for d in range(1, 7)] == [1, 31, 90, 65, 15, 1]


def test_planted_groups_are_found():
    order = RNG.permutation(9)
    B = planted()[np.ix_(order, order)]
    assert adjusted_rand_score(grouped(B, 3), PLANTED[order]) == 1


@pytest.mark.parametrize("d", range(1, 10))
def test_there_are_as_many_groups_as_asked_for(d):
    for B in (planted(), np.ones((9, 9)), np.eye(9), -np.ones((9, 9)) + 2 * np.eye(9)):
        labels = grouped(B, d)
        assert len(set(labels.tolist())) == d
        assert labels.tolist() == in_order(labels).tolist()


def test_looseness_by_hand():
    B = np.array([[1.0, 0.5, 0.2], [0.5, 0.8, 0.4], [0.2, 0.4, 0.9]])
    # group {0, 1}: mean(0.5, 0.5); group {2}: 0.9
    assert looseness(B, np.array([0, 0, 1])) == pytest.approx((0.5 + 0.1) / 2)
    assert looseness(B, np.zeros(3)) == pytest.approx(1 - (0.2 + 0.4 + 0.2) / 3)


def test_nearness_of_branches_by_hand():
    A = near(4)
    B = between(A, [[0, 2], [1, 3]])
    one = (min(A[0, 1], A[0, 3]) + min(A[2, 1], A[2, 3])) / 2
    two = (min(A[1, 0], A[1, 2]) + min(A[3, 0], A[3, 2])) / 2
    assert B[0, 1] == B[1, 0] == pytest.approx((one + two) / 2)
    assert B[0, 0] == pytest.approx(A[0, 2])  # the worst of each is the other
    np.testing.assert_allclose(between(A, [[t] for t in range(4)]), A)


def test_groups_that_come_back_are_taken_and_others_are_not():
    surely = by_stability(planted(0.01), [planted(0.01) for _ in range(10)], 0.8)
    assert surely.tolist() == PLANTED.tolist()
    nothing = [near(9) for _ in range(10)]
    assert by_stability(near(9), nothing, 0.8).max() == 0
    assert by_stability(near(2), [near(2)] * 3, 0.0).tolist() == [0, 0]
