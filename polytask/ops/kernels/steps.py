"""The exact step of one block of coefficients, for five prices.

A block has m rows and P columns; ``z (m, P)`` is what it would be driven by alone, ``h (P,)`` the
curvature of every column. The step minimises

``sum_ip h_p w_ip^2 / 2 - z_ip w_ip + ridge w_ip^2 / 2 + cut price(w)``

where the price is the length of the whole block (`LENGTH`), the sum of the lengths of its columns
(`COLUMNS`), or, for one row, its largest entry (`LARGEST`). For one row it may also be that of the
cheapest split into a shared row, by its length or its largest entry, and single entries
(`SPLIT_LENGTH`, `SPLIT_LARGEST`, see `mixed`): then ``ridge`` is the price of an entry.
"""

import numpy as np

from polytask.ops.kernels.compiled import compiled
from polytask.ops.kernels.mixed import split_largest, split_length

LENGTH, COLUMNS, LARGEST, SPLIT_LENGTH, SPLIT_LARGEST = range(5)

# Newton's steps on one number; it converges from below, three or four are usual.
STEPS = 60
# Relative size of a step of Newton's after which the error, its square, is rounding.
CLOSE = 1e-9


@compiled
def step(form, z, h, cut, ridge, start, new):
    """Write the minimiser into ``new``; whether it is not zero.

    >>> z, new = np.array([[3.0, 4.0]]), np.empty((1, 2))
    >>> step(LENGTH, z, np.array([2.0, 2.0]), 1.0, 0.0, 0.0, new), new
    (True, array([[1.2, 1.6]]))
    """
    if form == LENGTH:
        return shorten(z, h, cut, ridge, start, new)
    if form == COLUMNS:
        return shorten_columns(z, h, cut, ridge, new)
    if form == SPLIT_LENGTH:
        return split_length(z[0], h, cut, ridge, new[0])
    if form == SPLIT_LARGEST:
        return split_largest(z[0], h, cut, ridge, new[0])
    return cap(z, h, cut, ridge, new)


@compiled
def shorten(z, h, cut, ridge, start, new):
    """The step of the length of the block; ``start`` is where its length is sought from."""
    square = new[0]  # only until the steps are written
    for p in range(len(square)):
        total = 0.0
        for i in range(len(z)):
            total += z[i, p] * z[i, p]
        square[p] = total if h[p] + ridge > 0.0 else 0.0
    length = block_length(square, h, cut, ridge, start)
    for p in range(len(square)):
        bend = h[p] + ridge
        share = length / (bend * length + cut) if length > 0.0 and bend > 0.0 else 0.0
        for i in range(len(z)):
            new[i, p] = share * z[i, p]
    return length > 0.0


@compiled
def block_length(square, h, cut, ridge, start):
    """The length of the minimiser of `shorten`, from the squares of the columns.

    It is the root of ``1 / |z / (h length + cut)| = 1``, whose left side is concave and increases,
    so that Newton's steps from below never pass it and the first from above falls below it. A
    step of a billionth of the length is the last one: the next would be beyond rounding.

    >>> block_length(np.array([9.0, 16.0]), np.array([2.0, 2.0]), 1.0, 0.0, 0.0)
    2.0
    """
    total = square.sum()
    if total <= cut * cut:
        return 0.0
    if cut == 0.0:
        total = 0.0
        for p in range(len(square)):
            total += square[p] / (h[p] + ridge) ** 2 if square[p] > 0.0 else 0.0
        return np.sqrt(total)
    length = start
    for _ in range(STEPS):
        whole, slope = 0.0, 0.0
        for p in range(len(square)):
            bend = h[p] + ridge
            shrunk = 1.0 / (bend * length + cut)
            share = square[p] * shrunk * shrunk
            whole += share
            slope += share * bend * shrunk
        # f = whole**-1/2, f' = slope * whole**-3/2
        new = max(length + (np.sqrt(whole) - 1.0) * whole / slope, 0.0)
        if abs(new - length) <= CLOSE * new:
            return new
        length = new
    return length


@compiled
def shorten_columns(z, h, cut, ridge, new):
    """The step of the lengths of the columns; with one row, of the sizes of its entries.

    >>> new = np.empty((1, 2))
    >>> shorten_columns(np.array([[3.0, 0.5]]), np.array([2.0, 2.0]), 1.0, 0.0, new), new
    (True, array([[1., 0.]]))
    """
    kept = False
    for p in range(z.shape[1]):
        length = 0.0
        for i in range(len(z)):
            length += z[i, p] * z[i, p]
        length = np.sqrt(length)
        bend = h[p] + ridge
        share = (1.0 - cut / length) / bend if length > cut and bend > 0.0 else 0.0
        kept |= share > 0.0
        for i in range(len(z)):
            new[i, p] = share * z[i, p]
    return kept


@compiled
def cap(z, h, cut, ridge, new):
    """The step of the largest entry of one row: what is above a level is cut to it.

    The level is the root of ``sum_p (|z_p| - h_p level)_+ = cut``, whose left side is convex and
    falls: Newton's steps from zero never pass it.

    >>> new = np.empty((1, 3))
    >>> cap(np.array([[3.0, -2.0, 0.5]]), np.ones(3), 1.0, 0.0, new), new
    (True, array([[ 2. , -2. ,  0.5]]))
    """
    level = 0.0
    for _ in range(z.shape[1] + STEPS):
        above, slope = -cut, 0.0
        for p in range(z.shape[1]):
            bend = h[p] + ridge
            if bend > 0.0 and abs(z[0, p]) > bend * level:
                above += abs(z[0, p]) - bend * level
                slope += bend
        if above <= 0.0 or slope == 0.0:
            break
        level += above / slope
        if above <= 1e-15 * cut:
            break
    for p in range(z.shape[1]):
        bend = h[p] + ridge
        size = min(abs(z[0, p]) / bend, level) if bend > 0.0 else 0.0
        new[0, p] = size if z[0, p] > 0.0 else -size
    return level > 0.0
