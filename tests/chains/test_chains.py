"""Chains and stacks against scikit-learn's, and against what their definition says by hand."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.multioutput import ClassifierChain, RegressorChain
from sklearn.neighbors import KNeighborsRegressor

from polytask import Independent, Tasks
from polytask.chains import Chain, ChainEnsemble, Stacking
from polytask.chains.ensemble import orders
from polytask.errors import ParameterError, TaskError
from polytask.independent import outputs_of
from polytask.linear import L2, LinearModel

EVERY = [Chain, ChainEnsemble, Stacking]
LOGISTIC = LogisticRegression(max_iter=1000)


def table(seed=0, n=60, d=4, T=3):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    Y = X @ rng.normal(size=(d, T)) + rng.normal(size=(n, T)) @ rng.normal(size=(T, T))
    return X, Y


@pytest.mark.parametrize("cv", [None, KFold(4)])
def test_a_chain_of_numbers_is_that_of_scikit_learn(cv):
    X, Y = table()
    theirs = RegressorChain(Ridge(2.0), order=[2, 0, 1], cv=cv).fit(X, Y)
    ways = {"meta": "true"} if cv is None else {"meta": "cv", "cv": cv}
    ours = Chain(Ridge(2.0), order=[2, 0, 1], **ways).fit(X, Y)
    np.testing.assert_allclose(ours.predict(X), theirs.predict(X), atol=1e-10)


@pytest.mark.parametrize("cv", [None, KFold(4)])
@pytest.mark.parametrize("way", ["predict", "predict_proba"])
def test_a_chain_of_classes_is_that_of_scikit_learn(cv, way):
    X, Y = table()
    Y = (Y > 0).astype(int)
    theirs = ClassifierChain(LOGISTIC, order=[2, 0, 1], cv=cv, chain_method=way).fit(X, Y)
    ways = {"meta": "true"} if cv is None else {"meta": "cv", "cv": cv}
    ours = Chain(LOGISTIC, order=[2, 0, 1], chain_method=way, **ways).fit(X, Y)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-6)


def test_stacking_is_what_cross_val_predict_makes_of_it():
    X, Y = table()
    cv = KFold(5, shuffle=True, random_state=3)
    seen = np.column_stack([cross_val_predict(Ridge(), X, y, cv=cv) for y in Y.T])
    first = np.column_stack([Ridge().fit(X, y).predict(X) for y in Y.T])
    second = [Ridge().fit(np.column_stack([X, seen]), y) for y in Y.T]
    by_hand = np.column_stack([one.predict(np.column_stack([X, first])) for one in second])
    np.testing.assert_allclose(Stacking(Ridge(), cv=cv).fit(X, Y).predict(X), by_hand, atol=1e-10)


def test_stacking_on_labels_leaves_the_answer_out():
    X, Y = table()
    found = Stacking(LinearRegression(), meta="true").fit(X, Y)
    assert found.second_["y0"].n_features_in_ == 4 + 2
    by_hand = LinearRegression().fit(np.column_stack([X, Y[:, 1:]]), Y[:, 0])
    inside = found.second_["y0"].estimators_["y0"]
    np.testing.assert_allclose(inside.coef_, by_hand.coef_, atol=1e-10)


def test_an_ensemble_is_the_mean_of_its_chains():
    X, Y = table()
    found = ChainEnsemble(n_chains=4, random_state=5).fit(X, Y)
    by_hand = [
        Chain(order=order, random_state=5 + k).fit(X, Y).predict(X)
        for k, order in enumerate(orders(3, 4, 5))
    ]
    np.testing.assert_allclose(found.predict(X), np.mean(by_hand, axis=0), atol=1e-12)
    assert len({one.order_ for one in found.chains_}) == 4


def test_orders_are_all_where_they_are_few_and_different_where_they_are_many():
    assert len(orders(3, 10, 0)) == 6
    many = orders(12, 10, 0)
    assert len(set(many)) == 10
    assert many == orders(12, 10, 0) != orders(12, 10, 1)


@pytest.mark.parametrize("model", EVERY)
@pytest.mark.parametrize("meta", ["cv", "train", "true"])
def test_one_task_is_independent(model, meta):
    X, Y = table()
    alone = Independent(Ridge(3.0)).fit(X, Y[:, 0]).predict(X)
    assert np.array_equal(model(Ridge(3.0), meta=meta).fit(X, Y[:, 0]).predict(X), alone)


def test_the_first_of_a_chain_is_independent_and_the_others_are_not():
    X, Y = table()
    alone, chain = Independent().fit(X, Y).predict(X), Chain(order=["y1", "y0", "y2"]).fit(X, Y)
    found = chain.predict(X)
    assert np.array_equal(found[:, 1], alone[:, 1])
    assert np.abs(found - alone)[:, [0, 2]].max() > 1e-3


def test_a_missing_label_is_a_prediction_of_a_fit_that_never_saw_the_row():
    X, Y = table(T=2)
    Y[:10, 0] = np.nan
    first = Ridge().fit(X[10:], Y[10:, 0])
    column = np.where(np.isnan(Y[:, 0]), first.predict(X), Y[:, 0])
    second = Ridge().fit(np.column_stack([X, column]), Y[:, 1])
    by_hand = second.predict(np.column_stack([X, first.predict(X)]))
    found = Chain(Ridge(), meta="true").fit(X, Y).predict(X)[:, 1]
    np.testing.assert_allclose(found, by_hand, atol=1e-10)


def columns_seen(meta):
    """What the second task of a chain of nearest neighbours sees of the first: (n,)."""
    X, Y = table(T=2)
    near = KNeighborsRegressor(1)
    chain = Chain(near, meta=meta, cv=3).fit(X, Y)
    stage = chain.stages_["y1"].estimators_["y1"]
    return stage._fit_X[:, -1], Y[:, 0]


def test_predictions_in_the_fit_flatter_and_predictions_out_of_fold_do_not():
    flattering, truth = columns_seen("train")
    assert np.array_equal(flattering, truth)  # one's own nearest neighbour is oneself
    honest, _ = columns_seen("cv")
    assert not np.isclose(honest, truth).any()


def test_tasks_of_several_kinds_may_mix():
    X, Y = table()
    columns = [Y[:, 0], (Y[:, 1] > 0).astype(int), np.digitize(Y[:, 2], [-1, 1])]
    data = Tasks.from_arrays(
        X,
        np.column_stack(columns),
        kinds={"y0": "regression", "y1": "binary", "y2": "multiclass"},
    )
    for model in (Chain(order=["y2", "y1", "y0"]), ChainEnsemble(n_chains=2), Stacking()):
        found = model.fit(data).predict_each(data)
        assert [found[name].shape for name in data.names] == [(60,), (60, 2), (60, 3)]
    # three classes are two columns, two classes one
    chain = Chain(order=["y2", "y1", "y0"]).fit(data)
    assert [chain.stages_[name].n_features_in_ for name in chain.order_] == [4, 6, 7]


@pytest.mark.parametrize("model", EVERY)
def test_a_sparse_table_stays_sparse_and_gives_the_same(model):
    X, Y = table()
    X[np.abs(X) < 0.5] = 0
    dense = model(Ridge(solver="lsqr", tol=1e-12)).fit(X, Y).predict(X)
    for form in (sparse.csr_array(X), sparse.csc_matrix(X)):
        found = model(Ridge(solver="lsqr", tol=1e-12)).fit(form, Y).predict(form)
        np.testing.assert_allclose(found, dense, atol=1e-5)


@pytest.mark.parametrize("model", EVERY)
def test_a_model_of_ours_may_be_the_estimator_and_brings_its_grid(model):
    X, Y = table()
    inner = LinearModel(L2(0.1), tol=1e-12)
    ours = model(inner, meta="true").fit(X, Y)
    theirs = model(Ridge(0.1 * 60), meta="true").fit(X, Y)  # ours is a mean over 60 rows
    np.testing.assert_allclose(ours.predict(X), theirs.predict(X), atol=1e-7)
    grid = model(inner).grid(Tasks.from_arrays(X, Y))
    assert {tuple(one) for one in grid} == {("estimator__penalty",)}
    assert model(inner).set_params(**grid[0]).estimator.penalty == grid[0]["estimator__penalty"]


def test_groups_stay_together_in_the_folds():
    X, Y = table(n=40, T=2)
    groups = np.repeat(np.arange(20), 2)
    X = np.repeat(X[:20], 2, axis=0)  # twins: who sees one knows the other
    Y = np.repeat(Y[:20], 2, axis=0)
    near = KNeighborsRegressor(1)

    def column(groups):
        data = Tasks.from_arrays(X, Y, groups=groups)
        return Chain(near, cv=5).fit(data).stages_["y1"].estimators_["y1"]._fit_X[:, -1]

    assert np.isclose(column(None), Y[:, 0]).mean() > 0.5
    assert not np.isclose(column(groups), Y[:, 0]).any()


@pytest.mark.parametrize("model", EVERY)
def test_a_question_about_all_tasks_asks_every_stage_once(model, monkeypatch):
    X, Y = table(T=5)
    fitted = model(n_chains=2).fit(X, Y) if model is ChainEnsemble else model().fit(X, Y)
    asked = []

    def count(*given):
        asked.append(given[0])
        return outputs_of(*given)

    monkeypatch.setattr("polytask.independent.outputs_of", count)
    fitted.predict(X)
    assert len(asked) == {Chain: 5, ChainEnsemble: 10, Stacking: 10}[model]


def test_a_random_order_is_that_of_its_seed():
    X, Y = table(T=6)
    first, again, other = (
        Chain(order="random", random_state=s).fit(X, Y).order_ for s in (1, 1, 2)
    )
    assert first == again != other
    assert sorted(first) == [f"y{t}" for t in range(6)]


def test_what_cannot_be_is_refused_by_name():
    X, Y = table()
    with pytest.raises(ParameterError, match="meta is one of"):
        Chain(meta="best").fit(X, Y)
    with pytest.raises(ParameterError, match="at least 2 folds"):
        Stacking(cv=1).fit(X, Y)
    with pytest.raises(ParameterError, match="n_chains"):
        ChainEnsemble(n_chains=0).fit(X, Y)
    with pytest.raises(ParameterError, match="'sorted'"):
        Chain(order="sorted").fit(X, Y)
    with pytest.raises(TaskError, match="every task once"):
        Chain(order=["y0", "y1"]).fit(X, Y)
