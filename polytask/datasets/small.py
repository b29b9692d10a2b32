"""Small regression sets that come with scikit-learn."""

from dataclasses import dataclass

from polytask.datasets.base import Dataset
from polytask.datasets.tables import shared


@dataclass(frozen=True)
class Diabetes(Dataset):
    """How far will the disease be in a year? 442 patients, one regression task.

    Examples
    --------
    >>> Diabetes().load()
    Tasks: 442 rows, 10 inputs, 1 tasks
      progression: regression, labels 442 of 442 (100%)
    """

    name = "diabetes"
    title = "Diabetes"
    rows, features, tasks = 442, 10, 1
    source = "bundled with scikit-learn"
    licence = "not stated"
    citation = (
        "Efron, Hastie, Johnstone, Tibshirani. Least angle regression. Ann. Statistics 32, 2004."
    )
    split = "none"
    traps = (
        "one task: it shows what a method does without company; the inputs are scaled on all rows."
    )

    def load(self):
        from sklearn.datasets import load_diabetes

        bunch = load_diabetes()
        return shared(
            bunch.data, bunch.target[:, None], ["progression"], inputs=bunch.feature_names
        )


@dataclass(frozen=True)
class Linnerud(Dataset):
    """Weight, waist and pulse of 20 men from three exercises: three regression tasks.

    Examples
    --------
    >>> Linnerud().load().names
    ('Weight', 'Waist', 'Pulse')
    """

    name = "linnerud"
    title = "Linnerud"
    rows, features, tasks = 20, 3, 3
    source = "bundled with scikit-learn"
    licence = "not stated"
    citation = "Tenenhaus. La régression PLS: théorie et pratique. Technip 1998."
    split = "none"
    traps = "20 rows: good for an example, never for a verdict."

    def load(self):
        from sklearn.datasets import load_linnerud

        bunch = load_linnerud()
        return shared(bunch.data, bunch.target, bunch.target_names, inputs=bunch.feature_names)
