"""Rows that stand for all rows: exact where they can be, never below the best of any rank."""

from itertools import pairwise

import numpy as np
import pytest

from polytask.errors import ParameterError
from polytask.ops.somp import somp

RNG = np.random.default_rng(0)


def error(W, k):
    rows, A = somp(W, k)
    return np.linalg.norm(W - A @ W[rows]) / np.linalg.norm(W)


def low_rank(rank, noise=0.0):
    return RNG.normal(size=(32, rank)) @ RNG.normal(size=(rank, 40)) + noise * RNG.normal(
        size=(32, 40)
    )


@pytest.mark.parametrize("rank", [1, 4, 6])
def test_as_many_rows_as_the_rank_say_everything(rank):
    W = low_rank(rank)
    assert error(W, rank) < 1e-10
    if rank > 1:
        assert error(W, rank - 1) > 1e-3


@pytest.mark.parametrize("columns", [4, 12], ids=["dependent", "independent"])
def test_all_rows_leave_nothing(columns):
    W = RNG.normal(size=(9, columns))
    rows, A = somp(W, 9)
    assert sorted(rows) == list(range(9))
    np.testing.assert_allclose(A, np.eye(9)[:, rows], atol=1e-12)  # every row is itself


def test_errors_fall_and_stay_above_those_of_the_best_matrix_of_the_rank():
    W = low_rank(6, noise=0.05)
    found = [error(W, k) for k in range(1, 33)]
    spectrum = np.linalg.svd(W, compute_uv=False)
    bound = [np.linalg.norm(spectrum[k:]) / np.linalg.norm(spectrum) for k in range(1, 33)]
    assert all(b <= a + 1e-12 for a, b in pairwise(found))
    assert all(f >= b - 1e-12 for f, b in zip(found, bound, strict=True))
    assert found[5] < 0.1 < found[4]


def test_what_is_left_is_orthogonal_to_what_was_picked():
    W = low_rank(6, noise=0.5)
    for k in (1, 5, 20):
        rows, A = somp(W, k)
        assert len(set(rows.tolist())) == k
        np.testing.assert_allclose((W - A @ W[rows]) @ W[rows].T, 0, atol=1e-9)


def test_the_first_row_is_the_one_that_all_rows_lean_on():
    W = RNG.normal(size=(7, 5))
    gains = [sum(abs(row @ r) for row in W) / np.sqrt(r @ r) for r in W]
    assert somp(W, 1)[0].tolist() == [int(np.argmax(gains))]


def test_rows_of_zeros_are_picked_last():
    W = np.vstack([np.zeros((2, 3)), np.eye(3)])
    assert sorted(somp(W, 3)[0]) == [2, 3, 4]
    assert np.isfinite(somp(W, 5)[1]).all()


def test_more_rows_than_there_are_is_refused():
    with pytest.raises(ParameterError, match=r"k in 1..3, the rows of W. Found k=4"):
        somp(np.eye(3), 4)
