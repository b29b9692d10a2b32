"""Learning curves are drawn in the order of the size, baselines apart from the rest."""

from report.example import example
from report.world import METRIC

from polytask.report import Report
from polytask.report.plots import curves, style


def lines(figure):
    return {trace.name: trace for trace in figure.data if trace.name}


def test_each_model_has_one_line_in_the_order_of_size():
    report = example()
    shuffled = Report(models=report.models, summary=report.summary, scores=report.scores,
                      tasks=report.tasks, curves=report.curves[::-1])  # fmt: skip
    found = lines(curves(shuffled, METRIC))
    assert set(found) == {m["name"] for m in report.models}
    for name, trace in found.items():
        rows = [r for r in report.curves if r["model"] == name]
        assert list(trace.x) == [r["n_train"] for r in rows]
        assert list(trace.y) == [r["mean"] for r in rows]


def test_baselines_are_grey_and_dashed_and_the_leader_is_bold():
    found = lines(curves(example(), METRIC))
    assert (found["Independent"].line.dash, found["Independent"].line.color) == (
        "dash",
        style.UNDECIDED,
    )
    assert [name for name, trace in found.items() if trace.line.width == 3] == ["MeanRegularised"]


def test_no_two_models_look_the_same():
    found = lines(curves(example(), METRIC)).values()
    assert len({(t.line.color, t.line.dash) for t in found}) == len(found)


def test_without_row_numbers_the_axis_is_the_share():
    report = example()
    shares = [row | {"n_train": None} for row in report.curves]
    figure = curves(Report(models=report.models, scores=report.scores, tasks=report.tasks,
                           curves=shares), METRIC)  # fmt: skip
    assert figure.layout.xaxis.title.text == "share of the training part"
    assert list(lines(figure)["L21"].x) == [0.1, 0.2, 0.4, 0.7, 1.0]


def test_an_undefined_point_is_left_out():
    report = example()
    gap = [row | ({"mean": None} if row["fraction"] == 0.4 else {}) for row in report.curves]
    figure = curves(Report(models=report.models, scores=report.scores, tasks=report.tasks,
                           curves=gap), METRIC)  # fmt: skip
    assert len(lines(figure)["L21"].x) == 4
