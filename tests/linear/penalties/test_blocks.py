"""Sums over blocks: what penalties say of themselves is what they are."""

import numpy as np
import pytest
from laws.found import classes

from polytask.linear.penalties import Penalty

D, P = 6, 3
DECLARED = [
    one for kind in classes(Penalty) for one in kind.examples() if one.in_blocks(D) is not None
]
declared = pytest.mark.parametrize("penalty", DECLARED, ids=repr)
RNG = np.random.default_rng(0)


def matrices(count=20):
    """Some with rows of zeros, of unlike sizes."""
    for scale in np.geomspace(0.01, 10, count):
        yield scale * RNG.normal(size=(D, P)) * (RNG.random((D, 1)) < 0.7)


def test_there_are_penalties_of_every_norm():
    assert {one.in_blocks(D).norm for one in DECLARED} == {0, 1, 2, 3, 4}


@declared
def test_value_conjugate_and_bound_are_those_of_the_penalty(penalty):
    blocks = penalty.in_blocks(D)
    for W in matrices():
        assert blocks.value(W) == pytest.approx(penalty.value(W), rel=1e-12)
        share = penalty.feasible(W)
        assert blocks.feasible(W) == pytest.approx(share, rel=1e-12)
        assert blocks.conjugate(share * W) == pytest.approx(penalty.conjugate(share * W), rel=1e-12)


@declared
def test_no_block_wants_to_move_exactly_up_to_the_strength_that_leaves_nothing(penalty):
    for V in matrices():
        if V.any():
            top = penalty.alpha_max(V)
            assert penalty.replace(alpha=top).in_blocks(D).score(V).max() == pytest.approx(1)


@declared
def test_blocks_alone_have_their_share_of_the_price(penalty):
    blocks = penalty.in_blocks(D)
    order = RNG.permutation(len(blocks))
    halves = order[: len(order) // 2], order[len(order) // 2 :]
    for W in matrices():
        parts = (blocks.on(some).value(W[blocks.members(some)]) for some in halves)
        assert sum(parts) == pytest.approx(blocks.value(W), rel=1e-12)
    np.testing.assert_array_equal(np.sort(blocks.members(order)), np.arange(D))
