"""Parkinsons telemonitoring: voice measures, a task per patient."""

from dataclasses import dataclass

import numpy as np

from polytask.datasets.base import Dataset, one_of
from polytask.datasets.files import DataFile, Repository
from polytask.datasets.readers import numbers, table
from polytask.datasets.tables import shared
from polytask.datasets.writers import packed

REPOSITORY = Repository(
    "behnazrzf/Parkinson-s_Telemonitoring", "f603774b38bfc967f20b4752bec4b6f872917d98"
)
TARGETS = {"motor": ("motor",), "total": ("total",), "both": ("motor", "total")}
# Recordings of one session are minutes apart, sessions about a week; in days.
GAP = 0.5


@dataclass(frozen=True)
class Parkinsons(Dataset):
    """How ill is the patient, heard from the voice? 5,875 recordings of 42 patients.

    A regression task per patient (``patient 1`` ...); with both targets, 84 tasks (``patient 1
    motor``, ``patient 1 total``, ...). Recordings of one session form a group, so that ``split``
    and ``folds`` keep a session on one side; ``data.time`` is the day of the recording.

    Parameters
    ----------
    target : {"motor", "total", "both"}
        Which score of the UPDRS scale.
    test_time : bool
        Whether the day since the start is an input. See the traps.

    Examples
    --------
    >>> Parkinsons(target="both").get_params()
    {'target': 'both', 'test_time': False}
    """

    target: str = "motor"
    test_time: bool = False

    name = "parkinsons"
    title = "Parkinsons telemonitoring"
    rows, features, tasks = 5875, 18, 42
    source = "https://archive.ics.uci.edu/dataset/189/parkinsons+telemonitoring"
    licence = "CC BY 4.0 by the UCI repository (not stated where the copy is)"
    citation = (
        "Tsanas, Little, McSharry, Ramig. Accurate telemonitoring of Parkinson's disease "
        "progression by non-invasive speech tests. IEEE Trans. Biomedical Engineering 57, 2010."
    )
    split = "none fixed; split by session (the default here), by time or by patient"
    traps = (
        "the scores were interpolated on a straight line between visits, so with the day as an "
        "input (``test_time=True``, 19 inputs as in the literature) a line per patient on a random "
        "split is almost exact and says nothing about voices: left out by default. The recordings "
        "of a session, about six, share their score. Age and sex are constant within a patient."
    )
    files = (
        DataFile(
            "parkinsons/parkinsons_updrs.csv.gz",
            "73dc247cb9a549db6c762a2c519d784167bebc3291d8c9fc015c6fa188d1c97c",
            (
                REPOSITORY.file(
                    "data/parkinsons_updrs.data",
                    "f2c7d5025dec4e92e7feae367a5f7ccf58789a10ac6b54bdf15976c599f9dd39",
                ),
            ),
            packed,
            rebuilt=True,
        ),
    )

    def __post_init__(self):
        one_of(self, "target", self.target, TARGETS)

    def load(self):
        names, cells = table(self._path(".csv.gz"))
        values = numbers(cells)
        column = {name: values[:, j] for j, name in enumerate(names)}
        left_out = {"subject#", "motor_UPDRS", "total_UPDRS"}
        left_out |= set() if self.test_time else {"test_time"}
        inputs = [name for name in names if name not in left_out]
        tasks, Y = self._labels(column)
        return shared(
            np.column_stack([column[name] for name in inputs]),
            Y,
            tasks,
            inputs=inputs,
            groups=sessions(column["subject#"], column["test_time"]),
            time=column["test_time"],
        )

    def _labels(self, column):
        patients = np.unique(column["subject#"])
        names, Y = [], []
        for target in TARGETS[self.target]:
            ending = f" {target}" if self.target == "both" else ""
            for patient in patients:
                here = column["subject#"] == patient
                names.append(f"patient {int(patient)}{ending}")
                Y.append(np.where(here, column[f"{target}_UPDRS"], np.nan))
        return names, np.column_stack(Y)


def sessions(patient, day):
    """Number ``(n,)`` of the session of each recording: same patient, no pause above ``GAP``."""
    order = np.lexsort((day, patient))
    new = (np.diff(patient[order]) != 0) | (np.diff(day[order]) > GAP)
    number = np.empty(len(day), dtype=np.int64)
    number[order] = np.concatenate([[0], np.cumsum(new)])
    return number
