"""The estimators: conformance, determinism, units, new tasks, files."""

import subprocess
import sys
import warnings

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.datasets import load_diabetes
from sklearn.model_selection import GridSearchCV
from sklearn.utils.estimator_checks import parametrize_with_checks

from polytask import Independent, Tasks, deep
from polytask.errors import DataError, ParameterError, UnsupportedError
from polytask.persist import load, save

SMALL = deep.HardSharing(deep.mlp(16))


def table(n=150, d=5, T=3, holes=0.3, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    Y = np.tanh(X @ rng.normal(size=(d, 2))) @ rng.normal(size=(2, T))
    Y += 0.1 * rng.normal(size=Y.shape) + 3
    Y[rng.random(Y.shape) < holes] = np.nan
    return X, Y


def mixed(seed=0):
    X, Y = table(seed=seed)
    Y[:, 1] = np.where(np.isnan(Y[:, 1]), np.nan, Y[:, 1] > 3)
    Y[:, 2] = np.where(np.isnan(Y[:, 2]), np.nan, np.digitize(Y[:, 2], [2.7, 3.3]))
    kinds = {"y0": "regression", "y1": "binary", "y2": "multiclass"}
    return Tasks.from_arrays(X, Y, kinds=kinds)


def expected(model):
    return type(model)._expected_failed_checks


@parametrize_with_checks(
    [
        deep.DeepModel(balance=deep.Uncertainty(), epochs=8, batch_size=48, random_state=0),
        deep.DeepClassifier(balance=deep.Uncertainty(), epochs=8, batch_size=48, random_state=0),
    ],
    expected_failed_checks=expected,
)
def test_they_are_scikit_learn_estimators(estimator, check):
    # the suite fits on tiny and degenerate tables; a warning there is not an error of ours
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check(estimator)


def test_without_torch_the_wing_says_which_extra_brings_it():
    code = (
        "import sys, polytask\n"
        "assert 'torch' not in sys.modules\n"
        "sys.modules['torch'] = None\n"
        "try:\n    import polytask.deep\n"
        "except polytask.errors.MissingExtraError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "polytask[deep]" in done.stdout


def test_a_fit_repeats_and_leaves_torchs_stream_and_threads_alone():
    X, Y = table()
    model = deep.DeepModel(deep.HardSharing(deep.mlp(8), dropout=0.2), epochs=5, random_state=3)
    stream, threads = torch.get_rng_state(), torch.get_num_threads()
    first = model.fit(X, Y).predict(X)
    assert torch.equal(torch.get_rng_state(), stream)
    assert torch.get_num_threads() == threads
    torch.manual_seed(99)
    assert np.array_equal(clone(model).fit(X, Y).predict(X), first)
    assert not np.array_equal(clone(model).set_params(random_state=4).fit(X, Y).predict(X), first)


def test_mixed_kinds_are_learned_in_one_fit():
    data = mixed()
    model = deep.DeepModel(SMALL, random_state=0).fit(data)
    outputs = model.predict_each(data)
    for one in data:
        score = one.task.kind.score(one.y, outputs[one.task.name])
        assert score > 0.75, one.task.name
    np.testing.assert_allclose(outputs["y2"].sum(1), 1, atol=1e-12)


def test_a_constant_added_to_a_target_shifts_its_predictions_only():
    X, Y = table()
    base = deep.DeepModel(SMALL, epochs=10, random_state=0)
    shift = np.array([0.0, 1000.0, 0.0])
    a, b = clone(base).fit(X, Y).predict(X), clone(base).fit(X, Y + shift).predict(X)
    # what float64 keeps of a target at 1000
    np.testing.assert_allclose(a + shift, b, atol=1e-4)


def test_units_of_inputs_and_targets_do_not_matter():
    X, Y = table()
    base = deep.DeepModel(SMALL, epochs=10, random_state=0)
    units = np.array([1.0, 1e4, 1e-4])
    a = clone(base).fit(X, Y).predict(X)
    b = clone(base).fit(X * 100 + 7, Y * units).predict(X * 100 + 7) / units
    np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-3)


def test_doubled_rows_of_half_weight_give_the_same_model_in_full_batches():
    X, Y = table(holes=0)
    base = deep.DeepModel(SMALL, epochs=20, batch_size=1000, validation=0, random_state=0)
    a = clone(base).fit(X, Y).predict(X)
    twice = np.vstack([X, X]), np.vstack([Y, Y])
    b = clone(base).fit(*twice, sample_weight=np.full(2 * len(X), 0.5)).predict(X)
    # sums of float32 in another order
    np.testing.assert_allclose(a, b, atol=1e-3)


def test_an_integer_weight_is_a_repeated_row_in_full_batches():
    X, Y = table(n=60)
    times = np.random.default_rng(1).integers(0, 4, len(X))
    base = deep.DeepModel(SMALL, epochs=20, batch_size=1000, validation=0, random_state=0)
    a = clone(base).fit(X, Y, sample_weight=times).predict(X)
    b = clone(base).fit(np.repeat(X, times, 0), np.repeat(Y, times, 0)).predict(X)
    np.testing.assert_allclose(a, b, atol=1e-3)


def test_permuting_tasks_changes_scores_no_more_than_another_start_does():
    X, Y = table(n=150)
    order = [2, 0, 1]

    def scores(labels, seed):
        model = deep.DeepModel(SMALL, epochs=40, random_state=seed).fit(X, labels)
        return np.nanmean((model.predict(X) - labels) ** 2, axis=0)

    straight = np.array([scores(Y, seed) for seed in range(3)])
    permuted = np.array([scores(Y[:, order], seed) for seed in range(3)])
    gap = np.abs(straight.mean(0)[order] - permuted.mean(0))
    spread = np.sqrt(straight.var(0, ddof=1)[order] / 3 + permuted.var(0, ddof=1) / 3)
    assert (gap < 4 * spread + 1e-4).all()


def test_it_stops_early_and_keeps_its_best_epoch():
    X, Y = table(n=200, holes=0)
    noise = np.random.default_rng(1).normal(size=Y.shape)
    model = deep.DeepModel(patience=5, epochs=500, random_state=0).fit(X, noise)
    assert model.n_iter_ < 500
    held = model.history_["validation"].mean(1)
    assert len(held) == model.n_iter_ == held.argmin() + 1 + 5


def test_a_small_table_is_trained_for_all_epochs():
    X, Y = table(n=40)
    model = deep.DeepModel(SMALL, epochs=12, patience=1, random_state=0).fit(X, Y)
    assert model.n_iter_ == 12 and np.isnan(model.history_["validation"]).all()


def test_groups_stay_together_in_the_held_out_part():
    X, Y = table(n=120, holes=0)
    groups = np.repeat(np.arange(12), 10)
    data = Tasks.from_arrays(X, Y, groups=groups)
    train, held = deep.DeepModel()._hold_out(data, 0)
    assert not set(train.groups) & set(held.groups)
    assert held.n_rows >= 10 and train.n_rows + held.n_rows == 120


def test_a_new_task_stands_on_the_trunk_and_leaves_it_as_it_was():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(600, 20))
    B = rng.normal(size=(20, 2))
    Y = np.tanh(X @ B) @ rng.normal(size=(2, 12)) + 0.1 * rng.normal(size=(600, 12))
    model = deep.DeepModel(SMALL, random_state=0).fit(X, Y)
    trunk = [p.clone() for p in model._net.shared()]
    few, fresh = rng.normal(size=(25, 20)), rng.normal(size=(500, 20))
    w = rng.normal(size=2)
    new = model.adapt(few, np.tanh(few @ B) @ w)
    alone = deep.DeepModel(SMALL, random_state=0).fit(few, np.tanh(few @ B) @ w)
    truth = np.tanh(fresh @ B) @ w

    def error(some):
        return np.mean((some.predict(fresh) - truth) ** 2)

    assert error(new) < 0.5 * error(alone)
    assert new.task_names_ == alone.task_names_
    for before, mine, hers in zip(trunk, model._net.shared(), new._net.shared(), strict=True):
        assert torch.equal(before, mine) and torch.equal(mine, hers)


