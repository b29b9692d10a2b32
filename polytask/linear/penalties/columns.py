"""From names of tasks to columns of W."""

import re

from polytask.errors import TaskError, require


def positions(members, outputs, word):
    """The columns of members: a task name is all its outputs, a number is a column itself.

    ``word`` says in an error where the member was found.

    >>> from polytask.linear.outputs import Outputs
    >>> outputs = Outputs((("a", None), ("b", "x"), ("b", "y")), (0, 1, 1), ("n", "x", "y"))
    >>> positions(("b", 0), outputs, "tree")
    (1, 2, 0)
    """
    found, P = [], len(outputs.task)
    tasks = [name for name, _ in outputs.names]
    for member in members:
        at = [p for p, name in enumerate(tasks) if name == member]
        if not at and not isinstance(member, str):
            at = [int(member)] if 0 <= member < P else []
        require(
            at,
            f"The {word} names {member!r}, which is no task here, and no column of {P}. "
            f"Tasks: {list(dict.fromkeys(tasks))[:8]}.",
            TaskError,
        )
        found += at
    return tuple(found)


def chains(order, outputs):
    """Columns that follow each other: for every meaning of outputs, those of the tasks in order.

    Without an order tasks follow each other by name, numbers in names by value: a task is known by
    its name, and its place in the table means nothing.

    >>> from polytask.linear.outputs import Outputs
    >>> outputs = Outputs((("a", None), ("b", None), ("c", None)), (0, 1, 2), ("n", "n", "n"))
    >>> chains(("c", "a", "b"), outputs)
    ((2, 0, 1),)
    """
    if order is None:
        order = sorted({name for name, _ in outputs.names}, key=_by_number)
    columns = positions(order, outputs, "order")
    columns = tuple(dict.fromkeys(columns))
    require(
        len(columns) == len(outputs.task),
        f"The order needs every task once. Found {order} for {len(outputs.task)} outputs.",
        TaskError,
    )
    found = {}
    for p in columns:
        found.setdefault(outputs.meanings[p], []).append(p)
    return tuple(map(tuple, found.values()))


def _by_number(name):
    return [(part.isdigit(), int(part) if part.isdigit() else part) for part in _split(name)]


def _split(name):
    return re.findall(r"\d+|\D+", name)
