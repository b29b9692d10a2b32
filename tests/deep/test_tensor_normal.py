"""The tensor normal prior against Kronecker products that are formed, and planted covariances."""

from itertools import permutations

import numpy as np
import pytest
import torch

from polytask.deep.tensor_normal import (
    correlation,
    inverse,
    log_determinant,
    log_likelihood,
    quadratic,
    scatter,
    sweep,
)

FULL = ("full", "full", "full")


def covariance(size, seed):
    A = np.random.default_rng(seed).normal(size=(size, 3 * size))
    return torch.as_tensor(A @ A.T / (3 * size))


def tensor(*shape, seed=0):
    return torch.as_tensor(np.random.default_rng(seed).normal(size=shape))


def kron(*matrices):
    found = torch.ones(1, 1, dtype=torch.float64)
    for one in matrices:
        found = torch.kron(found, one)
    return found


COVARIANCES = [covariance(size, seed) for seed, size in enumerate((4, 3, 5))]
TASKS = torch.tensor(
    [
        [1.0, 0.9, 0.9, 0, 0],
        [0.9, 1, 0.9, 0, 0],
        [0.9, 0.9, 1, 0, 0],
        [0, 0, 0, 1, -0.9],
        [0, 0, 0, -0.9, 1],
    ],
    dtype=torch.float64,
)


def planted(m, *, seed=0):
    """Draws with known covariances 8 x 4 x 5."""
    roots = [torch.linalg.cholesky(C) for C in (covariance(8, 8), covariance(4, 9), TASKS)]
    return torch.einsum("mabt,ia,jb,st->mijs", tensor(m, 8, 4, 5, seed=seed), *roots)


def test_three_products_are_the_dense_form_in_one_order_of_the_axes_only():
    W = tensor(4, 3, 5)
    found = quadratic(W, [inverse(C) for C in COVARIANCES])
    agree = []
    for order in permutations(range(3)):
        dense = kron(*(COVARIANCES[k] for k in order))
        vec = W.flatten()
        agree.append(bool(torch.isclose(vec @ torch.linalg.solve(dense, vec), found, rtol=1e-10)))
    assert agree == [True, False, False, False, False, False]


def test_diagonals_and_identities_are_matrices_that_are_not_written_out():
    W, d = tensor(4, 3, 5), torch.tensor([0.5, 2.0, 3.0], dtype=torch.float64)
    short = quadratic(W, [None, inverse(d), inverse(COVARIANCES[2])])
    long = [torch.eye(4).double(), torch.diag(d), COVARIANCES[2]]
    torch.testing.assert_close(short, quadratic(W, [inverse(C) for C in long]))
    torch.testing.assert_close(
        log_determinant([None, d, COVARIANCES[2]], (4, 3, 5)), log_determinant(long, (4, 3, 5))
    )


def test_the_determinant_of_a_product_is_a_sum_of_determinants():
    found = log_determinant(COVARIANCES, (4, 3, 5))
    torch.testing.assert_close(found, torch.logdet(kron(*COVARIANCES)))


def test_identities_make_a_ridge():
    W = tensor(4, 3, 5)
    torch.testing.assert_close(quadratic(W, [None, None, None]), W.square().sum())


def test_only_the_product_of_the_scales_counts():
    W = tensor(2, 4, 3, 5)
    a, b, c = COVARIANCES
    torch.testing.assert_close(log_likelihood(W, [a, b, c]), log_likelihood(W, [7 * a, b / 7, c]))
    one, other = (sweep(W, start, FULL) for start in ([a, b, c], [7 * a, b / 7, c]))
    for C, D in zip(one, other, strict=True):
        torch.testing.assert_close(C, D)


@pytest.mark.parametrize("k", [0, 1, 2])
def test_with_the_others_known_it_is_the_covariance_of_whitened_draws(k):
    draws = planted(20)
    covariances = [covariance(8, 8), covariance(4, 9), TASKS]
    others = [C for j, C in enumerate(covariances) if j != k]
    white = torch.linalg.inv(torch.linalg.cholesky(kron(*others)))
    rows = draws.movedim(k + 1, 1).flatten(2) @ white.mT  # (m, D_k, the rest)
    expected = sum(one @ one.mT for one in rows) / (len(draws) * rows.shape[2])
    precisions = [inverse(C) for C in covariances]
    torch.testing.assert_close(scatter(draws, precisions, k), expected)
    diagonal = scatter(draws, precisions, k, diagonal=True)
    torch.testing.assert_close(diagonal, expected.diagonal())


def test_sweeps_never_make_the_draws_less_likely_and_find_what_was_planted():
    draws = planted(50)
    covariances = [torch.eye(size).double() for size in (8, 4, 5)]
    found = [log_likelihood(draws, covariances)]
    for _ in range(8):
        covariances = sweep(draws, covariances, FULL)
        found.append(log_likelihood(draws, covariances))
        assert torch.isclose(covariances[1].trace(), torch.tensor(4.0).double())
        assert torch.isclose(covariances[2].trace(), torch.tensor(5.0).double())
    steps = torch.stack(found).diff()
    assert (steps > -1e-8).all() and steps[0] > 100 and steps[-1] < 1e-6
    # 1600 numbers per entry of the covariance: errors of about 1 / 40
    np.testing.assert_allclose(correlation(covariances[2]), TASKS, atol=0.08)


@pytest.mark.parametrize("rank", [0, 1])
def test_nothing_below_the_ridge_is_inverted_and_the_price_stays_finite(rank):
    W = (tensor(6, 1) @ tensor(1, 12, seed=1)).reshape(6, 3, 4) * rank
    covariances = [torch.eye(size).double() for size in W.shape]
    for _ in range(5):
        covariances = sweep(W[None], covariances, FULL, ridge=0.01)
        for C in covariances:
            assert torch.linalg.eigvalsh(C).min() > 0.01 * (1 - 1e-9)
        assert torch.isfinite(log_likelihood(W[None], covariances))


def test_what_is_fixed_is_left_alone():
    found = sweep(planted(3), [None, None, torch.eye(5).double()], ("fixed", "fixed", "full"))
    assert found[0] is None and found[1] is None
    flat = planted(3).movedim(-1, 0).flatten(1)
    expected = flat @ flat.mT
    torch.testing.assert_close(found[2], 5 * expected / expected.trace())
