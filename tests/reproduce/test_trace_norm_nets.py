"""Planted ranks and correlations: what is drawn, and that a method that misses them is seen."""

import numpy as np
import pytest

from polytask.reproduce import get, relationship_nets, trace_norm_nets

pytest.importorskip("torch")


def made(one, **numbers):
    """Records of every seed and setting with these lists by strength."""
    return {
        f"{setting} | {seed}": {"status": "ok"} | numbers
        for setting in one.settings
        for seed in range(one.seeds)
    }


def broken(one, records):
    return {row.name for row in one.rows(records) if row.holds is False}


@pytest.mark.parametrize("module", [trace_norm_nets, relationship_nets])
def test_a_draw_gives_the_numbers_that_the_rows_ask_for(module, monkeypatch):
    monkeypatch.setattr(module, "STEPS", 40)
    monkeypatch.setattr(module, "STRENGTHS", (0.3,))
    name = module.__name__.rpartition(".")[2].replace("_", "-")
    piece = get(name).pieces(True)[0]
    record = piece.work()
    assert piece.work() == record  # the seed decides
    assert all(row.complete for row in get(name).rows(made(get(name), **record)))


def test_the_weights_have_the_planted_rank_and_the_rows_their_outputs_apart():
    data, W = trace_norm_nets.drawn(np.random.default_rng(0), 10)
    assert np.linalg.matrix_rank(W) == 2 and W.shape == (64, 10)
    X, y, _ = data.table("t3")
    assert X.shape == (40, 64) and y.shape == (40,)
    assert ((X != 0).sum(axis=1) == 16).all()  # every row is one output's
    noise = y - X @ W[:, 3]
    assert 0.5 < noise.std() < 1.5


def test_ridge_is_at_its_minimum():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(12, 5)), rng.normal(size=12)
    w = trace_norm_nets.ridge(X, y, 0.3)
    slope = 2 * X.T @ (X @ w - y) / 12 + 0.3 * w
    np.testing.assert_allclose(slope, 0, atol=1e-12)


def test_correlations_are_planted():
    draws = [relationship_nets.drawn(np.random.default_rng(s))[1] for s in range(40)]
    found = np.corrcoef(np.concatenate(draws).T)
    # 2,400 draws of each pair: errors of about 1 / 50
    np.testing.assert_allclose(found, relationship_nets.correlations(), atol=0.08)


def test_errors_like_those_of_ridge_and_wrong_signs_are_seen():
    one = get("trace-norm-nets")
    numbers = {"ridge": [0.6, 0.5], "LAF": [0.3, 0.1], "rank": [5, 2]}
    assert broken(one, made(one, **numbers)) == set()
    assert broken(one, made(one, **numbers | {"LAF": [0.3, 0.4]})) == {
        "LAF / ridge, n = 10",
        "LAF / ridge, n = 20",
    }
    one = get("relationship-nets")
    pairs = {name: [0.9, 0.9] for name in relationship_nets.PAIRS}
    numbers = {"ridge": [0.5], "pooled": [1.0], "related": [0.5, 0.2], "signs": [0.0, 1.0]}
    assert broken(one, made(one, **numbers | pairs)) == set()
    bad = numbers | pairs | {"related": [0.4, 0.45]}
    assert broken(one, made(one, **bad)) == {"related / ridge", "signs"}
