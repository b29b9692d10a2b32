"""The factors of docs/translations.md, line by line, against those peers that are installed."""

import numpy as np
import pytest
from sklearn import linear_model as sk

from polytask import Tasks
from polytask.linear import (
    L1,
    L2,
    L21,
    MCP,
    ColumnL2,
    ConvexASO,
    ConvexClustered,
    ElasticL21,
    ElasticNet,
    FusedTemporal,
    GroupLasso,
    L1Linf,
    LinearClassifier,
    LinearModel,
    Positive,
    Split,
    TemporalSmooth,
    TraceNorm,
    Weighted,
)

A, R = 0.2, 0.6
V = (1.0, 0.5, 2.0, 1.0, 1.0, 1.0)
GROUPS = ((0, 1), (2, 3), (4,), (5,))


def table(seed=0, n=40, d=6, T=3):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    return X, X @ rng.normal(size=(d, T)) + rng.normal(size=(n, T))


def ours(penalty, X, Y, **options):
    return LinearModel(penalty, tol=1e-12, max_iter=100_000, **options).fit(X, Y).coef_


TIGHT = {"tol": 1e-13, "max_iter": 100_000}
SCIKIT = {
    "Lasso": (L1(A), lambda n: sk.Lasso(alpha=A, **TIGHT)),
    "ElasticNet": (ElasticNet(A, R), lambda n: sk.ElasticNet(alpha=A, l1_ratio=R, **TIGHT)),
    "MultiTaskLasso": (L21(A), lambda n: sk.MultiTaskLasso(alpha=A, **TIGHT)),
    "MultiTaskElasticNet": (
        ElasticL21(A, R),
        lambda n: sk.MultiTaskElasticNet(alpha=A, l1_ratio=R, **TIGHT),
    ),
    "Ridge": (L2(A), lambda n: sk.Ridge(alpha=A * n)),
    "Lasso positive": (Positive(L1(A)), lambda n: sk.Lasso(alpha=A, positive=True, **TIGHT)),
    "Ridge positive": (Positive(L2(A)), lambda n: sk.Ridge(alpha=A * n, positive=True, **TIGHT)),
}


@pytest.mark.parametrize("name", SCIKIT)
def test_scikit_learn(name):
    X, Y = table()
    penalty, theirs = SCIKIT[name]
    expected = np.array([])
    if name.startswith("MultiTask"):
        expected = theirs(len(X)).fit(X, Y).coef_
    else:
        expected = np.array([theirs(len(X)).fit(X, y).coef_ for y in Y.T])
    np.testing.assert_allclose(ours(penalty, X, Y), expected, atol=1e-5)


@pytest.mark.parametrize("share", [0, 1])
def test_scikit_learn_classes(share):
    X, Y = table()
    y, c = (Y[:, 0] > 0).astype(int), 0.3
    penalty = (L1 if share else L2)(1 / (c * len(X)))
    found = LinearClassifier(penalty, tol=1e-12, max_iter=100_000).fit(X, y)
    # liblinear prices the intercept; saga does not
    theirs = sk.LogisticRegression(C=c, l1_ratio=share, solver="saga", tol=1e-10, max_iter=100_000)
    np.testing.assert_allclose(found.coef_, theirs.fit(X, y).coef_, atol=1e-4)


def test_skglm():
    skglm = pytest.importorskip("skglm")
    X, Y = table()
    y, tight = Y[:, 0], {"tol": 1e-12}
    pairs = [
        (L1(A), skglm.Lasso(alpha=A, **tight)),
        (Weighted(L1(A), V), skglm.WeightedLasso(alpha=A, weights=np.array(V), **tight)),
        (Positive(L1(A)), skglm.Lasso(alpha=A, positive=True, **tight)),
        (MCP(A, gamma=3), skglm.MCPRegression(alpha=A, gamma=3, **tight)),
    ]
    for penalty, theirs in pairs:
        np.testing.assert_allclose(ours(penalty, X, y)[0], theirs.fit(X, y).coef_, atol=1e-6)
    theirs = skglm.MultiTaskLasso(alpha=A, **tight).fit(X, Y)
    np.testing.assert_allclose(ours(L21(A), X, Y), theirs.coef_, atol=1e-6)
    weights = np.array([1.4, 1.2, 1.0, 1.0])
    groups = [list(group) for group in GROUPS]
    theirs = skglm.GroupLasso(groups=groups, alpha=A, weights=weights, **tight).fit(X, y)
    found = ours(GroupLasso(A, GROUPS, weights=tuple(weights)), X, y)[0]
    np.testing.assert_allclose(found, theirs.coef_, atol=1e-6)


