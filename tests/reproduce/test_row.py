"""A gate is judged by numbers, never by hand."""

import numpy as np
import pytest

from polytask.reproduce import Gate, Row

KEYS = [
    *("name", "method", "metric", "unit", "published", "measured"),
    *("std", "low", "high", "n", "gate", "holds"),
]


def row(*values, **facts):
    return Row("ridge", "Ridge()", "RMSE", "points", values, **facts)


@pytest.mark.parametrize(
    ("gate", "value", "holds"),
    [
        (Gate(1.0, 2.0), 1.0, True),
        (Gate(1.0, 2.0), 2.0, True),
        (Gate(1.0, 2.0), 2.0001, False),
        (Gate(1.0, 2.0), 0.9999, False),
        (Gate(None, 2.0), -5.0, True),
        (Gate(1.0, None), 99.0, True),
        (Gate(1.0, None), float("nan"), False),
        (Gate(1.0, None), None, False),
    ],
)
def test_both_ends_of_a_gate_belong_to_it_and_no_value_is_false(gate, value, holds):
    assert gate.holds(value, 1) is holds


def test_below_the_stated_seeds_a_gate_is_not_judged_unless_it_says_so():
    assert row(5.0, 5.0, gate=Gate(high=2.0, seeds=3)).holds is None
    assert row(5.0, 5.0, gate=Gate(high=2.0, seeds=3, quick=True)).holds is False
    assert row(5.0, 5.0, 5.0, gate=Gate(high=2.0, seeds=3)).holds is False


def test_a_failed_value_is_not_forgiven():
    assert row(1.0, None, 1.0, gate=Gate(high=2.0, seeds=3)).holds is False
    assert row(1.0, None, 1.0).holds is None


def test_the_one_json_form():
    said = row(1.0, 2.0, 3.0, published=2.5, gate=Gate(None, 2.4)).to_dict()
    assert list(said) == KEYS
    assert said["measured"] == 2.0
    assert said["std"] == 1.0
    assert said["n"] == 3
    assert said["gate"] == [None, 2.4]
    assert said["holds"] is True
    # t with 2 degrees of freedom, 95 %: 4.3027
    assert said["high"] - said["measured"] == pytest.approx(4.3027 / np.sqrt(3), rel=1e-4)


def test_values_from_splits_of_one_table_have_a_wider_interval():
    new, again = row(1.0, 2.0, 3.0).to_dict(), row(1.0, 2.0, 3.0, test_share=1 / 3).to_dict()
    assert again["high"] - 2.0 == pytest.approx(np.sqrt(2) * (new["high"] - 2.0))


def test_one_value_has_no_spread():
    said = row(1.5).to_dict()
    assert (said["std"], said["low"], said["high"], said["n"]) == (None, None, None, 1)
    assert row(None).to_dict()["measured"] is None
