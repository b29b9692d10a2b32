"""Weights of features or tasks as a field holds them: one for each, or pairs with a name."""

from collections.abc import Mapping

import numpy as np

from polytask.errors import require


def frozen_weights(weights):
    """A tuple of floats or of pairs, from a mapping, an array or a list; the same if it is one."""
    if weights is None or (isinstance(weights, tuple) and _plain(weights)):
        return weights
    items = weights.items() if isinstance(weights, Mapping) else weights
    return tuple(
        (_key(one[0]), float(one[1])) if np.ndim(one) or isinstance(one, tuple) else float(one)
        for one in items
    )


def _plain(weights):
    return all(type(one) is float or (type(one) is tuple and len(one) == 2) for one in weights)


def _key(key):
    return key if isinstance(key, str) else int(key)


def in_pairs(weights):
    """Whether some are named: pairs of a name, or a position, and a weight."""
    return any(isinstance(one, tuple) for one in weights)


def numbers(weights):
    """The weights without their names."""
    return [one[1] if isinstance(one, tuple) else one for one in weights or ()]


def counted(weights, count, word):
    """An array ``(count,)`` of ones and the weights that are given."""
    if weights is None:
        return np.ones(count)
    if not in_pairs(weights):
        require(
            len(weights) == count,
            f"Weighted has {len(weights)} weights of {word}. Found {count} {word}"
            + (" (a penalised intercept is the last one)." if word == "features" else "."),
        )
        return np.array(weights)
    found = np.ones(count)
    for at, one in weights:
        require(
            not isinstance(at, str) and 0 <= at < count,
            f"Weighted names {at!r}. Found {count} {word}, counted from 0.",
        )
        found[at] = one
    return found
