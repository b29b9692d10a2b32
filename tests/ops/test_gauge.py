import numpy as np
import pytest

from polytask.ops.gauge import dual_norm
from polytask.ops.prox import shrink_rows, soft_threshold

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_the_dual_of_sums_of_sizes_is_the_largest_size(scale):
    V = scale * RNG.normal(size=(6, 4))
    found = dual_norm(V, lambda W: np.abs(W).sum(axis=1), lambda W: soft_threshold(W, 1.0))
    assert found == pytest.approx(np.abs(V).max(), rel=1e-13)


def test_the_dual_of_lengths_is_the_largest_length():
    V = RNG.normal(size=(6, 4))
    found = dual_norm(V, lambda W: np.linalg.norm(W, axis=1), lambda W: shrink_rows(W, 1.0))
    assert found == pytest.approx(np.linalg.norm(V, axis=1).max(), rel=1e-13)


def test_the_dual_of_a_sum_of_norms_is_found_without_a_formula():
    # sparse group norm |w|_1 + |w|_2: soft threshold, then shrink
    V = RNG.normal(size=(5, 4))

    def step(W):
        return shrink_rows(soft_threshold(W, 1.0), 1.0)

    tau = dual_norm(V, lambda W: np.abs(W).sum(axis=1) + np.linalg.norm(W, axis=1), step)
    assert not np.any(step(V / (tau * (1 + 1e-12))))
    assert np.any(step(V / (tau * (1 - 1e-9))))


def test_nothing_has_dual_norm_zero():
    assert dual_norm(np.zeros((2, 3)), None, None) == 0
