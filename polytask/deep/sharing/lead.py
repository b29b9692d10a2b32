"""The stages below the first that learns, which no task can have an opinion on."""

from polytask.deep.shape import Shape
from polytask.deep.trunk import Trunk


def lead(stages, inputs):
    """What stands before the first stage with parameters, as a `Trunk`, and the other stages.

    Columns of a table that are viewed as pictures are the same pictures for all tasks: nothing is
    gained by masking, fusing or scaling them, and a pass for each task is saved. The last stage is
    never one of them.

    Examples
    --------
    >>> from polytask import deep
    >>> stages = (deep.View(1, (4, 4)), deep.Convolution(3), deep.Flat())
    >>> below, above = lead(stages, 16)
    >>> len(below.stages), above == stages[1:]
    (1, True)
    """
    shape, count = Shape.of(inputs), 0
    while count < len(stages) - 1 and not _learns(stages[count], shape):
        shape = Shape.of(stages[count].outputs(shape))
        count += 1
    return Trunk(stages[:count], inputs), stages[count:]


def _learns(stage, shape):
    return any(True for _ in stage.build(shape).parameters())
