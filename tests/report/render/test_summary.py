"""Colours at the top of the page say what the splits say, and no more."""

import re
from dataclasses import replace

import pytest
from report.example import all_failed, example

from polytask.report import Report
from polytask.report.render import bars, summary
from polytask.report.render.verdict import verdict


def tiles(report):
    """The look and the text of each number."""
    html = summary.tiles(report, verdict(report))
    return re.findall(r'<div class="value ([^"]*)">(.*?)</div>', html)


@pytest.mark.parametrize(
    ("low", "high", "look"),
    [(0.1, 0.2, "gains"), (-0.2, -0.1, "loses"), (-0.1, 0.2, ""), (None, None, "")],
)
def test_a_mean_gain_has_a_colour_only_where_its_interval_leaves_zero_out(low, high, look):
    report = example()
    records = [record | {"low": low, "high": high} for record in report.summary]
    assert tiles(replace(report, summary=records))[0][0] == look


def test_the_worst_task_has_the_colour_of_its_verdict():
    report = example()
    records = [gain | {"verdict": "loses"} for gain in report.gains]
    assert tiles(replace(report, gains=records))[2][0] == "loses"
    records = [gain | {"verdict": "cannot tell"} for gain in report.gains]
    assert tiles(replace(report, gains=records))[2][0] == ""


def test_without_a_leader_there_are_no_tiles():
    assert tiles(all_failed()) == []
    assert tiles(Report()) == []


def test_the_parts_of_the_bar_are_the_shares_of_the_tasks():
    counts = {"n_gains": 5, "n_undecided": 3, "n_loses": 2}
    widths = re.findall(r'class="(\w+)".*?width="([\d.]+)"', bars.share_bar(counts, wide=100))
    drawn = {look: float(width) for look, width in widths if look != "bar"}
    assert drawn == pytest.approx({"gains": 48.5, "undecided": 28.5, "loses": 18.5})


def test_a_gain_beyond_the_edge_stops_at_the_edge():
    bar = bars.gain_bar(-9.0, -10.0, -8.0, most=1.0)
    assert float(re.search(r'x="([\d.]+)"', bar)[1]) >= 0
    assert 'class="loses"' in bar
