"""Planted structures and clusters: what is planted, and that a method that misses them is seen."""

import numpy as np
import pytest

from polytask.reproduce import get, planted_clusters, planted_structure


def made(one, **numbers):
    """Records of every seed and setting with these lists by strength."""
    return {
        f"{setting} | {seed}": {"status": "ok"} | numbers
        for setting in one.settings
        for seed in range(one.seeds)
    }


def broken(one, records):
    return {row.name for row in one.rows(records) if row.holds is False}


@pytest.mark.parametrize("name", ["planted-structure", "planted-clusters"])
def test_a_draw_gives_the_numbers_that_the_rows_ask_for(name):
    one = get(name)
    piece = one.pieces(True)[0]
    record = piece.work()
    assert piece.work() == record  # the seed decides
    rows = list(one.rows(made(one, **record)))
    assert all(row.complete for row in rows)
    first = [row for row in rows if row.name.endswith(one.settings[0]) and row.gate]
    assert first and all(row.holds for row in first)


def test_a_structure_is_planted_and_own_parts_are_small():
    _, W, theta = planted_structure.planted(np.random.default_rng(0), 10)
    np.testing.assert_allclose(theta @ theta.T, np.eye(3), atol=1e-12)
    own = W - theta.T @ theta @ W
    assert np.linalg.norm(own) < 0.1 * np.linalg.norm(W)


def test_an_error_like_that_of_ridge_and_a_structure_that_is_off_are_seen():
    one = get("planted-structure")
    numbers = {"ASO": [0.1, 0.3], "ConvexASO": [0.2], "ridge": [0.5], "cosine": [0.999, 0.2]}
    assert broken(one, made(one, **numbers)) == set()
    bad = broken(one, made(one, **numbers | {"ASO": [0.5, 0.3]}))  # the second strength is best
    assert {"ASO, n 10", "ASO / ridge, n 20", "structure, n 40"} <= bad


def test_clusters_are_planted_and_have_to_be_found():
    _, W, label = planted_clusters.planted(np.random.default_rng(0), 8)
    centres = np.stack([W[:, label == c].mean(axis=1) for c in range(3)], axis=1)
    assert np.abs(W - centres[:, label]).std() < 0.15
    one = get("planted-clusters")
    numbers = {"clustered": [0.15], "ridge": [0.6], "agreement": [1.0]}
    assert broken(one, made(one, **numbers)) == set()
    assert broken(one, made(one, **numbers | {"agreement": [0.8]})) == {
        f"clusters, {setting}" for setting in one.settings
    }
