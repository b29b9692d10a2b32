"""Features in groups: how they are named, checked, and measured together."""

from dataclasses import dataclass, replace
from itertools import chain
from numbers import Integral

import numpy as np

from polytask.errors import require
from polytask.linear.penalties.weighted import Weighted


@dataclass(frozen=True, eq=False)
class FeatureGroups:
    """The groups of d features.

    Attributes
    ----------
    label : array (d,)
        The group of every feature; features that were not named are groups of their own.
    price : array (number of groups,)
        The weight of every group.
    """

    label: np.ndarray
    price: np.ndarray

    def lengths(self, W):
        """Length of the coefficients of a group over all columns ``(groups,)``."""
        square = np.einsum("jp,jp->j", W, W)
        return np.sqrt(np.bincount(self.label, square, len(self.price)))

    def dual(self, lengths):
        """Lengths over prices ``(groups,)``; zero where a group is free."""
        price = self.price.reshape(-1, *[1] * (lengths.ndim - 1))
        return np.divide(lengths, price, out=np.zeros_like(lengths), where=price > 0)

    def lengths_each(self, W):
        """Length of the coefficients of a group in every column ``(groups, P)``."""
        P = W.shape[1]
        cell = self.label[:, None] * P + np.arange(P)
        square = np.bincount(cell.ravel(), (W * W).ravel(), len(self.price) * P)
        return np.sqrt(square).reshape(-1, P)


def groups_of(penalty, d):
    """The `FeatureGroups` of a penalty with ``groups`` and ``weights`` on d features."""
    name, groups = type(penalty).__name__, penalty.groups
    last = max(chain.from_iterable(groups), default=-1)
    require(
        last < d,
        f"{name} has feature {last} in a group. Found {d} features, counted from 0. Name the "
        "positions of columns after one-hot encoding.",
    )
    sizes = np.array([len(group) for group in groups], dtype=int)
    label = np.full(d, -1)
    label[list(chain.from_iterable(groups))] = np.repeat(np.arange(len(groups)), sizes)
    alone = np.flatnonzero(label < 0)
    label[alone] = len(groups) + np.arange(len(alone))
    price = np.sqrt(sizes) if penalty.weights is None else np.asarray(penalty.weights, dtype=float)
    return FeatureGroups(label, np.concatenate([price, np.ones(len(alone))]))


def with_free(penalty):
    """Groups of weight zero as `Weighted` has them: features that are free; else the same."""
    if not penalty.frees:
        return penalty
    weights = tuple(weight or 1.0 for weight in penalty.weights)
    free = (group for group, weight in zip(penalty.groups, penalty.weights) if weight == 0)
    features = tuple((j, 0.0) for j in chain.from_iterable(free))
    return Weighted(replace(penalty, weights=weights), features=features)


def check_groups(penalty):
    """Refuse groups that are empty or overlap, and weights that are not one positive number each.

    Lists become tuples, so that the value is one that can be hashed and pasted back.
    """
    object.__setattr__(penalty, "groups", _nested(penalty.groups))
    name, groups = type(penalty).__name__, penalty.groups
    members = list(chain.from_iterable(groups))
    require(
        all(groups) and min(members, default=0) >= 0,
        f"{name} needs groups of one feature or more, named by positions from 0. "
        f"Found {_short(groups)}.",
    )
    twice = _repeated(members)
    require(
        twice is None,
        f"{name} needs groups that do not overlap. Found feature {twice} in two places.",
    )
    if penalty.weights is not None:
        _check_weights(penalty)


def _check_weights(penalty):
    object.__setattr__(penalty, "weights", _flat(penalty.weights))
    name, weights, count = type(penalty).__name__, penalty.weights, len(penalty.groups)
    require(
        len(weights) == count and all(0 <= weight < np.inf for weight in weights),
        f"{name} needs a weight, 0 or more, for each of {count} groups. Found {_short(weights)}. "
        "Default: the square root of the number of features. At 0 a group is free.",
    )


def _repeated(members):
    """A feature that stands in two places, or None."""
    position, count = np.unique(np.asarray(members, dtype=int), return_counts=True)
    return int(position[count > 1][0]) if np.any(count > 1) else None


def _nested(groups):
    # what is right already stays the same object: clone looks at identity
    tuples = isinstance(groups, tuple) and all(isinstance(group, tuple) for group in groups)
    if tuples and all(type(j) is int for group in groups for j in group):
        return groups
    for j in (j for group in groups for j in group):
        require(isinstance(j, Integral), f"Groups hold positions of features. Found {j!r}.")
    return tuple(tuple(int(j) for j in group) for group in groups)


def _flat(weights):
    if isinstance(weights, tuple) and all(type(weight) is float for weight in weights):
        return weights
    return tuple(float(weight) for weight in weights)


def _short(values):
    text = repr(values)
    return text if len(text) < 80 else text[:77] + "..."
