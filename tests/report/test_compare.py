"""The main job on small tables: every number of the report is worked out a second time."""

import joblib
import numpy as np
import pandas as pd
import pytest
from report.small import Broken, Shrunk, classed, related
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge

from polytask import Independent, Pooled, Tasks, report
from polytask.errors import DataError, ParameterError
from polytask.report import Report, corrected_interval, holm

MODELS = {"shrunk": Shrunk(), "pooled": Pooled(LinearRegression())}


def compare(data=None, models=None, **options):
    options = {"folds": 4, "inner": 3} | options
    return report.compare(data or related(), models or MODELS, **options)


def score(found, model, task, metric="rmse"):
    rows = [r for r in found.scores if (r["model"], r["task"]) == (model, task)]
    values = {r["split"]: r["value"] for r in rows if r["metric"] == metric}
    return np.array([values[split] for split in sorted(values)])


def numbers(found):
    """Everything in a report but what the clock and the machine say."""
    kept = found.to_dict()
    models = [m | {"seconds": 0} for m in kept.pop("models")]
    recipe = {k: v for k, v in kept.pop("recipe").items() if k not in ("started", "seconds")}
    return models, recipe, kept


# -- tables -----------------------------------------------------------------------------------


def test_the_report_survives_its_json_form():
    found = compare(curve=[0.5])
    assert Report.from_json(found.to_json()) == found
    assert found.curves and found.paths and found.relations == {} and found.features


def test_a_score_is_what_fitting_and_scoring_by_hand_gives():
    data = related()
    found = compare(data, {"plain": Independent(LinearRegression())}, by="row", inner=None)
    for split, (train, test) in enumerate(data.folds(4, seed=0, by="row")):
        model = Independent(LinearRegression()).fit(data.take(train))
        by_hand = report.evaluate(model, data.take(test))
        for row in (r for r in found.scores if r["split"] == split):
            assert row["value"] == by_hand[row["task"], row["metric"]]
            assert row["n"] == data.take(test)[row["task"]].n


def test_gains_are_paired_differences_and_positive_is_better():
    found = compare()
    assert {row["metric"] for row in found.gains} == {"rmse"}
    for model in ("shrunk", "pooled"):
        rows = [row for row in found.gains if row["model"] == model]
        for row in rows:
            base = score(found, row["baseline"], row["task"])
            difference = base - score(found, model, row["task"])
            assert row["difference"] == pytest.approx(difference.mean())
            assert row["gain"] == pytest.approx(difference.mean() / base.mean())
            assert row["n_splits"] == 4
        assert [row["p_holm"] for row in rows] == holm([row["p"] for row in rows])


def test_the_relative_gain_of_r2_is_the_share_of_what_was_unexplained():
    found = compare(metric="r2")
    row = next(row for row in found.gains if row["model"] == "pooled")
    base = score(found, row["baseline"], row["task"], "r2").mean()
    mine = score(found, "pooled", row["task"], "r2").mean()
    assert row["gain"] == pytest.approx((mine - base) / (1 - base))


def test_the_interval_of_a_gain_is_corrected_by_the_labels_of_its_task():
    data = related()
    found = compare(data, by="row")
    folds = data.folds(4, seed=0, by="row")
    row = next(row for row in found.gains if row["model"] == "pooled")
    counts = [[data.take(part)[row["task"]].n for part in fold] for fold in folds]
    share = [test / train for train, test in counts]
    base = score(found, row["baseline"], row["task"])
    judge = corrected_interval(base - score(found, "pooled", row["task"]), share)
    assert (row["low"], row["high"], row["p"]) == (judge.low, judge.high, judge.p)


def test_the_summary_adds_up():
    found = compare()
    for summary in found.summary:
        rows = [row for row in found.gains if row["model"] == summary["model"]]
        assert summary["mean_relative_gain"] == pytest.approx(np.mean([r["gain"] for r in rows]))
        assert summary["worst_gain"] == min(r["gain"] for r in rows)
        assert summary["negative_share"] == np.mean([r["difference"] < 0 for r in rows])
        counts = [summary[key] for key in ("n_gains", "n_loses", "n_undecided")]
        assert sum(counts) == len(rows)
        assert summary["low"] < summary["mean_relative_gain"] < summary["high"]


def test_the_best_line_is_chosen_inside_and_scored_outside():
    found = compare()
    headline = {
        (r["model"], r["split"]): r["value"] for r in found.overall if r["metric"] == "mean_rmse"
    }
    chosen = found.best["chosen"]
    expected = np.mean([headline[name, split] for split, name in enumerate(chosen)])
    assert found.best["score"] == pytest.approx(expected)
    for split, name in enumerate(chosen):
        inner = {}
        for row in (r for r in found.paths if r["split"] == split and r["chosen"]):
            inner[row["model"]] = row["mean"]
        assert name not in inner or name == min(inner, key=inner.get)


