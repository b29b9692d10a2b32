"""Solar flares: multi-target regression on categories, from the Mulan collection."""

from dataclasses import dataclass

from polytask.datasets.mulan import SPYROMITROS, MultiTarget, target_file

BRADSHAW = f"Bradshaw. Solar Flare. UCI Machine Learning Repository, 1989. {SPYROMITROS}"


@dataclass(frozen=True)
class Sf1(MultiTarget):
    """Flares of three classes in a day, from what the active region looks like.

    Examples
    --------
    >>> Sf1().tasks
    3
    """

    name = "sf1"
    title = "Solar flare 1969"
    rows, features, tasks = 323, 10, 3
    citation = BRADSHAW
    traps = "all inputs are categories; most targets are 0, so a mean is hard to beat."
    categorical = True
    files = target_file(
        "sf1",
        3,
        "8f78e64aca64f7c0c7ba4d9b2f114feb2a6f72e6116e87d7dab94e7cab426d93",
        "46d6ac55fc60b92721e7498888e62a29ab43f550eef2354ce5f87cfaf225e9c2",
    )


@dataclass(frozen=True)
class Sf2(MultiTarget):
    """Flares of three classes in a day, from what the active region looks like.

    Examples
    --------
    >>> Sf2().tasks
    3
    """

    name = "sf2"
    title = "Solar flare 1978"
    rows, features, tasks = 1066, 10, 3
    citation = BRADSHAW
    traps = "all inputs are categories; most targets are 0, so a mean is hard to beat."
    categorical = True
    files = target_file(
        "sf2",
        3,
        "2c1ac60f3e612b0e0bc9884ffe98a205ce07ca83f3f89c019220fde350396795",
        "09806e93e1bbbcb7fe24a8327fb4506137755215f45aaf3aa21f68fe72807268",
    )