def test_a_new_task_needs_a_shared_part_and_the_same_columns():
    X, Y = table()
    with pytest.raises(UnsupportedError, match=r"HardSharing\(trunk=\(\)"):
        deep.DeepModel(deep.HardSharing(()), epochs=2).fit(X, Y).adapt(X, Y[:, 0])
    with pytest.raises(DataError, match=r"5 input columns.*Found 4"):
        deep.DeepModel(SMALL, epochs=2).fit(X, Y).adapt(X[:, :4], Y[:, 0])


def test_alone_is_the_same_net_per_task():
    model = deep.DeepModel(SMALL, epochs=3, random_state=0)
    alone = model.alone()
    assert isinstance(alone, Independent) and alone.estimator.get_params() == model.get_params()
    X, Y = table()
    fitted = alone.fit(X, Y)
    rows = ~np.isnan(Y[:, 1])
    single = clone(model).fit(X[rows], Y[rows, 1])
    np.testing.assert_array_equal(fitted.predict(X)[:, 1], single.predict(X))


def test_the_answer_for_a_row_does_not_depend_on_its_neighbours(monkeypatch):
    X, Y = table()
    model = deep.DeepModel(SMALL, epochs=5, random_state=0).fit(X, Y)
    whole = model.predict(X)
    np.testing.assert_allclose(model.predict(X[7:8]), whole[7:8], rtol=1e-12)
    monkeypatch.setattr("polytask.deep.answering.CHUNK", 11)
    np.testing.assert_allclose(model.predict(X), whole, rtol=1e-12)


