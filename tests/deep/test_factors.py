"""Factorised tensors: counts, the bounds of truncation, full ranks, measures of sharing."""

import math

import numpy as np
import pytest
import torch

from polytask.deep.factors import FORMS, cosine, drawn, sharing, softmax_cosine

EVERY = pytest.mark.parametrize("form", FORMS)
SHAPES = pytest.mark.parametrize("shape", [(6, 5, 4), (3, 3, 4, 5, 6)], ids=["matrix", "kernel"])


def tensor(*shape, seed=0):
    return torch.as_tensor(np.random.default_rng(seed).normal(size=shape))


def composed(form, factors):
    return FORMS[form].compose(factors.shared, factors.own)


def by_hand(form, factors):
    """The definition as one sum over all indices."""
    shared, own = factors
    N = len(shared) if form == "tucker" else len(shared) + 1
    D = "abcde"[: N - 1]
    if form == "laf":
        return torch.einsum(
            f"{'abcde'[: shared[0].ndim - 1]}k,kt->{'abcde'[: shared[0].ndim - 1]}t", *shared, own
        )
    if form == "tucker":
        K = "uvwxyz"[:N]
        sides = ",".join(d + k for d, k in zip(D, K[:-1], strict=True))
        return torch.einsum(f"{K},{sides},{K[-1]}t->{D}t", shared[0], *shared[1:], own)
    K = "uvwxyz"[: N - 1]
    inner = ",".join(K[n - 1] + D[n] + K[n] for n in range(1, N - 1))
    return torch.einsum(f"{D[0]}{K[0]},{inner},{K[-1]}t->{D}t", shared[0], *shared[1:], own)


@EVERY
@SHAPES
def test_full_ranks_give_the_tensor_back(form, shape):
    W = tensor(*shape)
    found = composed(form, FORMS[form].decompose(W, 1e-12, None))
    torch.testing.assert_close(found, W, rtol=0, atol=1e-10)


@EVERY
@SHAPES
def test_composition_is_the_sum_that_defines_it(form, shape):
    factors = FORMS[form].decompose(tensor(*shape), 0.3, 3)
    torch.testing.assert_close(composed(form, factors), by_hand(form, factors))


@EVERY
@SHAPES
@pytest.mark.parametrize("tolerance", [0.1, 0.4])
def test_ranks_by_energy_leave_no_more_than_the_tolerance(form, shape, tolerance):
    # singular values that fall, so that something can be left out
    W = tensor(*shape) * torch.logspace(0, -3, shape[-1]) + 1e-3 * tensor(*shape, seed=1)
    factors = FORMS[form].decompose(W, tolerance, None)
    assert (composed(form, factors) - W).norm() <= tolerance * W.norm()
    full = FORMS[form].decompose(W, 1e-12, None)
    assert factors.count < full.count


@pytest.mark.parametrize("K", [1, 2, 3])
def test_laf_leaves_what_eckart_and_young_say(K):
    W = tensor(6, 5, 4)
    found = composed("laf", FORMS["laf"].decompose(W, 1e-12, K))
    s = np.linalg.svd(W.reshape(-1, 4), compute_uv=False)
    np.testing.assert_allclose((found - W).norm(), math.sqrt((s[K:] ** 2).sum()), rtol=1e-12)


@SHAPES
@pytest.mark.parametrize("cap", [1, 2, 3])
def test_tucker_and_tt_stay_within_the_bounds_of_their_truncations(shape, cap):
    W = tensor(*shape)
    modes = [W.movedim(k, 0).reshape(size, -1) for k, size in enumerate(shape)]
    cuts = [W.reshape(math.prod(shape[:k]), -1) for k in range(1, len(shape))]
    for form, matrices in (("tucker", modes), ("tt", cuts)):
        left = [np.linalg.svd(M, compute_uv=False)[cap:] for M in matrices]
        bound = math.sqrt(sum((s**2).sum() for s in left))
        error = (composed(form, FORMS[form].decompose(W, 1e-12, cap)) - W).norm()
        # no truncation of one unfolding is nearer than its own best one
        assert max(np.linalg.norm(s) for s in left) - 1e-9 <= error <= bound + 1e-9


