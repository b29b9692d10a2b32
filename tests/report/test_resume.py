"""A run that is killed in the middle goes on where it stopped, with the same numbers."""

import subprocess
import sys
from pathlib import Path

import pytest
from report.small import Counted, related
from sklearn.linear_model import LinearRegression, Ridge

from polytask import Pooled, report

TESTS = Path(__file__).parents[1]
# 4 outer splits, each with 3 inner fits and one on the whole training part
SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
from report.test_resume import whole_run
whole_run(sys.argv[2])
"""


def whole_run(out, *, data=None, models=None, **options):
    models = models or {"counted": Counted(LinearRegression()), "pooled": Pooled()}
    return report.compare(data or related(), models, folds=4, inner=3, out=out, **options)


@pytest.fixture
def fits(tmp_path, monkeypatch):
    """The number of fits so far."""
    log = tmp_path / "fits"
    log.touch()
    monkeypatch.setenv("FITS", str(log))
    return lambda: len(log.read_text().splitlines())


def test_killed_in_the_middle_and_run_again_gives_the_same_report(tmp_path, fits, monkeypatch):
    undisturbed = whole_run(None)
    assert fits() == 16
    (tmp_path / "fits").write_text("")
    monkeypatch.setenv("KILL_AT", "10")
    command = [sys.executable, "-c", SCRIPT, str(TESTS), str(tmp_path / "out")]
    killed = subprocess.run(command, capture_output=True, check=False)
    assert killed.returncode == -9
    assert fits() == 10  # two splits done, the third in the middle
    monkeypatch.delenv("KILL_AT")
    resumed = whole_run(tmp_path / "out")
    assert fits() == 10 + 8
    for table in ("scores", "overall", "gains", "summary", "best", "paths", "labels", "undefined"):
        assert getattr(resumed, table) == getattr(undisturbed, table)


def test_a_finished_run_fits_nothing_and_says_so(tmp_path, fits):
    first = whole_run(tmp_path)
    steps = []
    again = whole_run(tmp_path, progress=steps.append)
    assert fits() == 16
    assert {step.status for step in steps} == {"resumed"}
    assert (again.scores, again.best, again.models) == (first.scores, first.best, first.models)


def test_other_data_settings_or_models_are_other_work(tmp_path, fits):
    whole_run(tmp_path)
    whole_run(tmp_path, data=related(seed=1))
    assert fits() == 32
    whole_run(tmp_path, select="1se")
    assert fits() == 48
    whole_run(tmp_path, seed=5)
    assert fits() == 64
    whole_run(tmp_path, models={"counted": Counted(Ridge())})
    assert fits() == 80


def test_one_more_model_does_not_refit_the_others(tmp_path, fits):
    whole_run(tmp_path)
    models = {"new": Pooled(Ridge(3.0)), "renamed": Counted(LinearRegression())}
    found = whole_run(tmp_path, models=models)
    assert fits() == 16
    assert {row["model"] for row in found.scores} >= {"new", "renamed"}


def test_a_failed_piece_is_tried_again(tmp_path, fits, monkeypatch):
    monkeypatch.delenv("FITS")
    assert whole_run(tmp_path).models[0]["status"] == "failed"
    monkeypatch.setenv("FITS", str(tmp_path / "fits"))
    assert whole_run(tmp_path).models[0]["status"] == "ok"
