"""Tasks in the thousands, features in the hundreds of thousands: at a size for tests."""

import time
import tracemalloc

import numpy as np
import pytest
from scipy import sparse

from polytask import Tasks
from polytask.errors import UnsupportedError
from polytask.linear import (
    L1,
    L2,
    L21,
    ElasticL21,
    LinearClassifier,
    LinearModel,
    MeanRegularised,
    Moments,
    Multinomial,
    NoPenalty,
)

RNG = np.random.default_rng(0)
N, D, T = 2000, 40_000, 4
S = sparse.random_array((N, D), density=0.001, rng=RNG, format="csr")
W = np.zeros((D, T))
W[:20] = 10 * RNG.normal(size=(20, T))
Y = np.asarray(S @ W) + 0.05 * RNG.normal(size=(N, T)) + 1
FILLED = 8 * N * D  # 640 MB


def spent(work):
    """Bytes that numpy held at most during the work."""
    tracemalloc.start()
    try:
        result = work()
        return tracemalloc.get_traced_memory()[1], result
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("form", ["csr", "csc"])
@pytest.mark.parametrize(
    ("penalty", "options"),
    [
        (L21(0.002), {}),
        (L21(0.002), {"scale": True}),
        (L21(0.002), {"fit_intercept": "penalised"}),
        (L1(0.002), {}),
        (ElasticL21(0.002), {}),
        (L2(0.001), {}),
        (MeanRegularised(0.001), {}),
    ],
    ids=repr,
)
def test_a_sparse_table_of_many_features_is_never_filled(form, penalty, options):
    X = S.asformat(form)
    model = LinearModel(penalty, tol=1e-4, **options)
    model.fit(X[:, :500], Y)  # what is imported and compiled on the way
    size, fitted = spent(lambda: model.fit(X, Y))
    assert fitted.solution_.converged
    # coefficient matrices, (40,000, 4) each: a score, sixty in a quasi-Newton method's memory;
    # and some copies of the 80,000 numbers of X
    assert size < FILLED / (5 if penalty.smooth else 10)
    assert spent(lambda: fitted.predict(X))[0] < FILLED / 50


def test_sparse_answers_are_those_of_the_columns_that_serve():
    model = LinearModel(L21(0.002), tol=1e-7).fit(S, Y)
    kept = np.flatnonzero(model.coef_.any(axis=0))
    assert 10 <= len(kept) <= 200 and model.solution_.converged
    few = LinearModel(L21(0.002), tol=1e-7).fit(S[:, kept].toarray(), Y)
    np.testing.assert_allclose(few.coef_, model.coef_[:, kept], atol=1e-2)
    assert few.objective_ == pytest.approx(model.objective_, rel=1e-6)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_sparse_classes_gaps_and_a_grid_fill_nothing():
    holes = np.where(RNG.random(Y.shape) < 0.2, np.nan, Y)
    labels = Tasks.from_arrays(S, Y > 1, kinds="class")
    work = [
        lambda: LinearModel(L21(0.002), tol=1e-3).fit(S, holes),
        lambda: LinearModel(L21(0.002), tol=1e-2, max_iter=50).fit(labels),
        lambda: LinearClassifier(L2(0.01), tol=1e-2).fit(S, np.digitize(Y[:, 0], [0.9, 1.1])),
        lambda: LinearModel(L21()).grid(labels),
    ]
    for one in work:  # a quasi-Newton method remembers forty coefficient matrices
        assert spent(one)[0] < FILLED / 5


def test_a_proof_that_would_be_too_large_is_refused_before_a_table_is_filled():
    model = LinearClassifier(NoPenalty(), datafit=Multinomial(), max_iter=2)

    def fit():
        with pytest.raises(UnsupportedError, match="Take a small L2 penalty"):
            model.fit(S, np.digitize(Y[:, 0], [0.9, 1.1]))

    assert spent(fit)[0] < FILLED / 10


@pytest.mark.parametrize("penalty", [L21(0.5), L1(0.05), L2(0.1), MeanRegularised(0.1)], ids=repr)
def test_five_hundred_tasks_of_few_rows_take_seconds(penalty):
    count, n, d = 500, 12, 20
    X = RNG.normal(size=(count * n, d))
    y = X[:, 0] * 2 + RNG.normal(size=count * n)
    sets = {f"t{t}": (X[t * n : t * n + n], y[t * n : t * n + n]) for t in range(count)}
    data = Tasks.stack(sets)
    LinearModel(penalty).fit(data)
    start = time.process_time()
    size, model = spent(lambda: LinearModel(penalty).fit(data))
    # measured 0.1 s; tracing makes it slower, and so does a busy machine
    assert time.process_time() - start < 10
    assert model.solution_.converged and model.coef_.shape == (count, d)
    # three times the Grams and the matrix of similarities, both known beforehand
    assert size < model.memory_ + 3 * 8 * count**2 + 8e6
    gathered = LinearModel(penalty).fit(Moments.of(data))
    np.testing.assert_allclose(gathered.objective_, model.objective_, rtol=1e-5)
