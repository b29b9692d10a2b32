"""Computer survey: persons are tasks over the same profiles, and what is known of them stays."""

import numpy as np
import pytest

from polytask import datasets

pytestmark = pytest.mark.data("computer_survey")


def test_persons_share_the_profiles():
    data = datasets.load("computer_survey")
    assert data.shared
    assert set(np.unique(data.X)) == {-1, 1}
    assert data.Y.mean() == pytest.approx(4.751578947)
    assert data.Y.var() == pytest.approx(7.880392244)
    assert data.names[30] == "person 32"  # person 31 did not answer every question


def test_what_is_known_of_a_person_stands_in_the_descriptors():
    known = datasets.load("computer_survey").descriptors
    assert known.names == ("female", "nerd", "usa", "own", "apply", "expert")
    assert known.values.shape == (190, 6)
    assert known.values[0].tolist() == [0, 1, 1, 1, 4, 9]


def test_calibration_profiles_come_before_validation_profiles():
    (train, test) = datasets.ComputerSurvey().splits()[0]
    assert (train.tolist(), test.tolist()) == (list(range(16)), [16, 17, 18, 19])
