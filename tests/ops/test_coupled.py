import numpy as np
import pytest

from polytask.ops import coupled


def systems(P, d, shared, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(1 if shared else P, d - 1, d))  # one direction without curvature
    L = rng.normal(size=(P, P))
    return np.swapaxes(X, 1, 2) @ X, L @ L.T + 0.1 * np.eye(P), rng.normal(size=(d, P))


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("dense", [1500, 0])
def test_every_way_solves_the_coupled_system(shared, dense, monkeypatch):
    monkeypatch.setattr(coupled, "DENSE", dense)
    H, M, R = systems(6, 4, shared)
    W = coupled.solve_coupled(H, M, R)
    left = np.column_stack([H[p % len(H)] @ W[:, p] for p in range(6)]) + W @ M
    np.testing.assert_allclose(left, R, atol=1e-9)
