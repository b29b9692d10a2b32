"""A penalised intercept is the coefficient of a column of ones."""

import numpy as np
import pytest
from laws.found import classes
from scipy import sparse
from sklearn.linear_model import LogisticRegression, MultiTaskLasso

from polytask import Tasks
from polytask.errors import ParameterError
from polytask.linear import (
    L1,
    L2,
    L21,
    GroupLasso,
    LinearClassifier,
    LinearModel,
    MeanRegularised,
    Moments,
    Penalty,
    Split,
    SquaredTraceNorm,
)
from polytask.persist import load, save

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 6)) + 0.5
Y = X @ RNG.normal(size=(6, 3)) + RNG.normal(size=(60, 3)) + 1
HOLES = np.where(RNG.random(Y.shape) < 0.3, np.nan, Y)
ONES = np.hstack([X, np.ones((60, 1))])
TIGHT = {"tol": 1e-10, "max_iter": 100_000}
PENALTIES = [next(iter(one.examples())) for one in classes(Penalty)]


def priced(penalty, **options):
    return LinearModel(penalty, fit_intercept="penalised", **options)


def by_hand(penalty, **options):
    return LinearModel(penalty, fit_intercept=False, **options)


@pytest.mark.parametrize("rows", [60, 4], ids=["statistics", "rows"])
@pytest.mark.parametrize("labels", [Y, HOLES], ids=["shared", "holes"])
@pytest.mark.parametrize(
    "penalty", [L2(0.2), L21(0.2), L1(0.1), GroupLasso(0.1, ((0, 3),))], ids=repr
)
def test_it_is_the_column_of_ones_written_by_hand(penalty, labels, rows):
    labels = np.where(np.arange(60)[:, None] < 3, Y, labels)[:rows]
    a = priced(penalty, **TIGHT).fit(X[:rows], labels)
    b = by_hand(penalty, **TIGHT).fit(ONES[:rows], labels)
    np.testing.assert_allclose(a.coef_, b.coef_[:, :-1], atol=1e-6)
    np.testing.assert_allclose(a.intercept_, b.coef_[:, -1], atol=1e-6)
    assert a.objective_ == pytest.approx(b.objective_, rel=1e-9)
    np.testing.assert_allclose(a.predict(X), b.predict(ONES), atol=1e-5)
    np.testing.assert_array_equal(a.solution_.W[-1], a.intercept_)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("penalty", PENALTIES, ids=repr)
def test_every_penalty_prices_it(penalty):
    a = priced(penalty, max_iter=500).fit(X, HOLES)
    b = by_hand(penalty, max_iter=500).fit(ONES, HOLES)
    assert a.coef_.shape == (3, 6) and a.intercept_.shape == (3,)
    assert a.objective_ == pytest.approx(b.objective_, rel=1e-5)


def test_the_oracles_are_scikit_learns():
    other = MultiTaskLasso(alpha=0.2, fit_intercept=False, tol=1e-12, max_iter=100_000)
    model = priced(L21(0.2), **TIGHT).fit(X, Y)
    np.testing.assert_allclose(model.intercept_, other.fit(ONES, Y).coef_[:, -1], atol=1e-6)
    y = Y[:, 0] > 1
    # liblinear prices the intercept, with the rest of the coefficients
    other = LogisticRegression(C=1 / (0.1 * 60), solver="liblinear", tol=1e-10).fit(X, y)
    model = LinearClassifier(L2(0.1), fit_intercept="penalised", **TIGHT).fit(X, y)
    np.testing.assert_allclose(model.coef_, other.coef_, atol=1e-4)
    np.testing.assert_allclose(model.intercept_, other.intercept_, atol=1e-4)


def test_a_strong_price_takes_the_intercept_away():
    model = priced(L21(1e3)).fit(X, Y + 100)
    assert not model.coef_.any() and not model.intercept_.any()
    np.testing.assert_allclose(LinearModel(L21(1e3)).fit(X, Y).intercept_, Y.mean(0), rtol=1e-14)


@pytest.mark.parametrize("form", [sparse.csr_array, sparse.csc_array])
@pytest.mark.parametrize("rows", [60, 4], ids=["statistics", "rows"])
def test_sparse_tables_stay_sparse(form, rows):
    S = np.where(RNG.random(X.shape) < 0.5, X, 0)[:rows]
    a, b = (
        priced(L21(0.1), **TIGHT).fit(form(S), Y[:rows]),
        priced(L21(0.1), **TIGHT).fit(S, Y[:rows]),
    )
    np.testing.assert_allclose(a.coef_, b.coef_, atol=1e-6)
    np.testing.assert_allclose(a.predict(form(S)), b.predict(S), atol=1e-5)


def test_scaling_leaves_the_column_of_ones_alone():
    model = priced(L2(0.3), scale=True).fit(X, Y)
    other = by_hand(L2(0.3)).fit(np.hstack([X / X.std(0), np.ones((60, 1))]), Y)
    np.testing.assert_allclose(model.coef_ * X.std(0), other.coef_[:, :-1], atol=1e-10)
    np.testing.assert_allclose(model.intercept_, other.coef_[:, -1], atol=1e-10)
    assert model.scale_.shape == (6,)


@pytest.mark.parametrize("options", [{}, {"scale": True}, {"task_weight": [1, 2, 3]}], ids=repr)
@pytest.mark.parametrize("labels", [Y, HOLES], ids=["shared", "holes"])
def test_moments_know_it_too(labels, options):
    a = priced(L21(0.1), **TIGHT, **options).fit(Moments.of(X, labels))
    b = priced(L21(0.1), **TIGHT, **options).fit(X, labels)
    np.testing.assert_allclose(a.coef_, b.coef_, atol=1e-7)
    np.testing.assert_allclose(a.intercept_, b.intercept_, atol=1e-7)


def test_parts_and_directions_have_a_row_per_input():
    model = priced(Split(L21(0.1), L1(0.08))).fit(X, Y)
    assert model.shared_coef_.shape == model.own_coef_.shape == (3, 6)
    np.testing.assert_allclose(model.shared_coef_ + model.own_coef_, model.coef_, atol=1e-9)
    assert priced(SquaredTraceNorm(0.1)).fit(X, Y).features_.shape[0] == 6
    assert priced(MeanRegularised(0.1)).fit(X, Y).mean_.shape == (6,)


def test_kinds_mix_and_models_are_kept(tmp_path):
    data = Tasks.from_arrays(
        X, np.column_stack([Y[:, 0], Y[:, 1] > 1]), names=["size", "ripe"], kinds={"ripe": "binary"}
    )
    model = priced(L21(0.05), warm_start=True).fit(data)
    before = model.coef_.copy()
    np.testing.assert_allclose(model.fit(data).coef_, before, atol=1e-3)
    save(model, tmp_path / "one.model")
    again = load(tmp_path / "one.model")
    for name, out in model.predict_each(data).items():
        np.testing.assert_array_equal(again.predict_each(data)[name], out)
    assert model.adapt(X, Y[:, 2]).coef_.shape == (1, 6)


def test_another_word_is_refused_with_the_choices():
    with pytest.raises(ParameterError, match=r"True, False or 'penalised'. Found 'free'"):
        LinearModel(fit_intercept="free").fit(X, Y)
