"""Levels in order, relevances within queries, tags of words and labels of pixels."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score

from polytask import Independent, Tasks, report
from polytask.errors import DataError, UnsupportedError
from polytask.kinds import (
    DenseClasses,
    DenseNumbers,
    Ordinal,
    Ranking,
    Regression,
    Tagging,
    infer,
)
from polytask.kinds.infer import resolve
from polytask.linear import LinearModel, Multinomial

PAIN = Ordinal(("none", "mild", "severe"))


def frame(n=60, seed=0):
    rng = np.random.default_rng(seed)
    pain = np.array(PAIN.classes, dtype=object)[rng.integers(0, 3, n)]
    pain[::7] = None
    return pd.DataFrame(
        {
            "age": rng.normal(size=n),
            "query": np.repeat(np.arange(n // 6), 6),
            "pain": pain,
            "relevance": rng.integers(0, 4, n).astype(float),
        }
    )


def table(**options):
    kinds = {"pain": PAIN, "relevance": "ranking"}
    options = {"group": "query", "kinds": kinds, "verbose": False} | options
    return Tasks.from_frame(frame(), ["pain", "relevance"], **options)


def test_levels_keep_the_order_in_which_they_were_given():
    assert PAIN.width == 2
    assert PAIN.encode(["severe", "none"], "pain").tolist() == [2, 0]
    assert PAIN.decode([0, 1]).tolist() == ["none", "mild"]
    assert Ordinal.of([3, 1, 2, 1], "stars") == Ordinal((1, 2, 3))


def test_a_prediction_is_the_level_with_half_of_the_probability_below_it():
    rng = np.random.default_rng(0)
    p = rng.dirichlet(np.ones(4), 200)
    expected_error = np.abs(np.arange(4)[:, None] - np.arange(4)) @ p.T  # (level said, row)
    found = Ordinal((1, 2, 3, 4)).predict(p).astype(int)
    np.testing.assert_allclose(expected_error[found, np.arange(200)], expected_error.min(axis=0))
    assert PAIN.predict(np.array([[0.5, 0.0, 0.5], [0.1, 0.2, 0.7]])).tolist() == [0, 2]


def test_levels_are_scored_by_kappa_with_quadratic_weights():
    rng = np.random.default_rng(1)
    y, p = rng.integers(0, 3, 50).astype(float), rng.dirichlet(np.ones(3), 50)
    expected = cohen_kappa_score(y, PAIN.predict(p), weights="quadratic")
    assert PAIN.score(y, p) == pytest.approx(expected)


def test_a_table_has_levels_and_queries_side_by_side_and_cuts_no_query():
    data = table()
    assert [kind.name for kind in data.kinds] == ["ordinal", "ranking"]
    for train, test in data.folds(3):
        assert not set(data.groups[train]) & set(data.groups[test])


@pytest.mark.parametrize("kind", [Ordinal((1, 2, 3)), Ranking()])
def test_they_are_never_guessed_and_can_be_named(kind):
    assert infer([1, 2, 3], "y", named=True) == Regression()
    assert resolve(kind.name, [1, 2, 3], "y") == kind


@pytest.mark.parametrize(
    ("do", "error", "words"),
    [
        (lambda: Ordinal(("low", "high")), ValueError, "three levels"),
        (lambda: Ordinal((1, 1, 2)), ValueError, "differ"),
        (lambda: PAIN.encode(["awful"], "pain"), DataError, "'pain'.*'awful'"),
        (lambda: Ranking().encode([1, -1], "relevance"), DataError, "'relevance'.*-1.0 in row 1"),
        (lambda: table(group=None, drop=("query",)), DataError, "query of every row"),
        (lambda: resolve("tagging", [], "chunk"), DataError, "'chunk' has labels at positions"),
        (lambda: resolve(Tagging(), [], "chunk"), DataError, "one label per row"),
        (lambda: Tagging().encode(["B", "I"], "chunk"), DataError, "a list of sentences"),
        (lambda: DenseNumbers(2).encode(np.zeros((3, 4)), "way"), DataError, r"'way'.*\(3, 4\)"),
        (lambda: DenseClasses((1,)), ValueError, "DenseClasses needs 2 classes"),
    ],
)
def test_wrong_labels_are_refused_in_words(do, error, words):
    with pytest.raises(error, match=words):
        do()


@pytest.mark.parametrize("name", ["pain", "relevance"])
def test_linear_models_refuse_by_name_what_they_have_no_loss_for(name):
    with pytest.raises(UnsupportedError, match=f"Task '{name}' is .* no loss for its labels"):
        LinearModel().fit(table().keep(name))


def test_levels_without_their_order_can_be_learnt_by_a_linear_model_that_is_told_so():
    data = table().keep("pain")
    model = LinearModel(datafit=Multinomial()).fit(data)
    assert model.coef_.shape == (3, 1)
    assert -1 <= model.score(data) <= 1
    assert Independent().fit(data).task_names_ == ("pain",)


def test_scikit_learns_estimators_cannot_rank():
    with pytest.raises(UnsupportedError, match="'relevance' is ranking"):
        Independent().fit(table().keep("relevance"))


class Oracle(Independent):
    """Scores rows by a column of the inputs: for metrics that need the queries."""

    def _fit(self, data):
        self._data = data

    def _outputs(self, X, name):
        return X[:, 0]


def test_reports_know_the_queries():
    data = table().keep("relevance")
    scores = report.evaluate(Oracle().fit(data), data)
    y, groups = data["relevance"].y, data.groups
    expected = Ranking().score(y, data.X[:, 0], groups=groups)
    assert scores["relevance", "ndcg_at_10"] == pytest.approx(expected)
    assert Oracle().fit(data).score(data) == pytest.approx(expected)


def test_a_gain_of_levels_is_relative_to_what_is_left_to_a_kappa_of_one():
    # a model that knows nothing has kappa 0: over that, no gain would have a value
    nothing = Independent(LogisticRegression(C=1e-9))
    found = report.compare(table().keep("pain"), [Independent()], baseline=nothing, folds=3)
    (row,) = found.gains
    assert row["task"] == "pain" and abs(row["gain"]) < 1


# -- labels at positions ------------------------------------------------------------------------


def test_tags_go_in_and_come_out_the_same():
    sentences = [["B-NP", "I-NP", "O"], ["O"]]
    kind = Tagging.of(sentences, "chunk")
    assert kind == Tagging(("B-NP", "I-NP", "O"))
    assert kind.decode(kind.encode(sentences, "chunk")) == sentences
    gaps = kind.encode([["O", None]], "chunk")[0]
    assert gaps[0] == 2 and np.isnan(gaps[1])
    assert kind.score(np.array([0.0, 2.0]), np.eye(3)[[0, 1]]) == 0.5


def test_maps_of_classes_and_of_vectors():
    kind = DenseClasses(("road", "sky"))
    codes = kind.encode([[["road", "sky"], [None, "sky"]]], "scene")
    assert codes.shape == (1, 2, 2) and np.isnan(codes[0, 1, 0])
    assert kind.decode(np.array([[0, 1]])).tolist() == [["road", "sky"]]
    y = np.random.default_rng(0).normal(size=(30, 2))
    numbers = DenseNumbers(2)
    assert numbers.score(y, y) == 1
    assert numbers.score(y, np.tile(y.mean(axis=0), (30, 1))) == pytest.approx(0)
    assert np.isnan(numbers.score(y[:1], y[:1]))
