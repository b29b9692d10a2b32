"""Steps pass by sinks unchanged; what is written is what happened."""

import io
import json
import sys

import numpy as np
import pytest
import torch

from polytask import Tasks, deep
from polytask.deep.train import Step
from polytask.deep.train.log.base import facts
from polytask.deep.train.log.progress import spoken
from polytask.errors import MissingExtraError, ParameterError


def run(epochs=3, names=("y (€)", "z")):
    X = np.random.default_rng(0).normal(size=(30, 3))
    Y = X[:, :2].copy()
    Y[5:, 1] = np.nan
    data = Tasks.from_arrays(X, Y, names=list(names))
    with deep.train.Stream(0):
        net = deep.HardSharing(()).build(data.tasks, 3)
    return deep.steps(net, data, validation=data, epochs=epochs, batch_size=6)


class Kept(deep.Sink):
    def __init__(self):
        self.steps, self.closed = [], 0

    def write(self, step):
        self.steps.append(step)

    def close(self):
        self.closed += 1


def test_all_steps_pass_and_every_so_many_are_noted_and_ends_of_epochs():
    kept = Kept()
    passed = [step.number for step in deep.logged(run(), kept, every=4)]
    assert passed == list(range(1, 16))
    assert [step.number for step in kept.steps] == [4, 5, 8, 10, 12, 15]
    assert kept.closed == 1


def test_a_sink_is_closed_when_the_loop_breaks_or_fails():
    kept = Kept()
    walk = deep.logged(run(), kept)
    next(walk)
    walk.close()
    assert kept.closed == 1

    class Full(Kept):
        def write(self, step):
            raise OSError("disk full")

    full, beside = Full(), Kept()
    with pytest.raises(OSError, match="disk full"):
        list(deep.logged(run(), full, beside))
    assert full.closed == beside.closed == 1


def test_facts_are_those_of_the_tasks_that_were_there():
    step = next(s for s in run() if not s.present[1] and not s.ends_epoch)
    assert facts(step) == {
        "loss/y (€)": pytest.approx(step.losses[0].item()),
        "weight/y (€)": 1.0,
    }
    last = list(run())[-1]
    assert facts(last)["held out/z"] == last.validation["z"]


def test_a_file_of_lines_goes_on_where_it_ended(tmp_path):
    path = tmp_path / "log.jsonl"
    for _ in range(2):
        for _ in deep.logged(run(epochs=1), deep.Lines(path), every=100):
            pass
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["step"] for line in lines] == [5, 5]
    assert {"epoch", "loss/y (€)", "held out/z"} <= set(lines[0])


def test_progress_says_how_long_it_will_take_from_what_it_saw():
    page, times = io.StringIO(), iter([100.0, 100.5, 110.0, 200.0])
    progress = deep.Progress(page, clock=times.__next__)
    zero = torch.zeros(1)

    def at(done):
        progress.write(Step(1, ("a",), zero + 2, zero == 0, zero, False, None, 1, done))

    at(0.5)  # taken up in the middle
    at(0.51)  # too soon for a line
    at(0.6)
    at(1.0)
    assert page.getvalue().splitlines() == [
        "epoch 1, 50 %, loss 2",
        "epoch 1, 60 %, 40 s left, loss 2",
        "epoch 1, 100 %, loss 2",
    ]


def test_done_is_a_share_of_the_training_that_rises_to_one():
    done = [step.done for step in run()]
    assert done == pytest.approx([i / 15 for i in range(1, 16)])


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s"), (90, "90 s"), (121, "3 min"), (7300, "3 h"), (200_000, "3 d")],
)
def test_times_are_said_in_units_that_people_use(seconds, words):
    assert spoken(seconds) == words


def test_tensorboard_has_the_curves(tmp_path):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    seen = list(deep.logged(run(), deep.TensorBoard(tmp_path)))
    found = EventAccumulator(str(tmp_path)).Reload()
    curve = found.Scalars("loss/y (€)")
    assert [point.step for point in curve] == [step.number for step in seen]
    assert [point.value for point in curve] == pytest.approx([s.losses[0].item() for s in seen])
    assert len(found.Scalars("held out/z")) == 3


@pytest.mark.filterwarnings("ignore::FutureWarning:mlflow")  # folders of files are its oldest store
def test_mlflow_has_the_metrics_and_ends_only_runs_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    mlflow = pytest.importorskip("mlflow")
    mlflow.set_tracking_uri((tmp_path / "store").as_uri())
    list(deep.logged(run(), deep.MLflow({"epochs": 3})))
    assert mlflow.active_run() is None
    (one,) = mlflow.search_runs(output_format="list")
    assert one.data.params == {"epochs": "3"} and one.info.status == "FINISHED"
    history = mlflow.MlflowClient().get_metric_history(one.info.run_id, "loss/y ___")
    assert [point.step for point in history] == list(range(1, 16))
    with mlflow.start_run():
        list(deep.logged(run(epochs=1), deep.MLflow()))
        assert mlflow.active_run() is not None


@pytest.mark.parametrize("sink", ["TensorBoard", "MLflow"])
def test_a_missing_package_is_named_with_its_extra(sink, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, sink.lower(), None)
    with pytest.raises(MissingExtraError, match=r"polytask\[log\]"):
        getattr(deep, sink)(*([tmp_path] if sink == "TensorBoard" else []))


def test_every_needs_a_step():
    with pytest.raises(ParameterError, match="every >= 1"):
        next(deep.logged(run(), every=0))
