"""Which datafit for which task, and whether its labels have such a loss."""

import numpy as np

from polytask.errors import DataError, ParameterError, TaskError, UnsupportedError, require
from polytask.linear.datafits import BY_NAME, Datafit


def datafits_of(tasks, datafit):
    """A datafit per task: the one that was named, or that of the task's kind.

    Raises
    ------
    ParameterError
        If a datafit is none.
    TaskError
        If a dict names a task that is not here.
    UnsupportedError
        If there is no loss for the labels of a task's kind; names the task.
    """
    named = datafit if isinstance(datafit, dict) else None
    for value in [datafit] if named is None else named.values():
        require(
            value == "auto" or isinstance(value, Datafit),
            f"datafit needs to be 'auto', a datafit such as Squared(), or a dict of them by task "
            f"name. Found {value!r}.",
            ParameterError,
        )
    chosen = [datafit if named is None else named.get(task.name, "auto") for task in tasks]
    return [_of_kind(t) if fit == "auto" else fit for t, fit in zip(tasks, chosen)]


def _of_kind(task):
    """The datafit that the kind of a task names."""
    require(
        task.kind.loss in BY_NAME,
        f"Task {task.name!r} is {task.kind.name}, and linear models have no loss for its labels. "
        + (
            f"Give one, datafit={{{task.name!r}: Multinomial()}}, which forgets their order, or "
            "take polytask.deep.DeepModel."
            if task.kind.classes is not None
            else "Take polytask.deep.DeepModel."
        ),
        UnsupportedError,
    )
    return BY_NAME[task.kind.loss]


def check_names(tasks, datafit):
    """Refuse a dict of datafits that names a task which is not here."""
    names = [task.name for task in tasks]
    strange = [name for name in datafit if name not in names] if isinstance(datafit, dict) else []
    require(
        not strange,
        f"datafit names {strange[:3]}, and there is no such task. Tasks: {names[:8]}.",
        TaskError,
    )


def check_labels(data, fits):
    """Refuse labels that a datafit has no loss for."""
    for one, fit in zip(data, fits):
        if type(fit).strange is Datafit.strange:
            continue  # it takes all labels
        strange, wanted = fit.strange(one.y)
        if strange.any():
            at = int(np.flatnonzero(strange)[0])
            raise DataError(
                f"{type(fit).__name__} needs labels that are {wanted}. Task {one.task.name!r} has "
                f"{one.y[at]} in row {one.rows[at]}. Correct it, or take another datafit."
            )
