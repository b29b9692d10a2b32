"""At which depth of a trunk every task is read."""

from polytask.errors import TaskError, require


def levels_of(aims, levels, depth, owner):
    """The stage after which every target is read, from 1 to ``depth``, in order.

    Parameters
    ----------
    aims : sequence of T Target
    levels : None, dict of task name -> int, or tuple of int
        None: auxiliary tasks after the first stage, all others after the last. A dict names tasks,
        the others are read after the last stage; a tuple is in task order.
    depth : int
        Number of stages.
    owner : str
        In whose name errors are.

    Raises
    ------
    ParameterError
        If a level is no stage.
    TaskError
        If a task is named that is not among several others.
    """
    each = _each(aims, levels, depth, owner)
    wrong = [level for level in each if not 1 <= level <= depth]
    require(
        not wrong,
        f"{owner} needs levels from 1 to {depth}, the number of stages. Found {wrong[:3]}.",
    )
    return each


def _each(aims, levels, depth, owner):
    if levels is None:
        return [1 if aim.task.role == "auxiliary" else depth for aim in aims]
    if not isinstance(levels, dict):
        return [*levels, *[depth] * len(aims)][: len(aims)]
    names = [aim.name for aim in aims]
    strange = [name for name in levels if name not in names]
    # one task alone is a new one on a fitted net: the names are those of the old ones
    require(
        len(names) == 1 or not strange,
        f"{owner} has levels for {strange[:3]}. The tasks are {names[:10]}.",
        TaskError,
    )
    return [levels.get(name, depth) for name in names]
