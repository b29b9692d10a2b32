"""Adult: income and marriage of 48,842 persons in 1994."""

from dataclasses import dataclass

from polytask.datasets.census import Census
from polytask.datasets.files import DataFile, Repository
from polytask.datasets.readers import table
from polytask.datasets.tables import rows
from polytask.datasets.writers import packed

PMTK = Repository("probml/pmtkdata", "42bc2738a294382f9d6ffb1b0203404ffb10295a")


@dataclass(frozen=True)
class Adult(Census):
    """Does the person earn more than 50,000 dollars, was the person never married?

    48,842 persons; two binary tasks over numbers and categories. Categories are codes with
    ``levels``, ``?`` is a level of its own. A column that a task is made of is no input.

    Parameters
    ----------
    targets : tuple of {"income_50k", "never_married", "bachelor"}
        The tasks; ``bachelor`` is a bachelor's degree or more.

    Examples
    --------
    >>> Adult(targets=("income_50k",)).rows
    48842
    """

    targets: tuple[str, ...] = ("income_50k", "never_married")

    name = "adult"
    title = "Adult (census income 1994)"
    rows, features, tasks = 48842, 13, 2
    source = "https://archive.ics.uci.edu/dataset/2/adult"
    licence = "CC BY 4.0 by the UCI repository (not stated where the copy is)"
    citation = "Kohavi. Scaling up the accuracy of naive-Bayes classifiers. KDD 1996."
    split = "official, 32,561 training and 16,281 test rows: ``splits()``"
    traps = (
        "``relationship`` (husband, wife) nearly gives marriage away and stays an input; fnlwgt is "
        "the weight of the person in the survey, not a property; 14 inputs in the literature, "
        "which has no second task."
    )
    files = (
        DataFile(
            "adult/adult.data.gz",
            "fb9b6b419c38dd70d75d31f014b7f0905bf76e9625473c593455e31679a93184",
            (
                PMTK.file(
                    "adultCensus/adult.data",
                    "5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d",
                ),
            ),
            packed,
            rebuilt=True,
        ),
        DataFile(
            "adult/adult.test.gz",
            "5dd8e51005f6a86e42f058d66a957721196362cf8e8dde3efc8508532af4a083",
            (
                PMTK.file(
                    "adultCensus/adult.test",
                    "a2a9044bc167a35b2361efbabec64e89d69ce82d9790d2980119aac5fd7e9c05",
                ),
            ),
            packed,
            rebuilt=True,
        ),
    )
    columns = (
        *("age", "workclass", "fnlwgt", "education", "education-num", "marital-status"),
        *("occupation", "relationship", "race", "sex", "capital-gain", "capital-loss"),
        *("hours-per-week", "native-country", "income"),
    )
    numeric = (
        *("age", "fnlwgt", "education-num", "capital-gain", "capital-loss"),
        "hours-per-week",
    )
    never = ("income",)
    made_of = {
        "income_50k": ("income", (">50K",), ()),
        "never_married": ("marital-status", ("Never-married",), ("marital-status",)),
        "bachelor": (
            "education",
            ("Bachelors", "Masters", "Prof-school", "Doctorate"),
            ("education", "education-num"),
        ),
    }

    def load(self):
        _, train = table(self._path("adult.data.gz"), header=False)
        # the first line of the test file is a remark
        _, test = table(self._path("adult.test.gz"), header=False, skip=1)
        return self._table([*train, *test])

    def parts(self):
        return {"train": rows(0, 32561), "test": rows(32561, 48842)}
