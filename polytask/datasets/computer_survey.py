"""Computer survey: ratings of computer profiles, a task per person."""

from dataclasses import dataclass

from polytask.datasets.base import Dataset
from polytask.datasets.files import DataFile, Repository
from polytask.datasets.readers import numbers, table
from polytask.datasets.tables import rows, shared
from polytask.datasets.writers import lines, mat
from polytask.labels import Descriptors

PMTK = Repository("probml/pmtkdata", "42bc2738a294382f9d6ffb1b0203404ffb10295a")
ORIGINAL = PMTK.file(
    "conjointAnalysisComputerBuyers/conjointAnalysisComputerBuyers.mat",
    "6e6b5f98f438c7d15ed6c7adab44322c9345f52263a4f3026322019f184679b5",
)
ATTRIBUTES = (
    *("hot_line", "ram", "screen_size", "cpu_speed", "hard_disk", "cd_rom", "cache", "color"),
    *("availability", "warranty", "software", "guarantee", "price"),
)
COVARIATES = ("FEMALE", "NERD", "USA", "OWN", "APPLY", "EXPERT")
# Of 201 persons asked, these did not rate every profile: the numbers missing from the column CASE
# of ComputerSurveyDataLenk.sav, which lies beside the original.
INCOMPLETE = (31, 39, 40, 41, 64, 95, 117, 140, 146, 153, 170)


def convert_design(content):
    """From the design matrix to a text table of the 20 profiles."""
    design = mat(content)["designMarix"]  # spelled like this in the file
    body = [[i, *map(int, row)] for i, row in enumerate(design, 1)]
    return lines([["profile", "const", *ATTRIBUTES], *body])


def convert_ratings(content):
    """From ratings and covariates to a text table with the number of the person."""
    file = mat(content)
    cases = [case for case in range(1, 202) if case not in INCOMPLETE]
    liked, covariates = file["likeBuy"], file["computerDataZ"][:, 1:]
    body = [
        [case, *map(int, likes), *map(int, known)]
        for case, likes, known in zip(cases, liked, covariates, strict=True)
    ]
    return lines([["CASE", *(f"LIKE.{i}" for i in range(1, 21)), *COVARIATES], *body])


@dataclass(frozen=True)
class ComputerSurvey(Dataset):
    """How likely is it that you buy this computer? 190 persons rate the same 20 profiles, 0 to 10.

    A regression task per person over 13 attributes coded -1 and 1. What is known of the persons
    (female, engineer, citizen, owns one, uses, expertise) is in ``data.descriptors``. The table has
    20 rows; the 3,800 ratings are its labels.

    Examples
    --------
    >>> ComputerSurvey().rows * ComputerSurvey().tasks
    3800
    """

    name = "computer_survey"
    title = "Computer survey (Lenk's conjoint study)"
    rows, features, tasks = 20, 13, 190
    source = "Peter Lenk, University of Michigan; the page is gone"
    licence = "not stated"
    citation = (
        "Lenk, DeSarbo, Green, Young. Hierarchical Bayes conjoint analysis. Marketing Science 15, "
        "1996."
    )
    split = "profiles 1 to 16 for calibration, 17 to 20 for validation: ``splits()``"
    traps = (
        "papers use 180 persons and do not say which; this file has 190 complete ones of 201; one "
        "person gives every profile the same rating; 8 training rows for 14 coefficients is where "
        "sharing has to help."
    )
    files = (
        DataFile(
            "computer_survey/design.csv",
            "b50e7d5293f85fba6320be7df96a15cd5227e4eb2d0b03f4e7511761c9e4ab66",
            (ORIGINAL,),
            convert_design,
            rebuilt=True,
        ),
        DataFile(
            "computer_survey/ratings.csv",
            "074775da4aa8a1399582e2a7ba97460f45d43664477589e6ea3b64c6cd153eca",
            (ORIGINAL,),
            convert_ratings,
            rebuilt=True,
        ),
    )

    def load(self):
        _, design = table(self._path("design.csv"))
        _, ratings = table(self._path("ratings.csv"))
        X = numbers(design)[:, 2:]
        persons = numbers(ratings)
        names = [f"person {int(case)}" for case in persons[:, 0]]
        data = shared(X, persons[:, 1:21].T, names, inputs=ATTRIBUTES)
        known = Descriptors(tuple(name.lower() for name in COVARIATES), persons[:, 21:])
        return data.with_(descriptors=known)

    def parts(self):
        return {"train": rows(0, 16), "test": rows(16, 20)}
