"""Fusion along any graph, row by row, by cuts: a set of nodes is split until nothing parts it.

``start (P + 1,)``, ``head (A,)`` and ``mate (A,)`` are arcs by their tails: each edge has two, one
the mate of the other.
"""

import numpy as np

from polytask.ops.kernels.compiled import compiled

# Forces that are rounding, relative to the largest force at one node.
ROUNDING = 256 * np.finfo(np.float64).eps


@compiled
def levels(start, head, left, part, one, excess, small, level, queue):
    """Distances from the nodes of a part that have something to give; whether it can be taken.

    Nodes out of reach get -1.
    """
    count = 0
    for i in range(len(level)):
        level[i] = -1
        if part[i] == one and excess[i] > small:
            level[i] = 0
            queue[count] = i
            count += 1
    at, found = 0, False
    while at < count:
        i = queue[at]
        at += 1
        found = found or excess[i] < -small
        for a in range(start[i], start[i + 1]):
            j = head[a]
            if part[j] == one and level[j] < 0 and left[a] > small:
                level[j] = level[i] + 1
                queue[count] = j
                count += 1
    return found


@compiled
def push(start, head, mate, left, part, one, excess, small, level, nearest, path, source):
    """Send what a node has to give along shortest ways, until there is none."""
    while excess[source] > small:
        depth, i = 0, source
        while not excess[i] < -small:
            moved = False
            while nearest[i] < start[i + 1]:
                a = nearest[i]
                j = head[a]
                if part[j] == one and left[a] > small and level[j] == level[i] + 1:
                    path[depth] = a
                    depth += 1
                    i = j
                    moved = True
                    break
                nearest[i] += 1
            if moved:
                continue
            if depth == 0:
                return
            depth -= 1
            i = head[mate[path[depth]]]
            nearest[i] += 1
        amount = min(excess[source], -excess[i])
        for k in range(depth):
            amount = min(amount, left[path[k]])
        for k in range(depth):
            left[path[k]] -= amount
            left[mate[path[k]]] += amount
        excess[source] -= amount
        excess[i] += amount


@compiled
def fuse_row(z, cap, start, head, mate, w, part):
    """``argmin |w - z|^2 / 2 + sum over edges of cap |w_a - w_b|``; w and part are written.

    The nodes above the mean of a set are those of its smallest cut; what one side pulls at the
    other is then known. ``part`` says which nodes have one size. z is overwritten.
    """
    P = len(z)
    left, excess = np.empty(len(head)), np.empty(P)
    level, queue, nearest = np.empty(P, np.int64), np.empty(P, np.int64), np.empty(P, np.int64)
    path = np.empty(P + 1, np.int64)
    largest = 0.0
    for i in range(P):
        pull = abs(z[i])
        for a in range(start[i], start[i + 1]):
            pull += cap[a]
        largest = max(largest, pull)
    small = ROUNDING * largest
    part[:] = 0
    parts, one = 1, 0
    while one < parts:
        mean, size = 0.0, 0
        for i in range(P):
            if part[i] == one:
                mean += z[i]
                size += 1
        mean /= size
        for i in range(P):
            if part[i] == one:
                excess[i] = z[i] - mean
                for a in range(start[i], start[i + 1]):
                    left[a] = cap[a]
        while levels(start, head, left, part, one, excess, small, level, queue):
            nearest[:] = start[:P]
            for i in range(P):
                if part[i] == one and level[i] == 0:
                    push(start, head, mate, left, part, one, excess, small, level, nearest, path, i)
        above = 0
        for i in range(P):
            above += part[i] == one and level[i] >= 0
        if above == 0 or above == size:
            for i in range(P):
                if part[i] == one:
                    w[i] = mean
            one += 1
            continue
        for i in range(P):
            if part[i] == one and level[i] >= 0:
                for a in range(start[i], start[i + 1]):
                    j = head[a]
                    if part[j] == one and level[j] < 0:
                        z[i] -= cap[a]
                        z[j] += cap[a]
        for i in range(P):
            if part[i] == one and level[i] >= 0:
                part[i] = parts
        parts += 1


@compiled
def fuse_rows(Z, cap, start, head, mate, W, part):
    """`fuse_row` for every row of Z ``(d, P)``.

    >>> one = np.array([0, 1]), np.array([1, 0]), np.array([1, 0])
    >>> W, part = np.empty((1, 2)), np.empty((1, 2), np.int64)
    >>> start, (_, head, mate) = np.array([0, 1, 2]), one
    >>> fuse_rows(np.array([[1.0, 4.0]]), np.full(2, 0.5), start, head, mate, W, part)
    >>> W
    array([[1.5, 3.5]])
    """
    P = Z.shape[1]
    bounded = np.empty_like(cap)
    for row in range(len(Z)):
        z = Z[row].copy()
        low, high = z.min(), z.max()
        # no edge ever carries more than all rows together can give
        most = P * (high - low)
        for a in range(len(cap)):
            bounded[a] = min(cap[a], most)
        fuse_row(z, bounded, start, head, mate, W[row], part[row])
