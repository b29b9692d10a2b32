"""`polytask fit` and `polytask predict`."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from polytask import Tasks, persist
from polytask.linear import L21, LinearModel
from polytask.prepared import Prepared

WIDE = ("exams.csv", "--targets", "maths", "physics", "--drop", "pupil", "passed")


@pytest.fixture
def fitted(table, polytask, tmp_path):
    said = polytask("fit", *WIDE, "--model", "Independent()", "--out", "exams.model", "--quiet")
    assert said.status == 0, said.err
    return tmp_path / "exams.model"


def read(said):
    from io import StringIO

    return pd.read_csv(StringIO(said.out))


def test_what_is_fitted_is_what_python_fits(exams, table, polytask, tmp_path):
    said = polytask(
        "fit", *WIDE, "--model", "LinearModel(L21(0.1))", "--inner", "0", "--out", "a.model"
    )
    assert said.status == 0
    assert "LinearModel(penalty=L21(alpha=0.1))" in said.out
    frame = exams.drop(columns=["pupil", "passed"])
    data = Tasks.from_frame(frame, ["maths", "physics"], verbose=False)
    model = Prepared(LinearModel(L21(0.1))).fit(data)
    found = read(polytask("predict", "a.model", "exams.csv"))
    assert list(found.columns) == ["maths", "physics"]
    assert np.array_equal(found.to_numpy(), model.predict(exams))


def test_the_strength_is_chosen_by_inner_cross_validation_and_said(table, polytask, tmp_path):
    said = polytask("fit", *WIDE, "--model", "l21", "--out", "a.model")
    assert said.status == 0
    assert "chosen by inner cross-validation: model__penalty=L21(alpha=" in said.err
    assert persist.load(tmp_path / "a.model").model.penalty.alpha != L21().alpha


def test_the_choice_is_the_candidate_with_the_smallest_mean_error_over_the_inner_folds(
    exams, polytask, tmp_path
):
    exams[["age", "hours", "maths", "physics"]].to_csv(tmp_path / "exams.csv", index=False)
    words = ("exams.csv", "--targets", "maths", "physics", "--model", "l21", "--seed", "4")
    polytask("fit", *words, "--out", "a.model")
    frame = pd.read_csv(tmp_path / "exams.csv")
    data = Tasks.from_frame(frame, ["maths", "physics"], verbose=False)
    model = LinearModel(L21(), scale=True)
    grid = model.grid(data)
    errors = np.zeros(len(grid))
    for train, test in data.folds(5, seed=4):
        here, there = data.take(train), data.take(test)
        for k, params in enumerate(grid):
            fitted = clone(model).set_params(**params).fit(here)
            for name, output in fitted.predict_each(there).items():
                missed = np.mean((there[name].y - output) ** 2) / np.var(here[name].y)
                errors[k] += missed
    assert persist.load(tmp_path / "a.model").model.penalty == grid[np.argmin(errors)]["penalty"]


def test_columns_are_matched_by_name_in_any_order(fitted, exams, polytask, tmp_path):
    exams[["eye", "hours", "age"]].to_csv(tmp_path / "new.csv", index=False)
    one = read(polytask("predict", "exams.model", "new.csv"))
    two = read(polytask("predict", "exams.model", "exams.csv"))
    assert one.equals(two)


def test_columns_that_are_not_used_are_named(fitted, polytask):
    said = polytask("predict", "exams.model", "exams.csv")
    assert said.err == "not used: pupil, maths, physics, passed\n"
    assert polytask("predict", "exams.model", "exams.csv", "--quiet").err == ""


def test_missing_columns_are_named(fitted, exams, polytask, tmp_path):
    exams[["age", "eye"]].to_csv(tmp_path / "new.csv", index=False)
    said = polytask("predict", "exams.model", "new.csv", "--out", "answers.csv")
    assert said.status == 2
    assert "Missing: hours." in said.err
    assert not (tmp_path / "answers.csv").exists()


def test_a_gap_in_the_inputs_is_refused_by_column(fitted, exams, polytask, tmp_path):
    exams.loc[2, "hours"] = None
    exams.to_csv(tmp_path / "new.csv", index=False)
    said = polytask("predict", "exams.model", "new.csv")
    assert said.status == 2
    assert "'hours' has 1 gaps" in said.err


def test_gaps_are_filled_with_the_medians_of_the_training_rows(exams, polytask, tmp_path):
    exams.loc[2, "hours"] = None
    exams.to_csv(tmp_path / "exams.csv", index=False)
    words = ("--model", "Independent()", "--impute", "median", "--out", "a.model")
    polytask("fit", *WIDE, *words)
    filled = exams.fillna({"hours": exams["hours"].median()})
    filled.to_csv(tmp_path / "filled.csv", index=False)
    one = read(polytask("predict", "a.model", "exams.csv"))
    two = read(polytask("predict", "a.model", "filled.csv"))
    assert one.equals(two)


def test_a_level_that_was_never_seen_is_no_error(fitted, exams, polytask, tmp_path):
    exams["eye"] = "violet"
    exams.to_csv(tmp_path / "new.csv", index=False)
    assert len(read(polytask("predict", "exams.model", "new.csv"))) == 60


def test_answers_are_written_with_the_key_of_the_row(fitted, polytask, tmp_path):
    said = polytask("predict", "exams.model", "exams.csv", "--row", "pupil", "--out", "answers.csv")
    assert (said.status, said.out) == (0, "")
    found = pd.read_csv(tmp_path / "answers.csv")
    assert list(found.columns) == ["pupil", "maths", "physics"]
    assert found["pupil"].tolist() == list(range(60))


def test_classes_are_written_as_labels_or_as_probabilities(exams, polytask, tmp_path):
    exams["passed"] = np.where(exams["passed"], "yes", "no")
    exams.to_csv(tmp_path / "exams.csv", index=False)
    words = ("--targets", "passed", "eye", "--drop", "pupil", "maths", "physics")
    polytask("fit", "exams.csv", *words, "--model", "Independent()", "--out", "a.model")
    labels = read(polytask("predict", "a.model", "exams.csv"))
    assert set(labels["passed"]) == {"yes", "no"}
    found = read(polytask("predict", "a.model", "exams.csv", "--probabilities"))
    names = ["passed=no", "passed=yes", "eye=blue", "eye=green", "eye=grey"]
    assert list(found.columns) == names
    assert np.allclose(found[names[:2]].sum(axis=1), 1)
    assert np.allclose(found[names[2:]].sum(axis=1), 1)
    assert np.array_equal(found["passed=yes"] > 0.5, labels["passed"] == "yes")


def test_probabilities_of_numbers_are_refused(fitted, polytask):
    said = polytask("predict", "exams.model", "exams.csv", "--probabilities")
    assert said.status == 2
    assert "maths" in said.err


@pytest.fixture
def long(exams, tmp_path):
    """The exams with a line per pupil and exam."""
    frame = exams.melt(["age", "hours"], ["maths", "physics"], "exam", "score").dropna()
    frame.to_csv(tmp_path / "long.csv", index=False)
    return frame


def test_a_long_table_is_fitted_and_answered_line_by_line(long, exams, polytask, tmp_path):
    words = ("long.csv", "--targets", "score", "--by", "exam")
    assert polytask("fit", *words, "--model", "Independent()", "--out", "a.model").status == 0
    found = read(polytask("predict", "a.model", "long.csv"))
    assert list(found.columns) == ["exam", "prediction"]
    assert found["exam"].tolist() == long["exam"].tolist()
    model = persist.load(tmp_path / "a.model")
    assert np.array_equal(found["prediction"], model.predict(long[["age", "hours", "exam"]]))
    maths = long["exam"] == "maths"
    alone = model.model_.estimators_["maths"].predict(long.loc[maths, ["age", "hours"]].to_numpy())
    assert np.allclose(found.loc[maths.to_numpy(), "prediction"], alone, rtol=1e-12)


def test_an_unknown_task_is_refused_with_the_choices(long, polytask, tmp_path):
    words = ("long.csv", "--targets", "score", "--by", "exam")
    polytask("fit", *words, "--model", "Independent()", "--out", "a.model")
    long.replace({"exam": {"maths": "latin"}}).to_csv(tmp_path / "new.csv", index=False)
    said = polytask("predict", "a.model", "new.csv", "--out", "answers.csv")
    assert said.status == 2
    assert "latin" in said.err
    assert "maths" in said.err
    assert not (tmp_path / "answers.csv").exists()


def test_a_model_of_a_data_set_answers_a_table_with_its_columns(polytask, tmp_path):
    from sklearn.datasets import load_linnerud

    frame = load_linnerud(as_frame=True).data
    polytask("fit", "linnerud", "--model", "Independent()", "--out", "a.model")
    model = persist.load(tmp_path / "a.model")
    names = [str(name) for name in getattr(model, "feature_names_in_", frame.columns)]
    frame.columns = names
    frame.to_csv(tmp_path / "new.csv", index=False)
    found = read(polytask("predict", "a.model", "new.csv"))
    assert np.allclose(found.to_numpy(), model.predict(frame), rtol=1e-12)
    frame.iloc[3, 0] = None
    frame.to_csv(tmp_path / "new.csv", index=False)
    assert polytask("predict", "a.model", "new.csv").status == 2


def test_a_file_that_is_no_model_is_refused(table, polytask):
    said = polytask("predict", "exams.csv", "exams.csv")
    assert said.status == 2
    assert "model file" in said.err


def test_the_folder_of_the_model_file_is_judged_before_the_work(table, polytask):
    said = polytask("fit", *WIDE, "--model", "l21", "--out", "nowhere/a.model")
    assert said.status == 2
    assert "nowhere" in said.err
