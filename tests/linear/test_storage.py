"""However inputs are held, they are read where they are: no fit copies them as a whole."""

import tracemalloc

import numpy as np
import pytest
from scipy import sparse

from polytask import Tasks
from polytask.linear import L2, L21, LinearClassifier, LinearModel, Moments, TraceNorm

RNG = np.random.default_rng(0)
TALL, WIDE = (60_000, 100), (300, 20_000)
FORMS = {
    "float32": lambda X: X.astype(np.float32),
    "float32, Fortran": lambda X: np.asfortranarray(X, dtype=np.float32),
    "Fortran": np.asfortranarray,
    "C": np.ascontiguousarray,
    "strewn": lambda X: np.repeat(X, 2, axis=1)[:, ::2],
    "csr": lambda X: sparse.csr_array(np.where(np.abs(X) < 2, 0, X)),
    "csc": lambda X: sparse.csc_array(np.where(np.abs(X) < 2, 0, X)),
}
forms = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)


def table(shape):
    X = RNG.normal(size=shape)
    return X, X[:, :3] + RNG.normal(size=(shape[0], 3)) + 1


def allowed(X, Y):
    """Bytes for labels, outputs, weights, coefficients, a dozen of each, and a quarter of X.

    A sparse table may be copied, transposed and weighed, but never filled.
    """
    n, d = X.shape
    part = 0.3 * n * d * 8 if sparse.issparse(X) else 0.25 * X.nbytes
    return 12 * Y.nbytes + 12 * d * Y.shape[1] * 8 + 16e6 + part


def spent(work):
    """Bytes that numpy held at most during the work, above what was there before."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.fixture(scope="module")
def tables():
    return {shape: table(shape) for shape in (TALL, WIDE)}


def holes(Y):
    return np.where(np.random.default_rng(1).random(Y.shape) < 0.2, np.nan, Y)


WORK = {
    "shared": (TALL, lambda X, Y: LinearModel(L21(0.1)).fit(X, Y)),
    "holes": (TALL, lambda X, Y: LinearModel(L21(0.1)).fit(X, holes(Y))),
    "scaled": (TALL, lambda X, Y: LinearModel(L2(0.1), scale=True).fit(X, Y)),
    "moments": (TALL, lambda X, Y: Moments.of(X, holes(Y))),
    "classes": (TALL, lambda X, Y: LinearClassifier(L2(0.1), tol=1e-3).fit(X, Y[:, 0] > 1)),
    # a working set of 64 columns is copied: of these twenty thousand that is little
    "wide classes": (WIDE, lambda X, Y: LinearClassifier(L21(0.1)).fit(X, Y[:, 0] > 1)),
    "wide": (WIDE, lambda X, Y: LinearModel(L21(0.4), tol=1e-3).fit(X, Y)),
    "wide, trace norm": (WIDE, lambda X, Y: LinearModel(TraceNorm(0.9), tol=1e-1).fit(X, Y)),
    "predicting": (TALL, lambda X, Y: fitted(X).predict(X)),
}


def fitted(X):
    few = X[:200]
    return LinearModel(L2(0.1)).fit(few, np.asarray(few @ np.ones((X.shape[1], 3))))


@forms
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("name", WORK)
def test_no_work_copies_the_inputs(tables, form, name):
    shape, work = WORK[name]
    X, Y = tables[shape]
    X = form(X)
    work(form(tables[shape][0][:100]), Y[:100])  # what is imported and compiled on the way
    assert spent(lambda: work(X, Y)) < allowed(X, Y)


@forms
def test_every_form_gives_the_same_answer_and_says_what_it_was(form):
    X, Y = table((200, 8))
    X = form(X)
    full = X.toarray() if sparse.issparse(X) else X
    model = LinearModel(L21(0.1), tol=1e-10).fit(X, Y)
    same = LinearModel(L21(0.1), tol=1e-10).fit(np.array(full, dtype=np.float64), Y)
    np.testing.assert_allclose(model.coef_, same.coef_, atol=1e-6)
    assert model.storage_ == X.dtype.name
    assert model.coef_.dtype == model.intercept_.dtype == np.float64


def test_float32_is_summed_in_float64():
    # sums of squares around 1e8 in float32 would keep no digit of the differences
    X, Y = table((5000, 4))
    far = (X + 1000).astype(np.float32)
    exact = LinearModel(L2(0.01)).fit(far.astype(np.float64), Y)
    for model in (LinearModel(L2(0.01)).fit(far, Y), LinearModel(L2(0.01)).fit(Moments.of(far, Y))):
        np.testing.assert_allclose(model.coef_, exact.coef_, rtol=1e-9)
    labels = Tasks.from_arrays(far, Y[:, :2] > 1, kinds="class")
    single = LinearModel(L2(0.01), tol=1e-9).fit(labels)
    double = LinearModel(L2(0.01), tol=1e-9).fit(labels.with_(X=far.astype(np.float64)))
    np.testing.assert_allclose(single.coef_, double.coef_, rtol=1e-9)


def test_a_verbose_fit_says_it(capsys):
    X, Y = table((20, 3))
    LinearModel(L2(0.1), verbose=1).fit(X.astype(np.float32), Y)
    assert "inputs held in float32, sums in float64" in capsys.readouterr().out


@pytest.mark.parametrize("shape", [TALL, WIDE], ids=["tall", "wide"])
def test_a_mapped_file_is_read_where_it_is(tmp_path, shape):
    X, Y = table(shape)
    np.save(tmp_path / "X.npy", X)
    mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
    model = LinearModel(L21(0.4), tol=1e-3)
    model.fit(mapped[:100], Y[:100])
    assert spent(lambda: model.fit(mapped, Y)) < allowed(X, Y)
    np.testing.assert_allclose(
        model.coef_, LinearModel(L21(0.4), tol=1e-3).fit(X, Y).coef_, atol=1e-9
    )
