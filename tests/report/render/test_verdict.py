"""The headline rests on what was chosen inside and scored outside, and never on luck."""

from dataclasses import replace

import pytest
from report.example import all_failed, example
from report.world import BASELINE

from polytask.report import Report
from polytask.report.render.verdict import verdict


def with_best(**changes):
    report = example()
    return replace(report, best=report.best | changes)


@pytest.mark.parametrize(
    ("low", "high", "answer"),
    [(0.01, 0.03, "yes"), (-0.03, -0.01, "harm"), (-0.01, 0.03, "cannot tell")],
)
def test_the_answer_is_where_the_interval_of_the_best_line_lies(low, high, answer):
    assert verdict(with_best(low=low, high=high)).answer == answer


def test_a_search_that_always_keeps_the_baseline_answers_no():
    found = verdict(with_best(chosen=[BASELINE] * 10, difference=0.0, low=0.0, high=0.0))
    assert found.answer == "no"
    assert f"chooses {BASELINE} in every split" in found.sentences[0]
    assert f"the same as {BASELINE}" in found.sentences[0]


def test_without_an_interval_nothing_can_be_told():
    report = example()
    bare = [record | {"low": None, "high": None} for record in report.summary]
    best = report.best | {"low": None, "high": None, "difference": None}
    assert verdict(replace(report, best=best, summary=bare)).answer == "cannot tell"


def test_the_leader_is_what_inner_cross_validation_chose_most_often():
    assert verdict(with_best(chosen=["TraceNorm"] * 6 + ["L21"] * 4)).leader == "TraceNorm"


def test_without_a_best_line_the_sentence_says_that_it_flatters():
    report = replace(example(), best=None)
    found = verdict(report)
    top = max(report.summary, key=lambda record: record["mean_relative_gain"])
    assert found.leader == top["model"]
    assert "flatters" in found.sentences[0]


def test_gains_and_losses_are_counted_and_the_ends_are_named():
    report = example()
    found = verdict(report)
    record = next(s for s in report.summary if s["model"] == found.leader)
    assert f"{record['n_gains']} of 8 tasks gain" in found.sentences[1]
    assert record["worst_task"] in found.sentences[1]


def test_when_no_task_stands_out_the_sentence_says_so():
    report = example()
    summary = [s | {"n_gains": 0, "n_loses": 0, "n_undecided": 8} for s in report.summary]
    found = verdict(replace(report, summary=summary))
    assert "cannot tell for any single one of 8 tasks" in found.sentences[1]


def test_the_cost_names_both_times():
    assert any("Cost: 2.7 s" in text and "0.4 s" in text for text in verdict(example()).sentences)


def test_models_that_failed_or_were_not_tried_and_undefined_tasks_are_named():
    report = example(failed=("L21",), not_tried=("Pooled",), undefined=("sport",))
    last = verdict(report).sentences[-1]
    assert last == "Failed: L21. Not tried: Pooled. Undefined in some split: sport."


def test_when_every_model_failed_the_first_error_is_told():
    found = verdict(all_failed())
    assert (found.answer, found.leader) == ("nothing", None)
    assert "Every model failed (6 of 6)" in found.sentences[0]
    assert "column 'age' has 3 gaps" in found.sentences[1]


def test_an_empty_report_has_no_answer():
    assert verdict(Report()).answer == "nothing"


def test_a_best_line_without_a_common_baseline_is_told_in_words():
    found = verdict(with_best(baseline=None, difference=None, low=None, high=None))
    assert "no common baseline" in found.sentences[0]
