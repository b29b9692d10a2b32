"""What every model obeys, whatever wing it is from."""

import pickle

import numpy as np
import pandas as pd
import polars as pl
import pytest
from laws.members import classifiers, label, models, regressors
from sklearn.base import clone

from polytask import Tasks
from polytask.errors import DataError, PolytaskError, TaskError, UnsupportedError

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

every = pytest.mark.parametrize("model", models(), ids=label)
numbers = pytest.mark.parametrize("model", regressors(), ids=label)
sorts = pytest.mark.parametrize("model", classifiers(), ids=label)


def table(model, seed=0, n=60, d=5, T=3, holes=0.3):
    """Shared inputs, labels with holes that suit the model."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    F = X @ rng.normal(size=(d, T)) + 0.3 * rng.normal(size=(n, T)) + 1
    if getattr(model, "_bare_kind", "") == "class":
        F = (F > 1).astype(float)
    Y = np.where(rng.random((n, T)) < holes, np.nan, F)
    return X, Y


def fitted(model, *data, **options):
    return clone(model).fit(*data, **options)


def tolerance(model):
    """Nets sum in another order when rows are laid out otherwise; the rest is exact algebra."""
    return 1e-3 if type(model).__module__.startswith("polytask.deep") else 1e-8


def outputs(model, X):
    return model.predict_proba(X) if model._bare_kind == "class" else model.predict(X)


@every
def test_wide_arrays_and_tasks_are_the_same_table(model):
    X, Y = table(model)
    a = fitted(model, X, Y)
    b = fitted(model, Tasks.from_arrays(X, Y, kinds=model._bare_kind))
    assert np.array_equal(outputs(a, X), outputs(b, X))


@every
def test_long_form_with_a_row_key_is_the_same_table_to_the_last_bit(model):
    X, Y = table(model, d=3)
    wide = pd.DataFrame(X, columns=["a", "b", "c"]).assign(key=np.arange(len(X)))
    tasks = [f"t{t}" for t in range(Y.shape[1])]
    wide[tasks] = Y
    kind = "class" if model._bare_kind == "class" else "regression"
    long = wide.melt(["a", "b", "c", "key"], tasks, "task", "label").sort_values("key")
    long = long.reset_index(drop=True)
    one = Tasks.from_frame(wide, tasks, row="key", kinds=dict.fromkeys(tasks, kind), verbose=False)
    two = Tasks.from_frame(
        long, ["label"], by="task", row="key", kinds={"label": kind}, verbose=False
    )
    frame = wide[["a", "b", "c"]]
    assert np.array_equal(outputs(fitted(model, one), frame), outputs(fitted(model, two), frame))


@every
def test_a_task_column_and_tasks_as_an_argument_say_the_same(model):
    X, Y = table(model, holes=0)
    names = np.tile(["a", "b", "c"], len(X))[: len(X)]
    y = Y[np.arange(len(X)), np.arange(len(X)) % 3]
    frame = pd.DataFrame(X, columns=list("uvwxy")).assign(task=names)
    by_column = fitted(model.set_params(task_column="task"), frame, y)
    by_argument = fitted(
        model.set_params(task_column=None), frame.drop(columns="task"), y, tasks=names
    )
    assert np.array_equal(
        by_column.predict(frame), by_argument.predict(frame.drop(columns="task"), tasks=names)
    )
    polars = pl.from_pandas(frame)
    assert np.array_equal(
        fitted(model.set_params(task_column="task"), polars, y).predict(polars),
        by_column.predict(frame),
    )
    model.set_params(task_column=None)


@every
def test_moving_or_recoding_the_task_column_changes_nothing(model):
    X, Y = table(model, holes=0)
    code = np.arange(len(X)) % 3
    y = Y[np.arange(len(X)), code]
    front, back = np.column_stack([code, X]), np.column_stack([X, code * 10])
    a = fitted(clone(model).set_params(task_column=0), front, y)
    b = fitted(clone(model).set_params(task_column=-1), back, y)
    assert np.array_equal(a.predict(front), b.predict(back))


def close(model):
    """The model at the end of what rounding allows: forms of rows differ in the last steps."""
    return model.set_params(tol=1e-12) if "tol" in model.get_params() else model


@every
def test_a_weight_of_zero_a_gap_and_an_absent_row_are_the_same(model):
    X, Y = table(model, holes=0)
    gap = Y.copy()
    gap[:7] = np.nan
    weight = np.ones_like(Y)
    weight[:7] = 0
    model = close(model)
    a = outputs(fitted(model, X, gap), X)
    b = outputs(fitted(model, X, Y, sample_weight=weight), X)
    c = outputs(fitted(model, X[7:], Y[7:]), X)
    scale = np.abs(a).max()
    if not type(model).__module__.startswith("polytask.deep"):
        # nets draw their batches by row: rows without a label move the draw
        np.testing.assert_allclose(a, c, atol=1e-6 * scale)
        np.testing.assert_allclose(a, b, atol=1e-6 * scale)
    else:
        np.testing.assert_allclose(a, b, atol=1e-3 * scale)


@numbers
def test_an_integer_weight_is_a_repeated_row(model):
    if type(model).__module__.startswith("polytask.deep"):
        pytest.skip("stochastic gradient steps: a repeated row makes another batch")
    if hasattr(model, "folds"):
        pytest.skip("folds are dealt by row: a repeated row may be on both sides; see its tests")
    if getattr(model, "meta", None) == "cv":
        pytest.skip("folds deal rows: a repeated row may be dealt twice")
    X, Y = table(model, holes=0)
    weight = np.random.default_rng(3).integers(1, 4, len(X))
    a = fitted(model, X, Y, sample_weight=weight).predict(X)
    b = fitted(model, np.repeat(X, weight, 0), np.repeat(Y, weight, 0)).predict(X)
    np.testing.assert_allclose(a, b, atol=2e-5 * np.abs(a).max())


@every
def test_permuting_tasks_permutes_the_answer(model):
    if type(model).__module__.startswith("polytask.deep"):
        pytest.skip("heads start from random numbers drawn in task order; see tests/deep")
    if hasattr(getattr(model, "penalty", None), "order") or getattr(model, "_in_order", False):
        pytest.skip("the order of the tasks is part of the model; by name: see its own tests")
    X, Y = table(model)
    order = [2, 0, 1]
    a, b = outputs(fitted(model, X, Y), X), outputs(fitted(model, X, Y[:, order]), X)
    np.testing.assert_allclose(a[:, order], b, atol=2e-5 * np.abs(a).max())


@every
def test_read_only_float32_and_fortran_inputs_are_taken(model):
    X, Y = table(model)
    base = outputs(fitted(model, X, Y), X)
    frozen, frozen_y = X.copy(), Y.copy()
    frozen.setflags(write=False)
    frozen_y.setflags(write=False)
    assert np.array_equal(outputs(fitted(model, frozen, frozen_y), X), base)
    np.testing.assert_allclose(
        outputs(fitted(model, np.asfortranarray(X), Y), X), base, atol=1e-5 * np.abs(base).max()
    )
    single = outputs(fitted(model, X.astype(np.float32), Y), X.astype(np.float32))
    np.testing.assert_allclose(single, base, atol=5e-3 * np.abs(base).max())


@every
def test_cloning_pickling_and_fitting_again_give_the_same_numbers(model):
    X, Y = table(model)
    first = fitted(model, X, Y)
    again = fitted(model, X, Y)
    loaded = pickle.loads(pickle.dumps(first))
    assert np.array_equal(outputs(first, X), outputs(again, X))
    assert np.array_equal(outputs(first, X), outputs(loaded, X))


@every
def test_fitting_changes_no_slot_and_no_input(model):
    X, Y = table(model)
    before = (label(model), X.copy(), Y.copy())
    fitted_here = clone(model)
    fitted_here.fit(X, Y)
    assert label(fitted_here) == before[0]
    assert np.array_equal(X, before[1]) and np.array_equal(Y, before[2], equal_nan=True)


@every
def test_predict_each_answers_for_the_labelled_rows(model):
    X, Y = table(model)
    data = Tasks.from_arrays(X, Y, kinds=model._bare_kind)
    found = fitted(model, data).predict_each(data)
    for one in data:
        width = () if one.task.kind.classes is None else (len(one.task.kind.classes),)
        assert found[one.task.name].shape == (one.n, *width)


@every
def test_an_unknown_task_at_prediction_is_refused_and_the_choices_are_named(model):
    X, Y = table(model, holes=0)
    names = np.array(["a", "b", "c"])[np.arange(len(X)) % 3]
    y = Y[np.arange(len(X)), np.arange(len(X)) % 3]
    done = fitted(model, X, y, tasks=names)
    with pytest.raises(TaskError, match=r"Unknown task 'zebra'.*'a'"):
        done.predict(X[:2], tasks=["a", "zebra"])


@every
def test_a_scaled_task_column_is_told_apart(model):
    X, Y = table(model, holes=0)
    code = np.arange(len(X)) % 3
    y = Y[np.arange(len(X)), code]
    done = clone(model).set_params(task_column=0).fit(np.column_stack([code, X]), y)
    with pytest.raises(TaskError, match="looks scaled"):
        done.predict(np.column_stack([code - 0.5, X]))


@every
def test_a_task_without_a_label_is_refused_by_name(model):
    X, Y = table(model)
    Y[:, 1] = np.nan
    with pytest.raises(PolytaskError, match="y1"):
        fitted(model, X, Y)


@every
def test_score_is_the_mean_over_tasks_and_takes_gaps(model):
    X, Y = table(model)
    data = Tasks.from_arrays(X, Y, kinds=model._bare_kind)
    done = fitted(model, data)
    found = done.predict_each(data)
    by_hand = np.mean([one.task.kind.score(one.y, found[one.task.name]) for one in data])
    assert done.score(data) == pytest.approx(by_hand, abs=1e-12)
    assert done.score(X, Y) == pytest.approx(by_hand, abs=1e-12)


@every
def test_a_relation_is_named_and_square(model):
    X, Y = table(model)
    done = fitted(model, X, Y)
    if not hasattr(done, "relation_"):
        pytest.skip(f"{type(model).__name__} learns no relation")
    assert done.relation_.names == done.task_names_
    assert done.relation_.meaning


@sorts
def test_probabilities_have_the_documented_shapes(model):
    X, Y = table(model, holes=0)
    words = np.where(Y > 0, "yes", "no")
    one, many = fitted(model, X, words[:, 0]), fitted(model, X, words)
    assert one.predict_proba(X).shape == (len(X), 2)
    assert many.predict_proba(X).shape == Y.shape
    assert many.predict(X).shape == Y.shape
    assert set(many.predict(X).ravel()) <= {"yes", "no"}
    three = words.astype(object)
    three[:20, 0] = "maybe"
    try:
        mixed = fitted(model, X, three).predict_proba(X)
    except UnsupportedError as error:
        pytest.skip(str(error))
    assert {name: p.shape[1] for name, p in mixed.items()} == {"y0": 3, "y1": 2, "y2": 2}


@every
def test_candidates_can_be_set_and_a_path_gives_the_models_of_single_fits(model):
    X, Y = table(model)
    data = Tasks.from_arrays(X, Y, kinds=model._bare_kind)
    grid = model.grid(data)
    assert grid and all(isinstance(one, dict) for one in grid)
    some = [grid[0], grid[len(grid) // 2]]
    for params, done in zip(some, clone(model).fit_path(data, some), strict=True):
        alone = clone(model).set_params(**params).fit(data)
        a, b = outputs(done, X), outputs(alone, X)
        np.testing.assert_allclose(a, b, atol=2e-3 * max(1, np.abs(b).max()))


@every
def test_inputs_with_gaps_are_refused_in_words(model):
    X, Y = table(model)
    X[0, 0] = np.nan
    if type(model).__name__ == "Prepared":
        pytest.skip("gaps are its work")
    with pytest.raises(ValueError, match="NaN"):
        fitted(model, X, Y)
    with pytest.raises((DataError, ValueError), match=r"NaN|gaps"):
        fitted(model, Tasks.from_arrays(X, Y, kinds=model._bare_kind))
