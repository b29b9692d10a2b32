"""Parkinsons: a task per patient, sessions together, and the day only for those who ask."""

import numpy as np
import pytest

from polytask import datasets
from polytask.datasets.parkinsons import sessions
from polytask.errors import ParameterError


def test_a_pause_or_another_patient_starts_a_session():
    patient = np.array([1, 1, 1, 2, 1])
    day = np.array([5.0, 5.4, 12.0, 12.1, 5.8])
    assert sessions(patient, day).tolist() == [0, 0, 1, 2, 0]


def test_an_unknown_target_is_refused():
    with pytest.raises(ParameterError, match=r"target out of \('motor', 'total', 'both'\)"):
        datasets.Parkinsons(target="voice")


@pytest.mark.data("parkinsons")
def test_the_day_is_an_input_only_on_request():
    assert "test_time" not in datasets.load("parkinsons").feature_names
    data = datasets.Parkinsons(test_time=True).load()
    j = data.feature_names.index("test_time")
    assert np.array_equal(data.X[:, j], data.time)


@pytest.mark.data("parkinsons")
def test_no_score_is_among_the_inputs():
    assert not [name for name in datasets.load("parkinsons").feature_names if "UPDRS" in name]


@pytest.mark.data("parkinsons")
def test_both_targets_are_84_tasks_on_the_same_rows():
    data = datasets.Parkinsons(target="both").load()
    assert data.n_tasks == 84
    assert np.array_equal(data["patient 7 motor"].rows, data["patient 7 total"].rows)
    alone = datasets.Parkinsons(target="total").load()
    assert np.array_equal(data["patient 7 total"].y, alone["patient 7"].y)


@pytest.mark.data("parkinsons")
def test_recordings_of_a_session_nearly_share_their_score_and_stay_on_one_side():
    data = datasets.load("parkinsons")
    y = np.nansum(data.Y, axis=1)
    within = [np.ptp(y[data.groups == group]) for group in np.unique(data.groups)]
    assert np.median(within) == 0
    train, test = data.split()
    assert not set(train.groups.tolist()) & set(test.groups.tolist())
    assert (test.n_labels > 0).all()


@pytest.mark.data("parkinsons")
def test_the_trap_is_real_a_line_through_the_days_gives_the_score():
    data = datasets.load("parkinsons")
    scores = np.nansum(data.Y, axis=1)
    missed = 0.0
    for labels in data:
        day = data.time[labels.rows]
        line = np.polyval(np.polyfit(day, labels.y, 1), day)
        missed += ((labels.y - line) ** 2).sum()
    # the record of the data has 0.026 with all inputs; from the voice alone 0.85 stays
    assert missed / ((scores - scores.mean()) ** 2).sum() < 0.05