def test_celer():
    celer = pytest.importorskip("celer")
    X, Y = table()
    y, tight = Y[:, 0], {"tol": 1e-12}
    groups = [list(group) for group in GROUPS]
    pairs = [
        (L1(A), celer.Lasso(alpha=A, **tight)),
        (Weighted(L1(A), V), celer.Lasso(alpha=A, weights=np.array(V), **tight)),
        (
            GroupLasso(A, GROUPS, weights=(1.0,) * 4),
            celer.GroupLasso(groups=groups, alpha=A, **tight),
        ),
    ]
    for penalty, theirs in pairs:
        np.testing.assert_allclose(ours(penalty, X, y)[0], theirs.fit(X, y).coef_, atol=1e-6)


def test_mutar():
    mutar = pytest.importorskip("mutar")
    sets = [table(seed, T=1) for seed in range(3)]
    X, Y = np.stack([X for X, _ in sets]), np.stack([Y[:, 0] for _, Y in sets])
    data = Tasks.stack({f"t{t}": (X[t], Y[t]) for t in range(3)})
    plain = {"fit_intercept": False, "normalize": False, "tol": 1e-12, "max_iter": 20_000}
    pairs = [
        (L1(A), mutar.IndLasso(alpha=np.full(3, A), **plain)),
        (L21(A), mutar.GroupLasso(alpha=A, **plain)),
        (Split(L21(0.3), L1(A)), mutar.DirtyModel(alpha=0.3, beta=A, **plain)),
    ]
    for penalty, theirs in pairs:
        found = ours(penalty, data, None, fit_intercept=False)
        np.testing.assert_allclose(found, theirs.fit(X, Y).coef_.T, atol=1e-5)


# -- printed objectives: MALSAR, RMTL and glmnet, which are not run here ------------------------

SIZES = (20, 14, 30, 20)
U = len(SIZES) / sum(SIZES)


def sets():
    rng = np.random.default_rng(0)
    found = {}
    for t, n in enumerate(SIZES):
        X = rng.normal(size=(n, 6))
        found[f"t{t}"] = (X, X @ np.r_[1, 1, 0, 0, 0.5, 0] + 0.5 * rng.normal(size=n))
    return found


def total(W, weight):
    """Weighted sums of squares, without intercepts."""
    return sum(w * np.sum((y - X @ W[:, t]) ** 2) for t, ((X, y), w) in enumerate(weight))


def steps(W):
    return W[:, :-1] - W[:, 1:]


def l21(W):
    return np.linalg.norm(W, axis=1).sum()


def columns(W):
    return np.linalg.norm(W, axis=0).sum()


def relaxed(S, eta, k):
    """min over M of ``tr (W (eta I + M)^-1 W')`` from singular values."""
    low, high = 0.0, 1e6
    for _ in range(200):
        level = (low + high) / 2
        m = np.clip(level * S - eta, 0, 1)
        low, high = (level, high) if m.sum() < k else (low, level)
    return np.sum(S**2 / (eta + m))


def singular(W, count):
    """Singular values, filled up with zeros to ``count``."""
    found = np.linalg.svd(W, compute_uv=False)
    return np.pad(found, (0, count - len(found)))


# Half squares or whole ones, the printed price of W (and of its own part), and the penalty here.
PRINTED = {
    "Least_Lasso": (0.5, lambda W: 3 * np.abs(W).sum(), L1(3 * U)),
    "Least_L21": (0.5, lambda W: 3 * l21(W), L21(3 * U)),
    "Least_Trace": (0.5, lambda W: 3 * np.linalg.norm(W, "nuc"), TraceNorm(3 * U)),
    "Least_L21, rho_L2": (
        0.5,
        lambda W: 3 * l21(W) + 0.7 * np.sum(W**2),
        ElasticL21(4.4 * U, 3 / 4.4),
    ),
    "Least_CFGLasso": (
        0.5,
        lambda W: np.abs(W).sum() + 2 * np.abs(steps(W)).sum() + 3 * l21(W),
        FusedTemporal(3 * U, steps=2 / 3, entries=1 / 3),
    ),
    "Least_CMTL": (
        0.5,
        lambda W: 2 * 0.25 * 1.25 * relaxed(singular(W, 4), 0.25, 2),
        ConvexClustered(2 * 2 * 1.25 * U, clusters=2, between=0.2, mean=None),
    ),
    "Least_CASO": (
        0.5,
        lambda W: 2 * 0.25 * 1.25 * relaxed(singular(W, 6), 0.25, 2),
        ConvexASO(2 * 2 * U, h=2, eta=0.25),
    ),
}


