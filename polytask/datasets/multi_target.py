"""Multi-target regression: the Mulan collection."""

from dataclasses import dataclass

from polytask.datasets.mulan import SPYROMITROS, MultiTarget, target_file


@dataclass(frozen=True)
class Andro(MultiTarget):
    """Six water qualities, five days ahead, from five days of measurements in the Thermaikos gulf.

    Examples
    --------
    >>> Andro().tasks
    6
    """

    name = "andro"
    title = "Andromeda"
    rows, features, tasks = 49, 30, 6
    citation = (
        "Hatzikos, Tsoumakas, Tzanis, Bassiliades, Vlahavas. Knowledge-Based Systems 21, 2008. "
        + SPYROMITROS
    )
    traps = "49 rows are few: intervals are wide."
    files = target_file(
        "andro",
        6,
        "08f0e2757b2a7635136ac58ea76c4e801ffeb0a81116b29e6ac169228c8aa132",
        "1bb9870a03ddcaf973415d6759aa8ff022bf2d78ea6e521ccdec73adf09a709c",
    )


@dataclass(frozen=True)
class Atp1d(MultiTarget):
    """Lowest prices of six flight preferences on the next day.

    Examples
    --------
    >>> Atp1d().tasks
    6
    """

    name = "atp1d"
    title = "Airline ticket prices, next day"
    rows, features, tasks = 337, 411, 6
    citation = SPYROMITROS
    traps = (
        "rows are days in a row, and neighbours are alike: a random split is easier than "
        "forecasting."
    )
    files = target_file(
        "atp1d",
        6,
        "ed935ba476c4994ba40d6712d590fb389709cceba7cf7dbbb33ef28c84762bb9",
        "ba4cd95546571557cf8693d43b62366e11cf2b84f9db9c54a5140d048a10082a",
    )


@dataclass(frozen=True)
class Atp7d(MultiTarget):
    """Lowest prices of six flight preferences within seven days.

    Examples
    --------
    >>> Atp7d().tasks
    6
    """

    name = "atp7d"
    title = "Airline ticket prices, seven days"
    rows, features, tasks = 296, 411, 6
    citation = SPYROMITROS
    traps = (
        "rows are days in a row, and neighbours are alike: a random split is easier than "
        "forecasting."
    )
    files = target_file(
        "atp7d",
        6,
        "77d59efdf4a6329c71c854684de7409d0d61d3bebccd6821ae268c1620c95b2d",
        "6ee6351dbefc6b6d3047faed7da93787693671dad4a410639e9624bdb448af98",
    )


@dataclass(frozen=True)
class Edm(MultiTarget):
    """How a human operator turns two controls of a machine.

    Examples
    --------
    >>> Edm().tasks
    2
    """

    name = "edm"
    title = "Electrical discharge machining"
    rows, features, tasks = 154, 16, 2
    citation = f"Karalic, Bratko. First order regression. Machine Learning 26, 1997. {SPYROMITROS}"
    traps = (
        "the targets take the values -1, 0 and 1 only, and are hardly related (mean absolute "
        "correlation 0.005)."
    )
    files = target_file(
        "edm",
        2,
        "37777374030f592a53cbcf597ae0aa6105238a1c696dd04ccb229be982f6bc5b",
        "d4944ca8e45982e0c5bc76718090de01d29302c48a6c75f906cdf2633cad0721",
    )


@dataclass(frozen=True)
class Enb(MultiTarget):
    """Heating and cooling load of 768 building shapes.

    Examples
    --------
    >>> Enb().tasks
    2
    """

    name = "enb"
    title = "Energy efficiency of buildings"
    rows, features, tasks = 768, 8, 2
    citation = f"Tsanas, Xifara. Energy and Buildings 49, 2012. {SPYROMITROS}"
    traps = (
        "the rows are a designed grid of few values, and the two targets are almost one "
        "(correlation 0.976)."
    )
    files = target_file(
        "enb",
        2,
        "8277d9094ccda6da2cd1c2b79c90ca201fa3695e75aca173ffc43138dcab0071",
        "fd4538877ed62c103c3db653cb03852be91aef9754de180d1aa9408883b68498",
    )


