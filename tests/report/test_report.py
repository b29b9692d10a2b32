"""A report is a plain value: it round-trips exactly and refuses what it could not write."""

import json

import numpy as np
import pytest
from report.example import all_failed, example

from polytask.errors import DataError
from polytask.report import Report

TASK = {"name": "a", "kind": "regression", "metric": "r2", "n_labels": 3, "n_rows": 3}


@pytest.mark.parametrize(
    "report",
    [Report(), example(), example(undefined=("sport",), failed=("L21",)), all_failed()],
    ids=["empty", "whole", "with gaps", "all failed"],
)
def test_json_and_back_is_the_same_report_to_the_last_bit(report):
    back = Report.from_json(report.to_json())
    assert back == report
    assert back.to_json() == report.to_json()


def test_every_finite_float_survives_the_round_trip():
    values = [0.1, 1 / 3, 5e-324, 1.7976931348623157e308, -0.0, 123456789.123456789]
    report = Report(recipe={"values": values})
    back = Report.from_json(report.to_json()).recipe["values"]
    assert [v.hex() for v in back] == [v.hex() for v in values]


def test_numpy_numbers_arrays_and_tuples_become_plain():
    recipe = {"a": np.float32(0.5), "b": np.arange(2), "c": (np.int64(1), np.bool_(True)), "d": "x"}
    assert Report(recipe=recipe).recipe == {"a": 0.5, "b": [0, 1], "c": [1, True], "d": "x"}
    assert type(Report(recipe=recipe).recipe["c"][1]) is bool


def test_a_number_that_is_not_finite_is_undefined():
    found = Report(recipe={"a": float("nan"), "b": [np.inf, -np.inf], "c": np.array([np.nan])})
    assert found.recipe == {"a": None, "b": [None, None], "c": [None]}
    assert json.loads(found.to_json())["recipe"] == found.recipe


def test_what_was_given_is_not_shared_with_the_caller():
    recipe = {"versions": {"numpy": "2"}}
    report = Report(recipe=recipe)
    recipe["versions"]["numpy"] = "3"
    assert report.recipe["versions"]["numpy"] == "2"


def test_a_record_without_a_key_is_refused_by_field_number_and_key():
    incomplete = {key: value for key, value in TASK.items() if key != "metric"}
    with pytest.raises(DataError, match=r"Report\.tasks .*record 1 without metric"):
        Report(tasks=[TASK, incomplete])


def test_keys_beyond_the_asked_ones_are_kept():
    report = Report(tasks=[TASK | {"role": "main"}])
    assert Report.from_json(report.to_json()).tasks[0]["role"] == "main"


def test_a_value_that_json_cannot_hold_is_refused_with_its_place():
    with pytest.raises(DataError, match=r"Found set at recipe\['versions'\]"):
        Report(recipe={"versions": {1, 2}})


def test_a_key_that_is_not_text_is_refused():
    with pytest.raises(DataError, match=r"keys of a report are text\. Found 3 at recipe"):
        Report(recipe={3: "x"})


@pytest.mark.parametrize("text", ["", "{", "[1]", "{}", '{"polytask_report": 99}', "null"])
def test_text_that_is_no_report_is_refused(text):
    with pytest.raises(DataError, match="report"):
        Report.from_json(text)


@pytest.mark.parametrize("ending", ["html", "json", "md", "txt"])
def test_a_report_is_saved_in_the_form_of_its_ending(tmp_path, ending):
    path = tmp_path / f"exams.{ending}"
    example().save(path)
    texts = {"html": "<!doctype html>", "json": '{"polytask_report"', "md": "## Yes", "txt": "YES"}
    assert path.read_text(encoding="utf-8").startswith(texts[ending])


def test_a_saved_report_is_read_back(tmp_path):
    report = example(splits=3)
    report.save(tmp_path / "exams.json")
    assert Report.from_json((tmp_path / "exams.json").read_text()) == report


def test_an_ending_without_a_form_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(DataError, match=r"Found 'exams\.pdf'"):
        Report().save(tmp_path / "exams.pdf")
    assert list(tmp_path.iterdir()) == []


def test_the_short_form_counts_models_tasks_and_splits():
    assert repr(example(splits=4)) == "<Report: 6 models, 8 tasks, 4 splits>"


def test_printing_a_report_prints_its_verdict():
    assert str(example()).startswith("YES:")
