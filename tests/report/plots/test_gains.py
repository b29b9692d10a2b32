"""Points and intervals of the gains are where the numbers say, in the colour of the verdict."""

import pytest
from report.example import example

from polytask.report import Report
from polytask.report.plots import gains, style

MODEL = "MeanRegularised"


def points(figure, axis):
    """What is drawn, by the task's name on hovering."""
    return {
        detail[0]: value
        for trace in figure.data
        for detail, value in zip(trace.customdata, trace[axis], strict=True)
    }


def test_every_task_is_drawn_at_its_gain_in_per_cent():
    report = example()
    drawn = points(gains(report, MODEL), "x")
    for gain in (g for g in report.gains if g["model"] == MODEL):
        assert drawn.pop(gain["task"]) == pytest.approx(100 * gain["gain"])
    assert drawn == {}


def test_the_interval_is_on_the_scale_of_the_gain():
    report = example()
    gain = next(g for g in report.gains if (g["model"], g["task"]) == (MODEL, "maths"))
    scale = gain["difference"] / gain["gain"]
    for trace in gains(report, MODEL).data:
        for i, detail in enumerate(trace.customdata):
            if detail[0] == "maths":
                assert trace.x[i] + trace.error_x.array[i] == pytest.approx(
                    100 * gain["high"] / scale
                )
                assert trace.x[i] - trace.error_x.arrayminus[i] == pytest.approx(
                    100 * gain["low"] / scale
                )


def test_each_verdict_has_its_colour_and_its_tasks():
    report = example()
    for model in (MODEL, "Pooled"):
        for trace in gains(report, model).data:
            tasks = {detail[0] for detail in trace.customdata}
            mine = [g for g in report.gains if g["model"] == model]
            assert tasks == {g["task"] for g in mine if g["verdict"] == trace.name}
            assert trace.marker.color == style.VERDICTS[trace.name]


def test_the_most_gain_stands_on_top():
    figure = gains(example(), MODEL)
    drawn = points(figure, "x")
    order = figure.layout.yaxis.categoryarray[::-1]
    assert [drawn[name] for name in order] == sorted(drawn.values(), reverse=True)


def test_many_tasks_are_one_row_of_points_with_the_ends_named():
    report = example(tasks=139)
    figure = gains(report, MODEL)
    values = points(figure, "y")
    assert len(values) == 139
    assert figure.layout.height <= 460
    ends = [note.text for note in figure.layout.annotations]
    assert ends == [max(values, key=values.get), min(values, key=values.get)]


def test_an_undefined_gain_is_not_drawn():
    assert "sport" not in points(gains(example(undefined=("sport",)), MODEL), "x")


def test_a_gain_without_an_interval_is_drawn_as_a_point():
    report = example(splits=2)
    bare = [g | {"low": None, "high": None, "p_holm": None} for g in report.gains]
    figure = gains(Report(models=report.models, gains=bare), MODEL)
    assert all(set(trace.error_x.array) == {0} for trace in figure.data)


def test_markup_in_a_name_is_not_read_as_markup():
    figure = gains(example(tasks=("<b>a</b>", "b")), MODEL)
    assert "<b>a" not in str(figure.layout.yaxis.categoryarray)
    assert "&lt;b&gt;a&lt;/b&gt;" in points(figure, "x")
