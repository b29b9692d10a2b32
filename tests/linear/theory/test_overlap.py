import numpy as np
import pytest

from polytask import Tasks
from polytask.errors import DataError
from polytask.linear.theory import Overlap, overlap_of, support_overlap


def table(common, seed=0, n=150, d=40, s=6):
    rng = np.random.default_rng(seed)
    W = np.zeros((d, 2))
    W[:s, 0] = 2
    W[s - common : 2 * s - common, 1] = 2
    X = rng.normal(size=(n, d))
    return Tasks.from_arrays(X, X @ W + rng.normal(size=(n, 2)))


def test_overlap_is_the_shared_part_of_the_larger_support_over_pairs():
    coef = [[1, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 0], [0, 0, 0, 5]]
    assert overlap_of(coef) == pytest.approx((2 / 3 + 0 + 0) / 3)
    assert np.isnan(overlap_of(np.zeros((3, 4))))


@pytest.mark.parametrize("common", [0, 3, 6])
def test_the_interval_covers_the_planted_overlap(common):
    found = support_overlap(table(common), 0.5, repeats=30, random_state=0)
    assert found.value == pytest.approx(common / 6)
    assert found.low <= common / 6 <= found.high


def test_it_warns_only_where_the_whole_interval_is_below_two_thirds():
    low = support_overlap(table(1), 0.5, repeats=30, random_state=0)
    assert low.high < 2 / 3
    assert "L1Linf is expected to need more rows" in low.warning
    assert "two tasks whose coefficients have equal magnitudes" in str(low)
    assert support_overlap(table(6), 0.5, repeats=10, random_state=0).warning == ""
    assert Overlap(0.4, 0.2, 0.7, 0.9).warning == ""
    assert str(Overlap(0.4, 0.2, 0.7, 0.9)) == "Overlap of supports: 0.40 (0.20 to 0.70, 90%)."


def test_the_same_seed_gives_the_same_interval():
    first, again = (support_overlap(table(3), 0.4, repeats=10, random_state=3) for _ in range(2))
    assert first == again


def test_tasks_with_rows_of_their_own_are_drawn_by_task():
    rng = np.random.default_rng(0)
    w = np.r_[np.full(4, 2.0), np.zeros(16)]
    sets = {}
    for name, n in {"a": 90, "b": 60}.items():
        X = rng.normal(size=(n, 20))
        sets[name] = (X, X @ w + 0.5 * rng.normal(size=n))
    found = support_overlap(Tasks.stack(sets), 0.5, repeats=20, random_state=0)
    assert found.value == 1
    assert found.low > 0.5


def test_one_task_has_no_overlap():
    with pytest.raises(DataError, match=r"two tasks or more"):
        support_overlap(table(3).keep("y0"), 0.1)
