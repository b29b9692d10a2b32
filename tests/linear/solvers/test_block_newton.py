"""Newton steps on working sets: the same optimum by every form of the data, with less work."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from polytask import Tasks
from polytask.errors import ParameterError, UnsupportedError
from polytask.linear import (
    L1,
    L21,
    BacktrackingGradient,
    BlockNewton,
    Cox,
    ElasticL21,
    GroupLasso,
    Huber,
    L1Linf,
    LinearClassifier,
    Logistic,
    Multinomial,
    Poisson,
    Squared,
    SquaredHinge,
    TraceNorm,
)
from polytask.linear.build import build
from polytask.linear.solvers import automatic, curved, grams

TOL = 1e-8
RNG = np.random.default_rng(0)
LOSSES = {
    "logistic": Logistic(),
    "squared hinge": SquaredHinge(),
    "poisson": Poisson(),
    "huber": Huber(0.7),
}
KINDS = {"logistic": "class", "squared hinge": "class"}


def labels(loss, F):
    """Labels of a loss around outputs F, with noise."""
    if loss in KINDS:
        return (F + RNG.logistic(size=F.shape) > 0).astype(int)
    return RNG.poisson(np.exp(F / 2)).astype(float) if loss == "poisson" else F + F**3 / 9


def outputs(X, T=3):
    W = np.zeros((X.shape[1], T))
    W[:4] = RNG.normal(size=(4, T))
    F = (X - X.mean(axis=0)) @ W
    return F / F.std()


def table(loss, n, d, form=np.asarray, share=1.0):
    X = (RNG.normal(size=(n, d)) + 1) * (RNG.random((n, d)) < share)
    return Tasks.from_arrays(form(X), labels(loss, outputs(X)), kinds=KINDS.get(loss))


def holes(loss):
    X = RNG.normal(size=(60, 80))
    Y = labels(loss, outputs(X)).astype(float)
    Y[RNG.random(Y.shape) < 0.2] = np.nan
    return Tasks.from_arrays(X, Y, kinds=KINDS.get(loss))


def own(loss):
    sets = {}
    for t, n in enumerate((40, 25, 60)):
        X = RNG.normal(size=(n, 80))
        sets[f"t{t}"] = X, labels(loss, outputs(X))[:, t]
    return Tasks.stack(sets, kinds=KINDS.get(loss))


DATA = {
    "few rows": lambda loss: table(loss, 60, 80),
    "many rows": lambda loss: table(loss, 200, 80),
    "holes": holes,
    "own rows": own,
    "csr": lambda loss: table(loss, 60, 80, sparse.csr_array, 0.2),
    "csc": lambda loss: table(loss, 200, 80, sparse.csc_array, 0.2),
}
PENALTIES = {
    "L21": L21(),
    "L1": L1(),
    "L1Linf": L1Linf(),
    "ElasticL21": ElasticL21(l1_ratio=0.8),
    "GroupLasso": GroupLasso(groups=((5, 0, 11), (3, 1))),
}
losses = pytest.mark.parametrize("loss", LOSSES)
tables = pytest.mark.parametrize("data", DATA)
penalties = pytest.mark.parametrize("penalty", PENALTIES.values(), ids=PENALTIES)


def posed(data, loss, penalty, share=0.2):
    """A problem, and the penalty at a share of the strength that leaves nothing."""
    problem = build(DATA[data](loss), datafit=LOSSES[loss])
    return problem, penalty.replace(alpha=share * penalty.alpha_max(problem.null.gradient))


@tables
@losses
@penalties
def test_it_ends_where_first_order_steps_end(data, loss, penalty):
    problem, one = posed(data, loss, penalty)
    assert automatic(problem, one) == BlockNewton()
    fast = BlockNewton(first=8).solve(problem, one, tol=TOL)
    slow = BacktrackingGradient().solve(problem, one, tol=TOL, max_iter=100_000)
    assert fast.converged
    assert fast.iterations <= 100
    assert abs(fast.objective - slow.objective) <= 1.1 * TOL * problem.null.value


@tables
@losses
def test_leaving_features_out_changes_no_answer(data, loss):
    problem, one = posed(data, loss, L21(), 0.5)
    some = BlockNewton(first=8).solve(problem, one, tol=TOL)
    every = BlockNewton(first=problem.n_features).solve(problem, one, tol=TOL)
    assert some.screened > 0 and every.screened == 0
    assert abs(some.objective - every.objective) <= 1.1 * TOL * problem.null.value
    np.testing.assert_allclose(some.W, every.W, atol=1e-2)


@tables
@losses
def test_a_warm_start_ends_where_a_cold_one_does(data, loss):
    problem, near = posed(data, loss, L21(), 0.4)
    one = near.replace(alpha=near.alpha / 2)
    start = BlockNewton().solve(problem, near, tol=TOL).W
    warm = BlockNewton(first=8).solve(problem, one, start=start, tol=TOL)
    cold = BlockNewton(first=8).solve(problem, one, tol=TOL)
    assert abs(warm.objective - cold.objective) <= 1.1 * TOL * problem.null.value


@losses
def test_without_intercepts_and_with_scales_it_ends_where_first_order_steps_end(loss):
    for options in ({"fit_intercept": False}, {"scale": True}):
        problem = build(DATA["few rows"](loss), datafit=LOSSES[loss], **options)
        one = L21(0.2 * L21().alpha_max(problem.null.gradient))
        fast = BlockNewton(first=8).solve(problem, one, tol=TOL)
        slow = BacktrackingGradient().solve(problem, one, tol=TOL, max_iter=100_000)
        assert abs(fast.objective - slow.objective) <= 1.1 * TOL * problem.null.value


def test_kinds_may_mix_and_squared_losses_keep_their_statistics():
    X = RNG.normal(size=(200, 30))
    F = outputs(X, 2)
    sets = {"number": (X, F[:, 0]), "sort": (X, labels("logistic", F[:, 1]))}
    problem = build(Tasks.stack(sets, kinds={"number": "regression", "sort": "binary"}))
    one = L21(0.2 * L21().alpha_max(problem.null.gradient))
    fast = BlockNewton(first=8).solve(problem, one, tol=TOL)
    slow = BacktrackingGradient().solve(problem, one, tol=TOL, max_iter=100_000)
    assert fast.converged
    assert abs(fast.objective - slow.objective) <= 1.1 * TOL * problem.null.value


def test_it_gives_the_coefficients_of_scikit_learn():
    data = DATA["many rows"]("logistic")
    y = data.Y[:, 0].astype(int)
    ours = LinearClassifier(L1(0.02), solver=BlockNewton(), tol=1e-12).fit(data.X, y)
    one = LogisticRegression(C=1 / (200 * 0.02), l1_ratio=1, solver="saga", tol=1e-9)
    theirs = one.set_params(max_iter=100_000).fit(data.X, y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-4)
    np.testing.assert_allclose(ours.intercept_, theirs.intercept_, atol=1e-4)


def test_a_table_and_its_grams_give_one_model():
    problem, one = posed("few rows", "logistic", L21())
    price, W = one.in_blocks(80), RNG.normal(size=(80, 3)) / 100
    rows, whole = (form(problem, price) for form in (curved.CurvedRows, curved.CurvedGrams))
    for model in (rows, whole):
        model.extend(np.arange(80))
        model.start(W, problem.at(W))
    for _ in range(200):
        rows.sweep(1)
        whole.sweep(1)
    np.testing.assert_allclose(rows.W, whole.W, atol=1e-6)
    assert rows.loss() == pytest.approx(whole.loss(), rel=1e-9)
    np.testing.assert_allclose(rows.correlations(), whole.correlations(), atol=1e-8)


def test_where_models_would_be_too_large_first_order_steps_finish(monkeypatch):
    monkeypatch.setattr(grams, "LARGEST", 300)
    for loss in ("logistic", "poisson"):
        problem, one = posed("own rows", loss, L21())
        solution = BlockNewton(first=8).solve(problem, one, tol=1e-6)
        assert solution.converged


def test_what_it_cannot_do_is_refused_by_name():
    problem, one = posed("many rows", "logistic", L21())
    with pytest.raises(UnsupportedError, match="BlockNewton takes sums over blocks"):
        BlockNewton().solve(problem, TraceNorm(0.1))
    other = build(DATA["many rows"]("logistic"), datafit=Multinomial())
    with pytest.raises(UnsupportedError, match=r"one row at a time. Found \['multinomial'"):
        BlockNewton().solve(other, one)
    assert BlockNewton().refuses(build(DATA["many rows"]("huber"), datafit=Squared()), one) is None
    assert not Cox().apart
    with pytest.raises(ParameterError, match="first >= 1"):
        BlockNewton(first=0)
