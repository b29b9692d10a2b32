"""Graphs of tasks: pairs that are linked, each with a weight whose sign says in which sense."""

from itertools import combinations

from polytask.errors import require
from polytask.linear.penalties.columns import positions


def check_edges(penalty):
    """Refuse what is no pair of two tasks, and a pair that stands twice."""
    edges = penalty.edges or ()
    pairs = [frozenset(edge[:2]) for edge in edges]
    bad = [
        edge
        for edge, pair in zip(edges, pairs)
        if len(edge) not in (2, 3) or len(pair) != 2 or pairs.count(pair) > 1
    ]
    require(
        not bad,
        f"{type(penalty).__name__} needs edges (a, b) or (a, b, r) between two different tasks, "
        f"each pair once. Found {bad[:3]}.",
    )


def edges_by_position(edges, outputs):
    """The same edges between columns of W; without edges every pair that means the same.

    >>> from polytask.linear.outputs import Outputs
    >>> outputs = Outputs((("a", None), ("b", None)), (0, 1), ("n", "n"))
    >>> edges_by_position((("b", "a", -1.0),), outputs), edges_by_position(None, outputs)
    (((1, 0, -1.0),), ((0, 1),))
    """
    if edges is None:
        alike = outputs.alike
        pairs = combinations(range(len(alike)), 2)
        return tuple((a, b) for a, b in pairs if alike[a] == alike[b])
    return tuple(_edge(edge, outputs) for edge in edges)


def _edge(edge, outputs):
    ends = [positions((end,), outputs, "graph") for end in edge[:2]]
    require(
        all(len(at) == 1 for at in ends),
        f"An edge by task name needs tasks with one output. Found {edge[:2]}. Use positions.",
    )
    return (ends[0][0], ends[1][0], *edge[2:])