def test_without_inner_folds_models_are_as_written_and_there_is_no_best_line():
    found = compare(inner=None)
    assert found.best is None
    assert found.paths == []
    one = compare(models={"one": Shrunk(alpha=1.0)}, inner=None)
    other = compare(models={"one": Shrunk(alpha=50.0)}, inner=None)
    assert not np.array_equal(score(one, "one", "task 0"), score(other, "one", "task 0"))


def test_labels_and_provenance_say_what_was_used():
    data = related()
    found = compare(data, command="polytask compare x.csv", name="x")
    assert found.recipe["data"]["checksum"] == data.checksum()
    assert found.recipe["command"] == "polytask compare x.csv"
    assert {"python", "polytask", "numpy"} <= set(found.recipe["versions"])
    for row in found.labels:
        assert row["train"] + row["test"] == pytest.approx(data[row["task"]].n)


def test_the_curve_has_a_point_per_share_and_model():
    found = compare(curve=[0.25, 0.5, 1])
    points = {(r["model"], r["fraction"]): r for r in found.curves}
    assert len(points) == 3 * len(found.models)
    whole = [
        r["value"] for r in found.overall if (r["model"], r["metric"]) == ("pooled", "mean_rmse")
    ]
    assert points["pooled", 1.0]["mean"] == pytest.approx(np.mean(whole))
    assert points["pooled", 0.25]["mean"] > points["pooled", 1.0]["mean"]
    assert {r["split"] for r in found.scores} == {0, 1, 2, 3}


# -- baselines --------------------------------------------------------------------------------


def test_the_baseline_is_the_same_method_alone_and_is_tuned_too():
    found = compare()
    lines = {row["name"]: row for row in found.models}
    alone = lines["shrunk"]["baseline"]
    assert lines[alone]["text"] == "Shrunk(pull=0.0)"
    assert lines["pooled"]["baseline"] == "Independent(estimator=LinearRegression())"
    assert {row["model"] for row in found.paths} == {"shrunk", alone}


def test_a_baseline_that_is_asked_for_or_shared_runs_once():
    models = {"own": Independent(), "a": Pooled(), "b": Pooled(task_as_category=False)}
    found = compare(models=models)
    assert [row["name"] for row in found.models] == ["own", "a", "b"]
    assert [row["baseline"] for row in found.models] == [None, "own", "own"]


def test_one_baseline_can_be_named_for_all():
    found = compare(baseline="pooled")
    assert {(r["model"], r["baseline"]) for r in found.summary} == {("shrunk", "pooled")}
    found = compare(baseline=Independent(Ridge(5.0)))
    assert {r["baseline"] for r in found.summary} == {"Independent(estimator=Ridge(alpha=5.0))"}


# -- choosing -----------------------------------------------------------------------------------


def test_test_labels_change_no_choice():
    data, rows = related(), np.arange(80)
    splits = [(rows[:60], rows[60:])]
    Y = data.Y.copy()
    Y[60:] = Y[60:][::-1] * 3
    other = Tasks.from_arrays(data.X, Y, names=data.names)
    one, two = (compare(table, splits=splits) for table in (data, other))
    assert one.paths == two.paths
    assert one.best["chosen"] == two.best["chosen"]
    assert one.scores != two.scores


def test_one_standard_error_is_never_less_simple():
    def chosen(found):
        rows = [r["chosen"] for r in found.paths if r["model"] == "shrunk"]
        return np.reshape(rows, (-1, 4)).argmax(axis=1)

    least, simplest = chosen(compare(select="min")), chosen(compare(select="1se"))
    assert np.all(simplest <= least)
    assert np.any(simplest < least)


def test_a_threshold_comes_from_the_training_part():
    data, rows = classed(), np.arange(120)
    splits = [(rows[:90], rows[90:])]
    Y = data.Y.copy()
    Y[90:] = 1 - Y[90:]
    flipped = Tasks.from_arrays(data.X, Y, names=data.names, kinds="binary")
    models = {"m": Independent(LogisticRegression(C=0.01))}

    def notes(table):
        rows = compare(table, models, splits=splits).scores
        return [r["note"] for r in rows if r["metric"] == "accuracy"]

    assert notes(data) == notes(flipped)
    assert any(note != "threshold 0.5" for note in notes(data))


# -- what goes wrong ----------------------------------------------------------------------------


