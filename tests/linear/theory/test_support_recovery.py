import pytest

from polytask.errors import ParameterError
from polytask.linear import L1, L1Linf
from polytask.linear.theory import (
    rows_needed_alone,
    rows_needed_together,
    support_recovery_experiment,
)

SIZE = {"p": 64, "s": 6, "trials": 16, "random_state": 0, "strengths": (1.0, 2.0, 4.0)}


def test_sharing_and_the_lasso_need_the_same_at_an_overlap_of_two_thirds():
    assert rows_needed_together(100, 9, 2 / 3) == pytest.approx(rows_needed_alone(100, 9, 2 / 3))
    assert rows_needed_together(100, 9, 1) == pytest.approx(rows_needed_alone(100, 9, 1) / 2)
    assert rows_needed_together(100, 9, 0) == pytest.approx(rows_needed_alone(100, 9, 0) * 2)


def test_with_equal_supports_the_row_maximum_succeeds_where_the_lasso_cannot():
    n = round(1.4 * rows_needed_together(64, 6, 1.0))
    together = support_recovery_experiment(L1Linf(), overlap=1.0, n=n, by="rows", **SIZE)
    alone = support_recovery_experiment(L1(), overlap=1.0, n=n, **SIZE)
    assert together.theta == pytest.approx(1.4, rel=0.03)
    assert together.success >= 0.8
    assert alone.success <= 0.3


def test_with_little_overlap_it_is_the_other_way_round():
    n = round(1.75 * rows_needed_alone(64, 6, 0.0))
    together = support_recovery_experiment(L1Linf(), overlap=0.0, n=n, by="rows", **SIZE)
    alone = support_recovery_experiment(L1(), overlap=0.0, n=n, **SIZE)
    assert together.success <= 0.3
    assert alone.success >= 0.7


def test_supports_that_do_not_fit_are_refused():
    with pytest.raises(ParameterError, match=r"have to fit into p"):
        rows_needed_alone(10, 6, 0.0)
    with pytest.raises(ParameterError, match=r"by needs to be one of .'entries', 'rows'.. Found"):
        support_recovery_experiment(L1(), 20, s=2, overlap=1.0, n=10, by="columns")