def test_a_file_keeps_the_model_to_the_last_bit(tmp_path):
    data = mixed()
    model = deep.DeepModel(SMALL, deep.Uncertainty(), epochs=4, random_state=0).fit(data)
    save(model, tmp_path / "deep.model")
    stream = torch.get_rng_state()
    again = load(tmp_path / "deep.model")
    assert torch.equal(torch.get_rng_state(), stream)
    for name in data.names:
        assert np.array_equal(again._outputs(data.X, name), model._outputs(data.X, name))
    assert again.weights_ == model.weights_ and repr(again) == repr(model)


def test_slots_are_searched_inside_and_as_a_whole():
    X, Y = table(n=60, holes=0)
    grid = {
        "sharing__dropout": [0.0, 0.3],
        "balance": [deep.Equal(), deep.Uncertainty()],
    }
    search = GridSearchCV(deep.DeepModel(SMALL, epochs=3, random_state=0), grid, cv=2).fit(X, Y)
    assert search.best_params_["balance"] in grid["balance"]


def test_it_learns_diabetes_about_as_well_as_a_linear_model():
    X, y = load_diabetes(return_X_y=True)
    data = Tasks.from_arrays(X, y, kinds="regression")
    train, test = data.split(0.25, seed=0)
    net = deep.DeepModel(random_state=0).fit(train).score(test)
    ridge = Independent().fit(train).score(test)
    assert net > ridge - 0.1


def test_a_line_per_epoch_is_printed_on_demand(capsys):
    X, Y = table()
    deep.DeepModel(SMALL, epochs=2, verbose=1, random_state=0).fit(X, Y)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 and lines[0].startswith("epoch 1: loss ") and "held out" in lines[0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"epochs": 0}, "DeepModel needs epochs >= 1. Found epochs=0"),
        ({"batch_size": 0}, "batch_size >= 1"),
        ({"patience": 0}, "patience >= 1"),
        ({"learning_rate": 0}, "learning_rate > 0"),
        ({"validation": 1.0}, r"validation in \[0, 1\)"),
    ],
)
def test_options_out_of_range_are_refused(options, message):
    with pytest.raises(ParameterError, match=message):
        deep.DeepModel(**options).fit(*table())
