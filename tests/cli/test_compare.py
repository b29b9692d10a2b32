"""`polytask compare`."""

import json

import pytest

from polytask import report
from polytask.errors import ParameterError
from polytask.report import Report

WIDE = ("exams.csv", "--targets", "maths", "physics", "--drop", "pupil", "passed")
FAST = ("--folds", "2", "--inner", "0")
TWO = ("--models", "Independent()", "Pooled()")


def test_a_table_is_compared_printed_and_written(table, polytask, tmp_path):
    said = polytask("compare", *WIDE, *TWO, "--folds", "2", "--report", "a.json", "a.md", "a.txt")
    assert said.status == 0
    assert "Pooled()" in said.out
    assert "inputs: age, hours, eye*" in said.err
    assert "labels: maths (regression), physics (regression)" in said.err
    assert "splits: 2 folds" in said.err
    found = Report.from_json((tmp_path / "a.json").read_text())
    assert [row["name"] for row in found.models] == ["Independent()", "Pooled()"]
    assert found.recipe["command"].startswith("polytask compare exams.csv --targets maths physics")
    assert found.recipe["data"]["name"] == "exams.csv"
    assert (tmp_path / "a.txt").read_text().strip() == said.out.strip()
    assert "Pooled()" in (tmp_path / "a.md").read_text()


def test_quiet_prints_the_result_only(table, polytask):
    said = polytask("compare", *WIDE, *TWO, *FAST, "--quiet")
    assert said.status == 0
    assert said.err == ""
    assert "Pooled()" in said.out


def test_long_form_is_the_same_table_as_wide_form(exams, table, polytask, tmp_path):
    keep = ["pupil", "age", "hours", "eye"]
    long = exams.melt(keep, ["maths", "physics"], "exam", "score")
    long.to_csv(tmp_path / "long.csv", index=False)
    form = ("--targets", "score", "--by", "exam", "--row", "pupil")
    polytask("compare", "long.csv", *form, *TWO, *FAST, "--report", "long.json")
    polytask("compare", *WIDE, *TWO, *FAST, "--report", "wide.json")
    one, two = (json.loads((tmp_path / f"{name}.json").read_text()) for name in ("long", "wide"))
    assert one["scores"] == two["scores"]
    assert one["recipe"]["data"]["checksum"] == two["recipe"]["data"]["checksum"]


def test_without_models_six_are_compared_with_independent_ones(table, polytask, tmp_path):
    said = polytask("compare", *WIDE, *FAST, "--report", "a.json")
    found = json.loads((tmp_path / "a.json").read_text())
    assert len(found["models"]) == 6
    assert {row["status"] for row in found["models"]} == {"ok"}, said.out
    assert {row["baseline"] for row in found["models"]} == {None, "independent"}


def test_mixed_kinds_are_compared_without_the_model_for_one_kind(table, polytask, tmp_path):
    words = ("exams.csv", "--targets", "maths", "passed", "--drop", "pupil", "physics")
    polytask("compare", *words, *FAST, "--report", "a.json")
    found = json.loads((tmp_path / "a.json").read_text())
    assert {row["status"] for row in found["models"]} == {"ok"}
    assert "pooled" not in [row["name"] for row in found["models"]]
    assert [row["kind"] for row in found["tasks"]] == ["regression", "binary"]


def test_a_name_as_baseline_is_the_model_of_that_name(table, polytask, tmp_path):
    words = ("--models", "ridge", "l21", "--baseline", "independent", "--report", "a.json")
    polytask("compare", *WIDE, *FAST, *words)
    found = json.loads((tmp_path / "a.json").read_text())
    assert {row["name"]: row["baseline"] for row in found["models"]} == {
        "independent": None,
        "l21": "independent",
    }


def test_gaps_in_inputs_are_filled_where_it_is_asked_for(exams, polytask, tmp_path):
    exams.loc[5, "age"] = None
    exams.to_csv(tmp_path / "exams.csv", index=False)
    assert polytask("compare", *WIDE, *TWO, *FAST).status == 2
    assert polytask("compare", *WIDE, *TWO, *FAST, "--impute", "median").status == 0


