"""The digits table: which rows train, what is judged."""

import numpy as np
import pytest

from polytask.linear import L1
from polytask.reproduce import digits_supports, get


def records(dirty, seeds=10):
    one = get("digits-supports")
    return {
        f"{setting} | {seed}": {"status": "ok", "dirty": dirty[k], "L1Linf": 13.0, "lasso": 14.0}
        for k, setting in enumerate(one.settings)
        for seed in range(seeds)
    }


def judged(*args):
    rows = get("digits-supports").rows(records(*args))
    return [row.holds for row in rows if row.gate is not None]


def test_the_dirty_model_has_to_be_where_it_was():
    assert judged((13.0, 9.0, 7.0)) == [True] * 3
    assert judged((15.0, 9.0, 5.0)) == [False, True, False]
    assert judged((13.0, 9.0, 7.0), 2) == [None] * 3


def test_published_numbers_stand_beside_without_a_bound():
    rows = {row.name: row for row in get("digits-supports").rows(records((13.0, 9.0, 7.0)))}
    assert rows["lasso, n 20"].published == 4.1
    assert rows["lasso, n 20"].gate is None
    assert rows["dirty - lasso, n 10"].measured == -1.0


@pytest.mark.data("mfeat")
def test_training_rows_are_some_of_each_digit_and_the_strength_is_chosen_inside(monkeypatch):
    monkeypatch.setattr(digits_supports, "METHODS", {"lasso": [L1(0.1), L1(0.03)]})
    seen = []
    inside = digits_supports._answers

    def watched(X, y, train, test, penalties):
        seen.append((np.bincount(y[train], minlength=10), set(train), set(test), len(penalties)))
        return inside(X, y, train, test, penalties)

    monkeypatch.setattr(digits_supports, "_answers", watched)
    found = get("digits-supports").measure("n 10", np.random.default_rng(0))
    assert 5 < found["lasso"] < 30
    *folds, last = seen
    assert [len(train | test) for _, train, test, _ in folds] == [100] * 3
    assert last[0].tolist() == [10] * 10
    assert (len(last[2]), last[3]) == (1900, 1)
    assert not last[1] & last[2]
