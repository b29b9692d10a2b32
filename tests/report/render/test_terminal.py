"""The terminal table fits its width and cannot be steered by a task's name."""

from dataclasses import replace

import pytest
from report.example import all_failed, example
from report.world import EXAMS, METHODS

from polytask.report import Report
from polytask.report.render import numbers

LONG = tuple(f"a task with quite a long name, number {i}" for i in range(30))


@pytest.mark.parametrize("width", [60, 80, 100, 140])
@pytest.mark.parametrize(
    "report",
    [example(), example(tasks=139), example(tasks=LONG), all_failed(), Report()],
    ids=["eight", "139", "long names", "failed", "empty"],
)
def test_no_line_is_wider_than_asked(report, width):
    assert max(map(numbers.columns, report.to_text(width=width).split("\n"))) <= width


def test_every_model_and_every_one_of_few_tasks_is_listed():
    text = example().to_text()
    for name in (*EXAMS, *(m[0] for m in METHODS)):
        assert f"\n{name} " in text


def test_of_many_tasks_the_best_and_the_worst_are_named_and_the_rest_counted():
    report = example(tasks=139)
    text = report.to_text()
    leader = text.split("Tasks with ")[1].split(" against")[0]
    gains = [g for g in report.gains if g["model"] == leader]
    ordered = [g["task"] for g in sorted(gains, key=lambda g: -g["gain"])]
    table = text.split("Tasks with ")[1]
    for name in (*ordered[:4], *ordered[-4:]):
        assert f"\n{name} " in table
    assert "131 more" in table
    assert f"\n{ordered[60]} " not in table


def test_the_models_come_with_the_most_gain_first_and_failures_last():
    report = example(failed=("L21",))
    lines = report.to_text().split("\n")
    names = [m[0] for m in METHODS]
    shown = [line.split()[0] for line in lines if line.split() and line.split()[0] in names]
    gain = {s["model"]: s["mean_relative_gain"] for s in report.summary}
    table = shown[: len(names)]
    assert table[-1] == "L21"
    assert [n for n in table if n in gain] == sorted(gain, key=lambda n: -gain[n])


def test_control_characters_of_a_name_do_not_reach_the_terminal():
    text = example(tasks=("\x1b[2Jwiped", "two\nlines", "bell\x07")).to_text()
    assert all(c.isprintable() for c in text.replace("\n", ""))
    assert "two lines" in text


def test_wide_letters_count_as_two_columns():
    text = example(tasks=("数学", "物理", "音乐")).to_text()
    lines = [line for line in text.split("\n") if line.startswith(("数学", "物理", "音乐"))]
    assert len({numbers.columns(line[: line.index("0.")]) for line in lines}) == 1


def test_long_model_names_get_short_ones_and_the_legend_keeps_the_text():
    report = example(splits=3)
    renamed = replace_name(report, "L21", "LinearModel(penalty=L21(alpha=0.02), max_iter=20000)")
    text = renamed.to_text(width=200)
    assert "\nL21 " in text
    assert "L21 = LinearModel(L21(alpha=0.02))" in text


def replace_name(report, old, new):
    """The report with a model under another name, as text."""
    return Report.from_json(report.to_json().replace(f'"{old}"', f'"{new}"'))


def test_names_that_stay_long_stand_on_lines_of_their_own():
    text = replace_name(example(), "L21", "the row-sparse model of nineteen ninety-nine").to_text()
    lines = text.split("\n")
    at = lines.index("the row-sparse model of nineteen ninety-nine")
    assert lines[at + 1].startswith("  ")


def test_undefined_scores_are_named_with_their_number_of_splits():
    text = example(undefined=("sport",)).to_text()
    assert "Undefined: sport in 10 splits: the test part holds one class only." in text


def test_a_model_that_failed_in_one_split_keeps_its_scores():
    report = example()
    models = [
        m | ({"status": "failed", "error": "split 3: no"} if m["name"] == "L21" else {})
        for m in report.models
    ]
    text = replace(report, models=models).to_text()
    assert "Failed: L21" in text
    assert "L21 failed: split 3: no" in text
    line = next(line for line in text.split("\n") if line.startswith("L21 "))
    assert "%" in line
