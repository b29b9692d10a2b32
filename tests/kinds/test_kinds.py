"""What labels a task takes, and how a bare column is read."""

import numpy as np
import pandas as pd
import pytest

from polytask.errors import DataError
from polytask.kinds import Binary, Counts, Multiclass, Regression, Survival, infer
from polytask.kinds.infer import resolve


@pytest.mark.parametrize(
    ("values", "named", "kind"),
    [
        ([1.5, 2.0], False, Regression()),
        ([0, 1, 1], False, Regression()),
        ([0, 1, 1], True, Binary()),
        ([0.0, 1.0, np.nan], True, Binary()),
        ([0, 2], True, Regression()),
        ([True, False], False, Binary((False, True))),
        (["b", "a", None], False, Binary(("a", "b"))),
        (["c", "a", "b"], True, Multiclass(("a", "b", "c"))),
        (pd.array([1, None], dtype="Int64").to_numpy(dtype=object), True, Regression()),
    ],
)
def test_a_bare_column_is_read_in_one_place(values, named, kind):
    assert infer(values, "y", named=named) == kind


def test_labels_go_in_and_come_out_the_same():
    kind = Multiclass(("ash", "elm", "oak"))
    codes = kind.encode(np.array(["oak", None, "ash"], dtype=object), "tree")
    assert np.isnan(codes[1])
    assert kind.decode(codes[[0, 2]]).tolist() == ["oak", "ash"]


def test_long_class_names_are_not_cut():
    kind = Binary(("a", "a much longer name"))
    assert kind.decode([1]).tolist() == ["a much longer name"]
    assert kind.encode(["a much longer name"], "y").tolist() == [1]


def test_scores_are_those_of_scikit_learn_by_hand():
    y = np.array([1.0, 2.0, 3.0])
    assert Regression().score(y, np.array([1.0, 2.0, 4.0])) == pytest.approx(0.5)
    proba = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])
    assert Binary().score(np.array([0.0, 1.0, 1.0]), proba) == pytest.approx(2 / 3)
    assert np.isnan(Regression().score(np.array([1.0]), np.array([1.0])))


@pytest.mark.parametrize(
    ("do", "words"),
    [
        (lambda: Regression().encode(["a"], "price"), "price.*'a'"),
        (lambda: Regression().encode([np.inf], "price"), "infinity"),
        (lambda: Binary().encode(["x"], "sick"), "'sick'.*'x'"),
        (lambda: Binary.of([1, 2, 3], "sick"), "'sick'.*3 classes"),
        (lambda: Binary.of([1, 1], "sick"), "1 class"),
        (lambda: Multiclass.of(["a"], "tree"), "1 class"),
        (lambda: infer(np.array(["a", 1], dtype=object), "tree"), "mixes types"),
        (lambda: resolve("ordinary", [1], "y"), "ordinary"),
        (lambda: Binary(("a",)), "two classes"),
        (lambda: Counts().encode([1.0, -2.0], "visits"), "'visits' counts.*-2.0 in row 1"),
        (lambda: Counts().encode([np.inf], "visits"), "'visits'.*infinity"),
        (
            lambda: Survival().encode([1.0, 0.0], "relapse"),
            "'relapse' needs times above zero.*row 1",
        ),
        (lambda: Survival.labels([1.0, 0.0], [1, 1]), "above zero"),
        (lambda: Survival.labels([1.0], [2]), "censored. Found"),
        (lambda: Survival.labels([1.0], [1, 0]), "event per time"),
    ],
)
def test_wrong_labels_are_refused_in_words(do, words):
    with pytest.raises((DataError, ValueError), match=words):
        do()


@pytest.mark.parametrize("kind", [Counts(), Survival()])
def test_counts_and_times_are_never_guessed_and_can_be_named(kind):
    values = [1, 2, 3]
    assert infer(values, "y", named=True) == Regression()
    assert resolve(kind.name, values, "y") == kind


def test_a_time_and_an_event_are_one_number():
    y = Survival.labels(time=[3.0, 4.0, np.nan], event=[True, False, np.nan])
    np.testing.assert_array_equal(y, [3.0, -4.0, np.nan])
    np.testing.assert_array_equal(Survival().encode(y, "relapse"), y)
    events, censored = Survival().strata(y[:2])
    assert events.tolist() == [True, False] and censored.tolist() == [False, True]


def test_scores_of_counts_and_times_by_hand():
    assert Counts().score(np.array([0.0, 2.0]), np.array([1.0, 1.0])) == pytest.approx(0)
    assert np.isnan(Counts().score(np.zeros(3), np.ones(3)))
    assert Survival().score(np.array([1.0, -2.0, 3.0]), np.array([2.0, 1.0, 3.0])) == 0.5
    assert np.isnan(Survival().score(np.array([-1.0, -2.0]), np.zeros(2)))
