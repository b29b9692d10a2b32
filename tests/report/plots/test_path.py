"""The path shows the mean of each place of the grid, though its values differ by split."""

import pytest
from report.example import example

from polytask.report import Report
from polytask.report.plots import path
from polytask.report.plots.grid import leaves, read

ROW = {"model": "m", "metric": "inner error", "se": 0.1}


def rows(params, means, *, chosen=None):
    """Records of two splits; ``params`` and ``means`` have a list per split."""
    return [
        ROW | {"split": k, "params": text, "mean": mean, "chosen": i == (chosen or [0, 0])[k]}
        for k in range(2)
        for i, (text, mean) in enumerate(zip(params[k], means[k], strict=True))
    ]


def grid_of(first, second):
    texts = [[f"penalty=L21(alpha={a})" for a in values] for values in (first, second)]
    return rows(texts, [[3.0, 1.0], [5.0, 2.0]], chosen=[1, 1])


def test_places_of_the_grid_are_averaged_whatever_their_values():
    grid = read(grid_of([4.0, 0.4], [1.0, 0.1]))
    assert grid.axis == "penalty.alpha"
    assert [one.mean for one in grid.candidates] == [4.0, 1.5]
    assert [one.x for one in grid.candidates] == pytest.approx([2.0, 0.2])  # geometric means
    assert [one.votes for one in grid.candidates] == [0, 2]


def test_a_second_parameter_makes_a_line_for_each_of_its_values():
    texts = [[f"penalty=S(alpha={a}, ratio={r})" for r in (1, 9) for a in (0.1, 1, 10)]] * 2
    grid = read(rows(texts, [[1.0] * 6] * 2))
    assert grid.axis == "penalty.alpha"
    assert grid.series == ("ratio=1", "ratio=9")


def test_candidates_without_a_common_number_stand_in_the_order_of_the_grid():
    texts = [["penalty=L1(alpha=1)", "penalty=L21(beta=2)", "whatever ("]] * 2
    report = Report(paths=rows(texts, [[1.0, 2.0, 3.0]] * 2))
    figure = path(report, "m")
    assert figure.layout.xaxis.type is None
    line = next(trace for trace in figure.data if trace.name and "mean" in trace.name)
    assert list(line.x) == [0, 1, 2]


def test_a_value_of_zero_keeps_the_axis_off_the_logarithm():
    grid = read(rows([["alpha=0.0", "alpha=1.0"]] * 2, [[1.0, 2.0]] * 2))
    assert grid.axis == ""


def test_nothing_in_the_text_of_a_candidate_is_executed():
    assert leaves("a=__import__('os').abort()") == {}
    assert leaves("a=(") == {}


def test_rings_are_larger_where_more_splits_chose():
    found = path(example(), "MeanRegularised")
    rings = next(trace for trace in found.data if trace.name == "chosen")
    assert [text[:11] for text in rings.customdata] == ["chosen in 8", "chosen in 2"]
    assert rings.marker.size[0] > rings.marker.size[1]


def test_every_split_has_its_thin_line():
    thin = [trace for trace in path(example(splits=4), "L21").data if trace.line.width == 1]
    assert len(thin) == 4


def test_an_undefined_candidate_leaves_a_gap():
    report = Report(paths=rows([["alpha=0.1", "alpha=1.0"]] * 2, [[None, 2.0], [None, 4.0]]))
    line = next(t for t in path(report, "m").data if t.name and "mean" in t.name)
    assert list(line.y) == [None, 3.0]


def test_a_model_without_a_search_has_an_empty_figure():
    assert len(path(Report(), "m").data) == 0
