"""What every datafit obeys; found by walking the package."""

import numpy as np
import pytest
from laws.found import classes
from scipy import sparse
from scipy.optimize import check_grad

from polytask.kinds import Binary, Counts, Multiclass, Regression, Survival
from polytask.linear.datafits import BY_NAME, Datafit

RNG = np.random.default_rng(0)
KINDS = [Regression(), Binary(), Multiclass(classes=(0, 1, 2)), Counts(), Survival()]


def takes(fit, kind):
    try:
        return fit.width(kind) > 0
    except ValueError:
        return False


PAIRS = [
    (fit, kind)
    for one in classes(Datafit)
    for fit in one.examples()
    for kind in KINDS
    if takes(fit, kind)
]


def those(wanted=lambda fit: True):
    return pytest.mark.parametrize(
        ("fit", "kind"), [pair for pair in PAIRS if wanted(pair[0])], ids=lambda v: type(v).__name__
    )


every = those()
apart = those(lambda fit: fit.apart and not fit.kinked)
bounded = those(lambda fit: fit.curvature is not None)


def labels(fit, kind, n, rng):
    if kind.name == "survival":
        return rng.integers(1, 7, n) * rng.choice([-1.0, 1.0], n)  # times with ties
    if kind.name == "counts" or fit.name == "poisson":
        return rng.poisson(2.0, n).astype(float)
    if kind.classes is None:
        return 2 * rng.normal(size=n)
    return rng.integers(0, len(kind.classes), n).astype(float)


def rows(fit, kind, n=12, seed=0):
    """Targets, outputs and weights, one weight a row, some of them zero."""
    rng = np.random.default_rng(seed)
    Y = fit.targets(labels(fit, kind, n, rng), kind)
    A = rng.integers(0, 3, size=(n, 1)) / n
    return Y, rng.normal(size=Y.shape), A


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_names_a_datafit_that_takes_it(kind):
    fit = BY_NAME[kind.loss]
    assert fit.name == kind.loss
    assert fit.width(kind) == kind.width


@every
def test_targets_have_a_column_per_output(fit, kind):
    Y, _, _ = rows(fit, kind)
    assert Y.shape[1] == fit.width(kind)


@every
def test_the_residual_is_minus_the_derivative(fit, kind):
    Y, F, A = rows(fit, kind)

    def value(f):
        return fit.value(Y, f.reshape(Y.shape), A)

    def slope(f):
        return -(A * fit.residual(Y, f.reshape(Y.shape), A)).ravel()

    assert check_grad(value, slope, F.ravel()) < 1e-6


@apart
def test_the_second_derivative_is_that_of_a_single_output_and_below_the_curvature(fit, kind):
    Y, F, A = rows(fit, kind)
    h = 1e-5
    for k in range(Y.shape[1]):
        move = np.zeros_like(F)
        move[:, k] = h
        numeric = (fit.residual(Y, F - move, A) - fit.residual(Y, F + move, A))[:, k] / (2 * h)
        np.testing.assert_allclose(fit.second(Y, F, A)[:, k], numeric, atol=1e-8)
    if fit.curvature is not None:
        assert fit.second(Y, F, A).max() <= fit.curvature + 1e-12


@those(lambda fit: not fit.apart)
def test_where_rows_are_coupled_the_gram_is_the_second_derivative_and_below_that_of_rows(fit, kind):
    Y, F, A = rows(fit, kind)
    X, h = np.random.default_rng(3).normal(size=(len(F), 3)), 1e-5
    numeric = np.column_stack(
        [
            X.T @ (A * (fit.residual(Y, F - h * x, A) - fit.residual(Y, F + h * x, A))) / (2 * h)
            for x in X.T[:, :, None]
        ]
    )
    exact = fit.gram(X, Y, F, A)[0]
    np.testing.assert_allclose(exact, numeric, atol=1e-8)
    np.testing.assert_allclose(fit.gram(sparse.csr_array(X), Y, F, A)[0], exact, atol=1e-12)
    above = X.T @ (A * fit.second(Y, F, A) * X) - exact
    assert np.linalg.eigvalsh(above).min() >= -1e-12


@bounded
def test_the_gradient_grows_no_faster_than_the_curvature(fit, kind):
    Y, F, A = rows(fit, kind)
    for seed in range(20):
        G = F + np.random.default_rng(seed).normal(size=F.shape)
        apart = fit.residual(Y, F, A) - fit.residual(Y, G, A)
        length = np.linalg.norm(apart, axis=1)
        assert np.all(length <= fit.curvature * np.linalg.norm(F - G, axis=1) + 1e-12)