@pytest.mark.parametrize("name", PRINTED)
def test_a_printed_sum_of_malsar_is_our_objective_times_a_factor(name):
    half, price, penalty = PRINTED[name]
    data = sets()
    model = LinearModel(penalty, task_weight="size", fit_intercept=False, tol=1e-10)
    W = model.fit(Tasks.stack(data)).coef_.T
    weight = [(table, half) for table in data.values()]
    printed = total(W, weight) + price(W)
    assert printed * U / (2 * half) == pytest.approx(model.objective_, rel=1e-6)
    rng = np.random.default_rng(1)
    for size in (1e-1, 1e-3):
        nearby = [W + size * rng.normal(size=W.shape) for _ in range(50)]
        assert all(total(V, weight) + price(V) > printed for V in nearby)


PARTS = {
    "Least_Dirty": (
        lambda P, Q: 5 * np.abs(P).max(axis=1).sum() + 3 * np.abs(Q).sum(),
        Split(L1Linf(5 * U / 2), L1(3 * U / 2)),
    ),
    "Least_rMTFL": (
        lambda P, Q: 3 * l21(P) + 4 * columns(Q),
        Split(L21(3 * U / 2), ColumnL2(4 * U / 2)),
    ),
    "Least_RMTL": (
        lambda P, Q: 3 * np.linalg.norm(P, "nuc") + 4 * columns(Q),
        Split(TraceNorm(3 * U / 2), ColumnL2(4 * U / 2)),
    ),
}


@pytest.mark.parametrize("name", PARTS)
def test_whole_squares_of_malsar_halve_both_strengths(name):
    price, penalty = PARTS[name]
    data = sets()
    model = LinearModel(penalty, task_weight="size", fit_intercept=False, tol=1e-9, max_iter=50_000)
    model.fit(Tasks.stack(data))
    weight = [(table, 1.0) for table in data.values()]
    P, Q = model.shared_coef_.T, model.own_coef_.T
    printed = total(P + Q, weight) + price(P, Q)
    assert printed * U / 2 == pytest.approx(model.objective_, rel=1e-6)
    rng = np.random.default_rng(1)
    for _ in range(50):
        D, E = 1e-2 * rng.normal(size=(2, *P.shape))
        assert total(P + Q + D + E, weight) + price(P + D, Q + E) > printed


RMTL = {
    "L21, Lam2": (lambda W: A * l21(W) + 0.1 * np.sum(W**2), ElasticL21(A + 0.2, A / (A + 0.2))),
    "Graph": (
        lambda W: 0.3 * np.sum(steps(W) ** 2) + 0.1 * np.sum(W**2),
        TemporalSmooth(0.6, ratio=0.1 / 0.3),
    ),
    "CMTL": (
        lambda W: 0.3 * (1 / 3) * (4 / 3) * relaxed(singular(W, 4), 1 / 3, 2),
        ConvexClustered(2 * 0.3 * 4 / 3, clusters=2, between=0.25, mean=None),
    ),
}


@pytest.mark.parametrize("name", RMTL)
def test_a_printed_mean_of_rmtl_is_our_objective(name):
    price, penalty = RMTL[name]
    data = {key: (X - X.mean(axis=0), y - y.mean()) for key, (X, y) in sets().items()}
    model = LinearModel(penalty, tol=1e-11, max_iter=50_000).fit(Tasks.stack(data))
    W = model.coef_.T
    printed = total(W, [((X, y), 0.5 / len(y)) for X, y in data.values()]) + price(W)
    assert printed == pytest.approx(model.objective_, rel=1e-6)


def test_glmnet_divides_by_the_deviation_of_y_first():
    X, Y = table()
    y, s = Y[:, 0], Y[:, 0].std()
    # its problem for y / s, with strengths over s, as its pages print it
    theirs = sk.ElasticNet(alpha=A / s, l1_ratio=R, fit_intercept=True, **TIGHT)
    expected = theirs.fit(X, y / s).coef_ * s
    e = R * A + (1 - R) * A / s
    np.testing.assert_allclose(ours(ElasticNet(e, R * A / e), X, y)[0], expected, atol=1e-6)