def test_a_model_that_fails_is_reported_and_the_others_go_on():
    found = compare(models=MODELS | {"broken": Broken()})
    broken = next(row for row in found.models if row["name"] == "broken")
    assert broken["status"] == "failed"
    assert broken["error"] == "split 0: LinAlgError: no decomposition (and on 3 more)"
    assert {r["model"] for r in found.summary} == {"shrunk", "pooled"}
    assert numbers(found)[2]["gains"] == numbers(compare())[2]["gains"]


def test_one_class_in_the_test_part_is_undefined_and_named_and_the_rest_goes_on():
    data = classed(n=80)
    zeros, ones = np.flatnonzero(data["class 0"].y == 0), np.flatnonzero(data["class 0"].y == 1)
    test = zeros[:15]
    train = np.r_[zeros[15:], ones]
    found = compare(
        data, {"m": Pooled()}, splits=[(train, test), (np.arange(20, 80), np.arange(20))]
    )
    named = {(r["task"], r["split"]): r["reason"] for r in found.undefined}
    assert "auc: one class only" in named["class 0", 0]
    values = {(r["task"], r["split"]): r["value"] for r in found.scores if r["metric"] == "auc"}
    assert values["class 0", 0] is None
    assert values["class 0", 1] > 0.5
    gain = next(r for r in found.gains if r["task"] == "class 0")
    assert gain["n_splits"] == 1 and gain["low"] is None and gain["verdict"] == "cannot tell"


def test_one_class_in_the_training_part_takes_the_task_out_of_that_split():
    data = classed(n=80)
    ones = np.flatnonzero(data["class 0"].y == 1)
    train = np.setdiff1d(np.arange(80), ones)
    found = compare(data, {"m": Pooled()}, splits=[(train, ones)], inner=None)
    reasons = {r["task"]: r["reason"] for r in found.undefined}
    assert reasons["class 0"] == "one class only in the training part"
    assert {r["task"] for r in found.scores} == {"class 1"}


def test_a_task_without_test_labels_is_named_and_not_scored():
    data = related(gaps=0)
    Y = data.Y.copy()
    Y[60:, 0] = np.nan
    data = Tasks.from_arrays(data.X, Y, names=data.names)
    found = compare(data, splits=[(np.arange(60), np.arange(60, 80))])
    assert {r["task"]: r["reason"] for r in found.undefined} == {
        "task 0": "no label in the test part"
    }
    assert {r["task"] for r in found.gains} == {"task 1", "task 2"}


def test_a_metric_that_judges_nothing_here_names_those_that_do():
    with pytest.raises(ParameterError, match="judges no task of this table: its tasks are binary"):
        compare(classed(), {"m": Pooled()}, metric="explained_variance_within_task")
    with pytest.raises(ParameterError, match="Unknown metric 'luck'"):
        compare(metric="luck")


def test_a_call_that_cannot_work_is_refused_before_any_work():
    with pytest.raises(DataError, match=r"compare needs a Tasks\. Found DataFrame"):
        report.compare(pd.DataFrame({"a": [1]}), MODELS)
    with pytest.raises(ParameterError, match="Wrap a scikit-learn estimator"):
        compare(models={"ridge": Ridge()})
    with pytest.raises(ParameterError, match="select is"):
        compare(select="max")
    with pytest.raises(ParameterError, match="compare needs a model or more"):
        report.compare(related(), {})


def test_warnings_of_a_fit_are_lines_of_the_report():
    model = Independent(LogisticRegression(max_iter=1))
    found = compare(classed(), {"m": model})
    row = next(row for row in found.models if row["name"] == "m")
    assert any("ConvergenceWarning" in line for line in row["warnings"])


# -- workers, budget, seeds ---------------------------------------------------------------------


def test_the_number_of_workers_changes_no_number():
    serial = compare(n_jobs=1)
    assert numbers(compare(n_jobs=2)) == numbers(serial)
    with joblib.parallel_config(backend="threading", n_jobs=2):
        threads = numbers(compare())
    assert threads == numbers(serial)


def test_an_engine_that_hands_over_all_results_at_once_gives_the_same(monkeypatch):
    asked = []

    class Whole(joblib.Parallel):
        def __init__(self, n_jobs=None, return_as="list"):
            asked.append(return_as)
            if return_as != "list":
                raise ValueError("this engine does not support return_as")
            super().__init__(n_jobs=n_jobs)

    serial = numbers(compare())
    monkeypatch.setattr("polytask.report.parallel.Parallel", Whole)
    steps = []
    with joblib.parallel_config(backend="threading", n_jobs=2):
        assert numbers(compare(progress=steps.append)) == serial
    assert asked == ["generator_unordered", "list"]
    assert len(steps) == 16


