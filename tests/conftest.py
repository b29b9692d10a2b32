"""Tests that need real data are skipped by name where it is absent, and counted.

``@pytest.mark.data("school")`` on a test, or ``marks=`` of a parameter, says what it needs. Where
``$POLYTASK_DATA`` is set, missing data are a failure: someone promised them.
"""

import os

import pytest

SKIPPED: dict[str, int] = {}


def pytest_runtest_setup(item):
    from polytask import datasets

    for mark in item.iter_markers("data"):
        for name in mark.args:
            if datasets.get(name).here():
                continue
            if os.environ.get("POLYTASK_DATA"):
                pytest.fail(f"$POLYTASK_DATA is set, and the data set {name!r} is not there")
            SKIPPED[name] = SKIPPED.get(name, 0) + 1
            pytest.skip(f"needs the data set {name!r}; set $POLYTASK_DATA to a folder that has it")


def pytest_terminal_summary(terminalreporter):
    if SKIPPED:
        which = ", ".join(f"{name} ({count})" for name, count in sorted(SKIPPED.items()))
        total = sum(SKIPPED.values())
        terminalreporter.write_line(f"{total} tests skipped because data sets are absent: {which}")
