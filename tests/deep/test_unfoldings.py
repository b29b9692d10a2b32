"""Unfoldings and trace norms: identities, subgradients, and numpy's own singular values."""

import numpy as np
import pytest
import torch

from polytask.deep.unfoldings import UNFOLDINGS, columnwise, nuclear, shrunk, stacked, thin_svd

FORMS = pytest.mark.parametrize("form", UNFOLDINGS)


def price(form, W):
    return sum(nuclear(M) for M in UNFOLDINGS[form](W))


def tensor(*shape, seed=0):
    return torch.as_tensor(np.random.default_rng(seed).normal(size=shape))


def low_rank(p, q, r):
    return tensor(p, r) @ tensor(r, q, seed=1)


def numpy_norm(M):
    return np.linalg.svd(np.asarray(M), compute_uv=False).sum()


def test_the_task_axis_goes_last_and_a_kernel_first():
    values = tensor(5, 4, 3, 2, 1)  # (T, o, i, height, width)
    assert stacked(values).shape == (2, 1, 3, 4, 5)
    assert torch.equal(columnwise(stacked(values)), values)
    assert stacked(values)[1, 0, 2, 3, 4] == values[4, 3, 2, 1, 0]


def test_norms_of_three_axes_are_those_of_the_unfoldings_by_hand():
    W = tensor(4, 3, 5)
    by_hand = [
        numpy_norm(np.moveaxis(np.asarray(W), k, 0).reshape(size, -1))
        for k, size in enumerate((4, 3, 5))
    ]
    found = {form: [nuclear(M).item() for M in UNFOLDINGS[form](W)] for form in UNFOLDINGS}
    np.testing.assert_allclose(found["tucker"], by_hand, rtol=1e-12)
    np.testing.assert_allclose(found["tt"], [by_hand[0], by_hand[2]], rtol=1e-12)
    np.testing.assert_allclose(found["laf"], [by_hand[2]], rtol=1e-12)


def test_one_task_and_equal_tasks_are_known_multiples_of_the_frobenius_norm():
    W = tensor(6, 4, 1)
    torch.testing.assert_close(price("laf", W), W.norm(), rtol=1e-12, atol=0)
    torch.testing.assert_close(
        price("laf", W.expand(6, 4, 7)), 7**0.5 * W.norm(), rtol=1e-12, atol=0
    )


@FORMS
def test_rotating_an_axis_changes_no_norm_and_norms_obey_the_triangle(form):
    W, V = tensor(4, 3, 5), tensor(4, 3, 5, seed=2)
    for axis, size in enumerate(W.shape):
        Q = torch.linalg.qr(tensor(size, size, seed=3))[0]
        turned = torch.tensordot(W.movedim(axis, -1), Q, 1).movedim(-1, axis)
        torch.testing.assert_close(price(form, turned), price(form, W), rtol=1e-12, atol=0)
    torch.testing.assert_close(price(form, -3 * W), 3 * price(form, W), rtol=1e-12, atol=0)
    assert price(form, W + V) <= price(form, W) + price(form, V)


@FORMS
def test_the_gradient_is_that_of_central_differences(form):
    W = tensor(4, 3, 5).requires_grad_()
    assert torch.autograd.gradcheck(lambda W: price(form, W), (W,), eps=1e-6, atol=1e-6)


@pytest.mark.parametrize("shape", [(30, 4), (4, 30), (6, 5)], ids=str)
@pytest.mark.parametrize("rank", [1, 2, 4])
def test_a_subgradient_is_a_contraction_that_gives_back_the_norm(shape, rank):
    M = low_rank(*shape, rank).requires_grad_()
    nuclear(M).backward()
    G = M.grad
    assert torch.linalg.matrix_norm(G, 2) <= 1 + 1e-9
    # the gram matrix leaves half of the digits to directions that are just kept
    torch.testing.assert_close((G * M.detach()).sum(), nuclear(M.detach()), rtol=1e-9, atol=0)
    np.testing.assert_allclose(nuclear(M).item(), numpy_norm(M.detach()), rtol=1e-7)
    U, s, Vt = thin_svd(M.detach())
    assert len(s) == rank and U.shape[1] == rank and Vt.shape[0] == rank
    torch.testing.assert_close((U * s) @ Vt, M.detach(), rtol=0, atol=1e-8)


def test_nothing_has_no_direction():
    M = torch.zeros(5, 2, dtype=torch.float64, requires_grad=True)
    nuclear(M).backward()
    assert not M.grad.any() and not shrunk(M.detach(), 1.0).any()


@pytest.mark.parametrize("shape", [(30, 4), (4, 6)], ids=str)
def test_shrinking_is_the_minimum_of_norm_and_distance(shape):
    M, by = tensor(*shape), 1.3
    found = shrunk(M, by)
    U, s, Vt = np.linalg.svd(M.numpy(), full_matrices=False)
    np.testing.assert_allclose(found, (U * np.maximum(s - by, 0)) @ Vt, atol=1e-9)

    def cost(Z):
        return by * numpy_norm(Z) + ((Z - M) ** 2).sum().item() / 2

    for scale in (1e-3, 0.3):
        for seed in range(20):
            assert cost(found) <= cost(found + scale * tensor(*shape, seed=seed + 5))
    assert not shrunk(M, s[0] + 1e-9).any()