@every
def test_the_dual_is_attained_at_the_residual_and_bounds_elsewhere(fit, kind):
    # Fenchel: loss(f) >= -<f, r> - conjugate(-r), with equality at r = residual(f)
    Y, F, A = rows(fit, kind)
    R = fit.residual(Y, F, A)
    here = fit.dual(Y, F, A, 1.0) - np.sum(A * R * F)
    assert fit.value(Y, F, A) == pytest.approx(here, abs=1e-12)
    for share in (0.0, 0.3, 0.9):
        assert fit.value(Y, F, A) >= fit.dual(Y, F, A, share) - share * np.sum(A * R * F) - 1e-12
        _, G, _ = rows(fit, kind, seed=5)
        assert fit.value(Y, G, A) >= fit.dual(Y, F, A, share) - share * np.sum(A * R * G) - 1e-12


@every
@pytest.mark.parametrize("start", [0.0, 30.0, -200.0])
def test_with_the_best_intercepts_residuals_sum_to_zero_from_any_start(fit, kind, start):
    Y, F, A = rows(fit, kind)
    b = fit.intercept(Y, 5 * F, A, np.linspace(-1, 1, Y.shape[1]) + start)
    if fit.kinked:
        around = [fit.value(Y, 5 * F + b + step, A) for step in (-0.1, -1e-6, 0.0, 1e-6, 0.1)]
        assert np.argmin(around) == 2
        return
    left = np.sum(A * fit.residual(Y, 5 * F + b, A), axis=0)
    np.testing.assert_allclose(left, 0, atol=1e-11)


@every
def test_a_row_without_weight_is_absent(fit, kind):
    Y, F, A = rows(fit, kind)
    here = A[:, 0] > 0
    start = np.zeros(Y.shape[1])
    assert fit.value(Y, F, A) == pytest.approx(fit.value(Y[here], F[here], A[here]), abs=1e-14)
    np.testing.assert_allclose(
        fit.intercept(Y, F, A, start), fit.intercept(Y[here], F[here], A[here], start), atol=1e-10
    )


@every
def test_answers_are_numbers_or_probabilities_of_the_kind(fit, kind):
    _, F, _ = rows(fit, kind)
    answer = fit.answers(F, kind)
    if kind.classes is None:
        assert answer.shape == (len(F),)
        return
    assert answer.shape == (len(F), len(kind.classes))
    np.testing.assert_allclose(answer.sum(axis=1), 1, atol=1e-12)
    assert answer.min() >= 0


@every
def test_far_outputs_overflow_nothing(fit, kind):
    Y, F, A = rows(fit, kind)
    with np.errstate(all="raise", under="ignore"):
        value = fit.value(Y, F * 1e4, A)
        residual = fit.residual(Y, F * 1e4, A)
    assert np.isfinite(value)
    assert np.all(np.isfinite(residual))


@every
def test_no_loss_is_below_zero_and_what_residuals_prove_is_not_above_it(fit, kind):
    Y, F, A = rows(fit, kind)
    assert fit.value(Y, 3 * F, A) >= 0
    assert fit.dual(Y, 3 * F, A, 0.0) <= 1e-12


@every
def test_a_repeated_row_is_an_integer_weight(fit, kind):
    Y, F, A = rows(fit, kind)
    times = np.round(A[:, 0] * len(A)).astype(int)
    again = [np.repeat(M, times, axis=0) for M in (Y, F)]
    ones = np.full((times.sum(), 1), 1 / len(A))
    assert fit.value(*again, ones) == pytest.approx(fit.value(Y, F, A), rel=1e-12)
    assert fit.dual(*again, ones, 0.4) == pytest.approx(fit.dual(Y, F, A, 0.4), rel=1e-12)
    residual = np.repeat(fit.residual(Y, F, A), times, axis=0)
    np.testing.assert_allclose(fit.residual(*again, ones), residual, atol=1e-12)


@pytest.mark.parametrize("K", [2, 3])
def test_one_class_alone_ends_with_a_loss_of_nothing(K):
    kind = Binary() if K == 2 else Multiclass(classes=(0, 1, 2))
    fit = BY_NAME[kind.loss]
    Y, A = fit.targets(np.ones(4), kind), np.full((4, 1), 0.25)
    b = fit.intercept(Y, np.zeros_like(Y), A, np.zeros(Y.shape[1]))
    assert np.all(np.isfinite(b))
    assert fit.value(Y, np.zeros_like(Y) + b, A) < 1e-11
