"""Weights of tasks: their words, their numbers, and what they mean in the objective."""

import numpy as np
import pytest
from linear import oracle
from sklearn.linear_model import Ridge

from polytask import Tasks
from polytask.errors import ParameterError, TaskError
from polytask.linear import L2, L21, LinearModel, MeanRegularised, Moments
from polytask.linear.build import build
from polytask.linear.task_weights import omegas

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 7)) * np.linspace(0.5, 3, 7) + 2
Y = X @ RNG.normal(size=(7, 3)) + RNG.normal(size=(60, 3)) + 10
HOLES = np.where(RNG.random(Y.shape) < 0.3, np.nan, Y)
OMEGA = [0.5, 2.0, 3.0]
TIGHT = {"tol": 1e-11, "max_iter": 100_000}


@pytest.mark.parametrize("labels", [Y, HOLES], ids=["shared", "holes"])
@pytest.mark.parametrize("rows", [60, 5], ids=["statistics", "rows"])
def test_a_weight_of_a_task_multiplies_its_loss(labels, rows):
    labels = np.where(np.arange(60)[:, None] < 3, Y, labels)[:rows]
    model = LinearModel(L2(0.3), task_weight=OMEGA).fit(X[:rows], labels)
    for t, omega in enumerate(OMEGA):
        here = ~np.isnan(labels[:, t])
        other = Ridge(alpha=0.3 * here.sum() / omega).fit(X[:rows][here], labels[here, t])
        np.testing.assert_allclose(model.coef_[t], other.coef_, atol=1e-8)
        assert model.intercept_[t] == pytest.approx(other.intercept_, abs=1e-7)


@pytest.mark.parametrize("penalty", [L21(0.2), MeanRegularised(0.2)], ids=repr)
@pytest.mark.parametrize("rows", [60, 5], ids=["statistics", "rows"])
def test_all_tasks_twice_as_heavy_is_half_the_strength(penalty, rows):
    one = LinearModel(penalty, **TIGHT).fit(X[:rows], Y[:rows])
    two = LinearModel(penalty.replace(alpha=0.4), task_weight=[2, 2, 2], **TIGHT)
    np.testing.assert_allclose(two.fit(X[:rows], Y[:rows]).coef_, one.coef_, atol=1e-5)
    assert build(Tasks.from_arrays(X, Y), task_weight=[2, 2, 2]).one_hessian


@pytest.mark.parametrize("rows", [60, 5], ids=["statistics", "rows"])
def test_a_joint_penalty_pays_for_what_the_weights_say(rows):
    names = ("a", "b", "c")
    data = Tasks.from_arrays(X[:rows], Y[:rows], names=names)
    weight = dict(zip(names, OMEGA))
    model = LinearModel(L21(0.3), task_weight=weight, **TIGHT).fit(data)
    # the loss of a task times omega is its labels and columns times the root of omega
    sets = {
        name: (X[:rows] - X[:rows].mean(0), Y[:rows, t] - Y[:rows, t].mean())
        for t, name in enumerate(names)
    }
    scaled = {
        name: (A * np.sqrt(omega), y * np.sqrt(omega))
        for (name, (A, y)), omega in zip(sets.items(), OMEGA)
    }
    plain = oracle.tasks(scaled, dict.fromkeys(names, "regression"))
    other = LinearModel(L21(0.3), fit_intercept=False, **TIGHT).fit(plain)
    assert model.objective_ == pytest.approx(other.objective_, rel=1e-8)
    np.testing.assert_allclose(model.coef_, other.coef_, atol=1e-4)


def test_names_and_positions_say_the_same_and_moments_know_it_too():
    data = Tasks.from_arrays(X, HOLES, names=("a", "b", "c"))
    by_name = LinearModel(L21(0.1), task_weight={"c": 3.0, "a": 0.5}, **TIGHT).fit(data)
    by_place = LinearModel(L21(0.1), task_weight=np.array([0.5, 1, 3]), **TIGHT).fit(data)
    np.testing.assert_array_equal(by_name.coef_, by_place.coef_)
    gathered = LinearModel(L21(0.1), task_weight={"c": 3.0, "a": 0.5}, **TIGHT)
    np.testing.assert_allclose(gathered.fit(Moments.of(data)).coef_, by_name.coef_, atol=1e-7)
    full = Tasks.from_arrays(X, Y, names=("a", "b", "c"))
    a = LinearModel(L21(0.1), task_weight=OMEGA, **TIGHT).fit(full)
    b = LinearModel(L21(0.1), task_weight=OMEGA, **TIGHT).fit(Moments.of(full))
    np.testing.assert_allclose(b.coef_, a.coef_, atol=1e-7)


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ("n", ParameterError, "task_weight needs to be 'equal', 'size', a mapping"),
        (None, ParameterError, "Found None"),
        ({"d": 1.0}, TaskError, r"names \['d'\], which is no task. Known: \['a', 'b'\]"),
        ([1.0], ParameterError, r"shape \(2,\). Found shape \(1,\)"),
        ([1.0, 0.0], ParameterError, r"positive numbers. Found \[0.\] for task 'b'"),
        ({"a": np.nan}, ParameterError, r"Found \[nan\] for task 'a'"),
    ],
)
def test_what_is_no_weight_is_refused_by_name(given, error, words):
    with pytest.raises(error, match=words):
        omegas(("a", "b"), given)
