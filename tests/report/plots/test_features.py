"""The feature view puts what is shared on top and never mixes up a task."""

from report.example import example
from report.world import EXAMS

from polytask.report import Report
from polytask.report.plots import features
from polytask.report.plots.features import MOST, ranked


def test_every_cell_is_the_importance_of_its_input_for_its_task():
    report = example()
    heat = features(report, "L21").data[0]
    assert tuple(heat.x) == EXAMS
    for row, drawn in zip(ranked(report, "L21"), heat.z, strict=True):
        assert list(drawn) == [row["importance"][task] for task in EXAMS]


def test_shared_inputs_come_first_then_own_then_unused():
    uses = [row["shared"] for row in ranked(example(), "L21")]
    assert uses == sorted(uses, key=["shared", "own", "unused"].index)


def test_without_importance_the_use_is_drawn():
    row = {"model": "m", "feature": "age", "shared": "own", "tasks": ["b"], "importance": {}}
    base = {"kind": "regression", "metric": "r2", "n_labels": 1, "n_rows": 1}
    report = Report(tasks=[base | {"name": name} for name in "ab"], features=[row])
    assert [list(line) for line in features(report, "m").data[0].z] == [[0.0, 1.0]]


def test_of_many_inputs_the_first_are_drawn():
    row = {"model": "m", "shared": "shared", "tasks": ["a"]}
    many = [row | {"feature": f"f{i}", "importance": {"a": float(i)}} for i in range(200)]
    heat = features(Report(features=many), "m").data[0]
    assert len(heat.y) == MOST
    assert heat.y[0].startswith("f199")