def test_an_interrupted_comparison_goes_on_where_it_stopped(table, polytask, tmp_path, monkeypatch):
    words = ("compare", *WIDE, *TWO, *FAST, "--out", "kept")
    polytask(*words, "--report", "whole.json")
    for path in sorted((tmp_path / "kept").iterdir())[:2]:
        path.unlink()
    polytask(*words, "--report", "again.json")
    one, two = (json.loads((tmp_path / f"{name}.json").read_text()) for name in ("whole", "again"))
    assert one["scores"] == two["scores"]
    assert one["gains"] == two["gains"]


@pytest.fixture
def asked(monkeypatch):
    """What `report.compare` was asked for; nothing is fitted."""
    found = {}

    def compare(data, models, **options):
        found.update(options, data=data, models=models)
        return Report()

    monkeypatch.setattr(report, "compare", compare)
    return found


def test_every_word_reaches_the_comparison(table, polytask, asked):
    words = ("--folds", "4", "--repeats", "2", "--inner", "3", "--select", "1se", "--seed", "7")
    more = ("--metric", "rmse", "--n-jobs", "2", "--minutes", "1.5", "--out", "kept")
    rest = ("--curve", "0.5", "--split-by", "row", "--class-weight", "balanced")
    said = polytask("compare", *WIDE, *TWO, *words, *more, *rest, "--group", "eye")
    assert said.status == 0
    assert {key: asked[key] for key in ("folds", "repeats", "inner", "select", "seed")} == {
        "folds": 4,
        "repeats": 2,
        "inner": 3,
        "select": "1se",
        "seed": 7,
    }
    assert (asked["metric"], asked["n_jobs"], asked["minutes"]) == ("rmse", 2, 1.5)
    assert (asked["out"], asked["curve"], asked["by"]) == ("kept", [0.5], "row")
    assert asked["class_weight"] == "balanced"
    assert asked["splits"] is None
    assert asked["data"].groups is not None


def test_a_column_of_times_orders_the_rows(table, polytask, asked):
    polytask("compare", *WIDE[:-2], "passed", *TWO, "--time", "pupil")
    assert asked["by"] == "time"
    assert asked["data"].time.tolist() == list(range(60))


def test_a_data_set_is_taken_by_name_with_its_official_splits(polytask, asked):
    said = polytask("compare", "digits", *TWO)
    assert said.status == 0
    assert len(asked["splits"]) == 10
    assert asked["data"].n_tasks == 10
    assert "10 splits of the data set" in said.err


@pytest.mark.parametrize(
    ("words", "n"),
    [(("--folds", "3"), None), (("--splits", "folds"), None), (("--repeats", "2"), 2)],
)
def test_other_splits_can_be_asked_for(words, n, polytask, asked):
    polytask("compare", "digits", *TWO, *words)
    assert (asked["splits"] and len(asked["splits"])) == n


def test_a_data_set_can_be_written_with_its_options_and_cut_to_some_tasks(polytask, asked):
    polytask("compare", "Digits(labels_per_task=40)", "--targets", "digit 3", "digit 8", *TWO)
    assert asked["data"].names == ("digit 3", "digit 8")
    assert asked["data"].n_labels.tolist() == [40, 40]


def test_official_splits_of_a_file_are_refused(table, polytask, asked):
    said = polytask("compare", *WIDE, *TWO, "--splits", "official")
    assert said.status == 2
    assert "Use folds" in said.err


def test_a_model_that_fails_is_reported_and_stops_nothing(table, polytask, tmp_path):
    words = ("--models", "Independent(Ridge(alpha=-1.0))", "Pooled()", "--report", "a.json")
    said = polytask("compare", *WIDE, *FAST, *words)
    assert said.status == 0
    found = json.loads((tmp_path / "a.json").read_text())
    assert [row["status"] for row in found["models"]][:2] == ["failed", "ok"]


def test_a_page_that_cannot_be_made_is_said_before_the_work(table, polytask, monkeypatch):
    monkeypatch.setattr(report, "compare", lambda *a, **o: pytest.fail("it was compared"))
    assert polytask("compare", *WIDE, *TWO, "--report", "a.pdf").status == 2
    assert polytask("compare", *WIDE, *TWO, "--report", "nowhere/a.json").status == 2


def test_an_error_of_the_comparison_is_one_line(table, polytask, monkeypatch):
    def compare(*args, **options):
        raise ParameterError("Unknown metric.")

    monkeypatch.setattr(report, "compare", compare)
    said = polytask("compare", *WIDE, *TWO, "--quiet")
    assert (said.status, said.err) == (2, "polytask compare: Unknown metric.\n")
