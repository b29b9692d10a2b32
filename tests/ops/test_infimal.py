import cvxpy as cp
import numpy as np
import pytest

from polytask.ops.infimal import (
    alternate,
    clip_level_ball,
    clip_level_largest,
    project_box_ball,
    project_box_simplex,
)
from polytask.ops.prox import shrink_rows, soft_threshold

LENGTHS = {
    project_box_ball: 2,
    project_box_simplex: 1,
    clip_level_ball: 2,
    clip_level_largest: "inf",
}


def rows(P, seed=0):
    """Rows with zeros, with ties, and all zero."""
    Z = 2 * np.random.default_rng(seed).normal(size=(5, P))
    Z[0], Z[1, 0], Z[2] = 0, 0, 1.3
    return Z


@pytest.mark.parametrize("project", [project_box_ball, project_box_simplex])
@pytest.mark.parametrize(("box", "ball"), [(0.5, 0.9), (2.0, 1.0), (0.3, 3.0), (0.5, 0.5)])
@pytest.mark.parametrize("P", [1, 4])
def test_projections_are_those_of_a_general_solver(project, box, ball, P):
    Z = rows(P)
    X = cp.Variable(Z.shape)
    limits = [cp.abs(X) <= box, cp.norm(X, LENGTHS[project], axis=1) <= ball]
    cp.Problem(cp.Minimize(cp.sum_squares(X - Z)), limits).solve(solver="CLARABEL")
    # the general solver ends 1e-5 away where two limits meet
    np.testing.assert_allclose(project(Z, box, ball), X.value, atol=5e-5)
    length = np.linalg.norm(project(Z, box, ball), LENGTHS[project], axis=1)
    assert np.all(length <= ball * (1 + 1e-12))


@pytest.mark.parametrize("level", [clip_level_ball, clip_level_largest])
@pytest.mark.parametrize("ratio", [0.1, 0.25, 0.5, 0.7, 1.0, 2.0])
def test_clipping_at_the_level_is_the_cheapest_split(level, ratio):
    W = rows(4)
    S = cp.Variable(W.shape)
    rest = cp.sum(cp.norm(W - S, LENGTHS[level], axis=1))
    best = cp.Problem(cp.Minimize(ratio * cp.sum(cp.abs(S)) + rest)).solve(solver="CLARABEL")
    m = level(W, ratio)
    B = np.clip(W, -m, m)
    order = np.inf if level is clip_level_largest else 2
    ours = ratio * np.abs(W - B).sum() + np.linalg.norm(B, order, axis=1).sum()
    assert ours == pytest.approx(best, rel=1e-7)


def test_where_one_part_is_too_dear_it_is_empty():
    W = rows(4)
    for level in (clip_level_ball, clip_level_largest):
        assert np.all(level(W, 1.0) >= np.abs(W).max(axis=1, keepdims=True))
    assert not np.any(clip_level_ball(W, 1 / np.sqrt(4)))
    assert not np.any(clip_level_largest(W, 1 / 4))


def test_two_steps_in_turn_meet_at_the_minimum():
    Z = rows(4)
    B, S = alternate(Z, lambda U: shrink_rows(U, 0.8), lambda U: soft_threshold(U, 0.5))
    exact = Z - project_box_ball(Z, 0.5, 0.8)
    np.testing.assert_allclose(B + S, exact, atol=1e-12)