def test_the_sides_of_tucker_are_orthonormal_and_laf_splits_its_scale_evenly():
    W = tensor(6, 5, 4)
    tucker = FORMS["tucker"].decompose(W, 1e-12, 3)
    for side in (*tucker.shared[1:], tucker.own.mT):
        torch.testing.assert_close(side.mT @ side, torch.eye(3).double(), rtol=0, atol=1e-12)
    for form in ("laf", "tt"):
        factors = FORMS[form].decompose(W, 1e-12, 3)
        left = factors.shared[-1].reshape(-1, 3)
        torch.testing.assert_close(left.norm(dim=0), factors.own.norm(dim=1), rtol=1e-9, atol=0)


@EVERY
def test_random_factors_have_the_shapes_the_counts_and_the_scale_that_are_asked(form):
    torch.manual_seed(0)
    sizes, T, K = (3, 3, 8, 16), 5, 4
    factors = drawn(FORMS[form], sizes, T, K, std=0.2)
    counts = {
        "laf": 4 * (3 * 3 * 8 * 16 + 5),
        "tucker": 3 * 3 * 4 * 4 * 4 + 3 * 3 + 3 * 3 + 8 * 4 + 16 * 4 + 5 * 4,
        "tt": 3 * 3 + 3 * 3 * 4 + 4 * 8 * 4 + 4 * 16 * 4 + 4 * 5,
    }
    assert factors.count == counts[form]
    W = composed(form, factors)
    assert W.shape == (*sizes, T)
    np.testing.assert_allclose(W.std(), 0.2, rtol=1e-5)


@EVERY
def test_gradients_of_factors_are_the_composed_gradient_contracted_by_hand(form):
    factors = FORMS[form].decompose(tensor(6, 5, 4), 1e-12, 3)
    parts = [one.clone().requires_grad_() for one in (*factors.shared, factors.own)]
    G = tensor(6, 5, 4, seed=3)
    (composed(form, factors._replace(shared=parts[:-1], own=parts[-1])) * G).sum().backward()
    a, b, *_ = (one.detach() for one in parts)
    own = parts[-1].detach()
    if form == "laf":
        expected = [torch.einsum("abt,kt->abk", G, own), torch.einsum("abt,abk->kt", G, a)]
    elif form == "tt":
        expected = [
            torch.einsum("abt,ubv,vt->au", G, b, own),
            torch.einsum("abt,au,vt->ubv", G, a, own),
            torch.einsum("abt,au,ubv->vt", G, a, b),
        ]
    else:
        c = parts[2].detach()
        expected = [
            torch.einsum("abt,au,bv,wt->uvw", G, b, c, own),
            torch.einsum("abt,uvw,bv,wt->au", G, a, c, own),
            torch.einsum("abt,uvw,au,wt->bv", G, a, b, own),
            torch.einsum("abt,uvw,au,bv->wt", G, a, b, c),
        ]
    for part, value in zip(parts, expected, strict=True):
        torch.testing.assert_close(part.grad, value)


def test_a_change_of_basis_between_the_factors_changes_no_weight():
    L, S, M = tensor(6, 5, 3), tensor(3, 4, seed=1), tensor(3, 3, seed=2)
    other = FORMS["laf"].compose([L @ M], torch.linalg.solve(M, S))
    torch.testing.assert_close(other, FORMS["laf"].compose([L], S), rtol=0, atol=1e-10)


def test_sharing_is_zero_for_tasks_of_their_own_and_one_for_rank_one():
    for T, softmax in ((2, 0.648054), (10, 0.819850)):
        eye = torch.eye(T, dtype=torch.float64)
        assert sharing(cosine(eye)).item() == 0
        np.testing.assert_allclose(sharing(softmax_cosine(eye)).item(), softmax, atol=5e-7)
        one = torch.outer(torch.arange(1.0, 4.0), torch.linspace(-2, 3, T)).double()
        np.testing.assert_allclose(sharing(cosine(one)).item(), 1, rtol=1e-12)
    assert sharing(cosine(torch.ones(3, 1))) == 1
