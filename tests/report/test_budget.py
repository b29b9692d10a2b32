"""Deadlines and progress."""

import pytest

from polytask.errors import ParameterError
from polytask.report.budget import Deadline, OutOfTime
from polytask.report.parallel import Clock


def test_a_deadline_that_has_passed_stops_work_and_none_never_does():
    Deadline.after(None).check()
    Deadline.after(60).check()
    with pytest.raises(OutOfTime):
        Deadline(moment=1.0).check()


def test_a_budget_of_nothing_is_refused():
    with pytest.raises(ParameterError, match="minutes > 0"):
        Deadline.after(0)


def test_the_time_left_is_reckoned_from_fresh_work_only(monkeypatch):
    now = iter([0.0, 0.0, 0.0, 8.0])
    monkeypatch.setattr("polytask.report.parallel.time.perf_counter", lambda: next(now))
    clock = Clock(5, resumed=2)
    assert clock.tick("m", 0, "resumed").left is None
    assert clock.tick("m", 1, "resumed").left is None
    assert clock.tick("m", 2, "ok").left == 16.0