@dataclass(frozen=True)
class Jura(MultiTarget):
    """Three heavy metals in the soil of the Swiss Jura, from four others, place, land use and rock.

    Examples
    --------
    >>> Jura().tasks
    3
    """

    name = "jura"
    title = "Jura"
    rows, features, tasks = 359, 15, 3
    citation = (
        f"Goovaerts. Geostatistics for Natural Resources Evaluation. Oxford 1997. {SPYROMITROS}"
    )
    traps = "places near each other are alike: a random split interpolates in space."
    files = target_file(
        "jura",
        3,
        "78ce7655f49073e3622ef7ba25657b3900a2b279ba3d48cb82e353e56bac3d2a",
        "82f2b6a08f3c6b2a79d72340411c2149d9067fe760b33f3307e60616f0f42a51",
    )


@dataclass(frozen=True)
class Oes97(MultiTarget):
    """How many people hold 16 jobs in a city, from the numbers of 263 other jobs.

    Examples
    --------
    >>> Oes97().tasks
    16
    """

    name = "oes97"
    title = "Occupational employment 1997"
    rows, features, tasks = 334, 263, 16
    citation = SPYROMITROS
    traps = (
        "the size of the city drives everything: targets correlate at 0.79, and errors are ruled by"
        " a few large cities."
    )
    files = target_file(
        "oes97",
        16,
        "aee74aa656c709f797f45d817c41996be94c2e924c0f1e7ad315fb7e2f1a9498",
        "259a655f3b96539070d6357b17efd5c780a7402e23f952c99db81da2862a3fdf",
    )


@dataclass(frozen=True)
class Osales(MultiTarget):
    """Sales of a product in each of its first twelve months.

    Examples
    --------
    >>> Osales().tasks
    12
    """

    name = "osales"
    title = "Online sales"
    rows, features, tasks = 639, 401, 12
    citation = SPYROMITROS
    traps = (
        "10,012 gaps in inputs: choose ``impute``. Sales are heavy-tailed, so squared errors are "
        "ruled by a few products. Codes of categories are read as numbers, as in the file. From a "
        "Kaggle competition with its own terms."
    )
    licence = "the terms of the Kaggle competition it comes from"
    files = target_file(
        "osales",
        12,
        "c9c656c7e0131ad1c3f427cea7828f2ed315ec80da6d6f43c05b40b87257efe5",
        "2e9d3e9d3bd9f1f1a2db91f3536d0e2b60a36801760d671c952f0932921a2436",
    )


@dataclass(frozen=True)
class Scpf(MultiTarget):
    """Views, votes and comments of an issue that a citizen reported.

    Examples
    --------
    >>> Scpf().tasks
    3
    """

    name = "scpf"
    title = "See Click Predict Fix"
    rows, features, tasks = 1137, 23, 3
    citation = SPYROMITROS
    traps = (
        "9,255 gaps in inputs: choose ``impute``. The targets are counts with a heavy tail. From a "
        "Kaggle competition with its own terms."
    )
    licence = "the terms of the Kaggle competition it comes from"
    files = target_file(
        "scpf",
        3,
        "f7d3c7b134c0e5ddff56a7900371cb44328f9b7f550203c4a556929203ea81e9",
        "2be91eae77cd1fcf4a9e90d67133b41d512ae35994dd78b2351d5e4523a3ad8e",
    )


@dataclass(frozen=True)
class Slump(MultiTarget):
    """Slump, flow and strength of concrete from what is in it.

    Examples
    --------
    >>> Slump().tasks
    3
    """

    name = "slump"
    title = "Concrete slump"
    rows, features, tasks = 103, 7, 3
    citation = (
        "Yeh. Modeling slump flow of concrete. Cement and Concrete Composites 29, 2007. "
        + SPYROMITROS
    )
    traps = "103 rows are few: intervals are wide."
    files = target_file(
        "slump",
        3,
        "3a9a9eba416b06c7668153b44073a0e165afbfc9e526d53b174e5f97a707ca6c",
        "f45ef700a988bf201517711fdcd2934bc6455537120926e8a02c607c03cc1e23",
    )