def test_a_budget_lists_what_was_not_tried(monkeypatch):
    ticks = iter(range(10**6))
    monkeypatch.setattr("polytask.report.budget.time.time", lambda: float(next(ticks)))
    found = compare(minutes=0.5)
    assert 0 < len(found.not_tried) < 16
    assert all(" on split " in line for line in found.not_tried)
    assert {r["split"] for r in found.scores} != {0, 1, 2, 3}
    nothing = compare(minutes=1e-6)
    assert len(nothing.not_tried) == 16
    assert {row["status"] for row in nothing.models} == {"not tried"}
    assert nothing.best is None


def test_progress_counts_every_piece_and_says_what_is_left():
    steps = []
    compare(progress=steps.append)
    assert [step.done for step in steps] == list(range(1, 17))
    assert {step.total for step in steps} == {16}
    assert steps[-1].left == 0
    assert {step.status for step in steps} == {"ok"}


def test_open_seeds_are_set_so_that_a_run_can_be_repeated():
    models = {"forest": Independent(RandomForestRegressor(n_estimators=3))}
    one, two = (compare(models=models, inner=None) for _ in range(2))
    assert numbers(one) == numbers(two)
    assert "random_state=0" in one.models[0]["text"]


# -- real tables ----------------------------------------------------------------------------------


@pytest.fixture
def table():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"age": rng.normal(size=60), "eye": rng.choice(["blue", "grey"], 60)})
    frame["maths"] = frame["age"] + (frame["eye"] == "blue") + 0.1 * rng.normal(size=60)
    frame["music"] = frame["age"] + 0.1 * rng.normal(size=60)
    frame.loc[::7, "age"] = np.nan
    return Tasks.from_frame(frame, ["maths", "music"], gaps="keep", verbose=False)


def test_gaps_in_inputs_are_refused_by_name_or_filled_from_training_rows(table):
    found = compare(table, {"m": Independent()})
    assert "impute='median'" in found.models[0]["error"]
    assert "'age'" in found.models[0]["error"]
    filled = compare(table, {"m": Independent()}, impute="median")
    assert filled.models[0]["status"] == "ok"


def test_a_category_is_a_column_per_level_of_the_training_rows(table):
    filled = compare(table, {"m": Independent()}, impute="median")
    r2 = score(filled, "m", "maths", "r2").mean()
    assert r2 > 0.3
    refused = compare(table, {"m": Independent()}, impute="median", categories="refuse")
    assert "Input column 'eye' is text" in refused.models[0]["error"]


def test_balanced_class_weights_are_those_of_scikit_learn():
    data = classed()
    options = {"by": "row", "inner": None}
    here = compare(
        data, {"m": Independent(LogisticRegression())}, class_weight="balanced", **options
    )
    there = compare(
        data, {"m": Independent(LogisticRegression(class_weight="balanced"))}, **options
    )
    for task in data.names:
        # the solver stops at 1e-4, from weights that differ in rounding
        one, other = (score(found, "m", task, "log_loss") for found in (here, there))
        assert one == pytest.approx(other, rel=1e-3)


def test_a_weight_of_two_is_a_row_twice_in_fit_and_score():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(40, 2)), rng.normal(size=40)
    times = rng.integers(1, 3, size=40)
    weighted = Tasks.from_arrays(X, y, weight=times.astype(float))
    repeated = Tasks.from_arrays(np.repeat(X, times, axis=0), np.repeat(y, times))
    side = np.arange(40) < 30
    models = {"m": Independent(LinearRegression())}
    one = compare(weighted, models, splits=[(side, ~side)], inner=None)
    two = np.repeat(side, times)
    two = compare(repeated, models, splits=[(two, ~two)], inner=None)
    assert score(one, "m", "y0") == pytest.approx(score(two, "m", "y0"))


def test_kinds_may_be_mixed_and_every_task_has_its_own_metric():
    data = related(n=120, gaps=0).add(*classed(n=120))
    found = compare(data, {"m": Independent()}, baseline=Pooled(task_as_category=False))
    by_task = {row["name"]: row["metric"] for row in found.tasks}
    assert by_task["task 0"] == "rmse" and by_task["class 0"] == "auc"
    assert found.recipe["metric"] == "mean_error"


def test_a_metric_over_all_tasks_headlines_and_chooses():
    found = compare(metric="explained_variance_within_task")
    assert found.recipe["metric"] == "explained_variance_within_task"
    assert {r["metric"] for r in found.paths} == {"explained_variance_within_task"}
    headline = [
        r["value"]
        for r in found.overall
        if (r["metric"], r["model"]) == ("explained_variance_within_task", found.best["chosen"][0])
    ]
    assert 0 < min(headline) <= 1
