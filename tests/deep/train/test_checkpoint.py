"""A training that is killed goes on to the last bit; the file is whole at every moment."""

import os
import random
import signal
import subprocess
import sys
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingLR

from polytask import Tasks, deep
from polytask.deep.train import History
from polytask.errors import ModelFileError

STEPS = 24  # 6 epochs of 4 batches


def parts():
    """A training with everything that remembers: moments, dropout, weights, a schedule."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 4))
    Y = X[:, :2] + X[:, 1:3] ** 2
    Y[rng.random(Y.shape) < 0.3] = np.nan
    train, held = Tasks.from_arrays(X, Y).split(0.2, seed=0)
    with deep.train.Stream(0):
        net = deep.HardSharing(deep.mlp(8), dropout=0.3).build(train.tasks, 4)
    update = deep.Update(
        accumulate=2, clip=1.0, schedule=lambda o: CosineAnnealingLR(o, 24), schedule_after="step"
    )
    run = deep.steps(
        net, train, deep.Uncertainty(), validation=held, epochs=6, batch_size=6, update=update
    )
    return {"run": run, "patience": deep.Patience(net, 50), "history": History()}


def lines(some, step):
    """What a step was, to the last bit."""
    held = step.validation and [value.hex() for value in step.validation.values()]
    losses = [value.hex() for value in step.losses.tolist()]
    return f"{step.number} {step.epoch} {losses} {held} {some['patience'].best.hex()}"


def walk(path, stop):
    """What a user runs, again after every failure; `stop` is the step at which the power fails."""
    some = parts()
    checkpoint = deep.Checkpoint(path / "run.pt", some)
    checkpoint.load()
    with open(path / "log.txt", "a") as log:
        for step in some["run"]:
            some["history"].add(step)
            some["patience"].over(step)
            print(lines(some, step), file=log, flush=True)
            if step.number == stop:
                os.kill(os.getpid(), signal.SIGKILL)
            if step.number % 3 == 0:
                checkpoint.save()
    print([value.hex() for value in some["history"].arrays()["losses"].ravel().tolist()])


def start(path, stop=0):
    words = [sys.executable, __file__, str(path), str(stop)]
    return subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)


def test_after_a_kill_at_a_random_step_the_losses_are_those_of_an_undisturbed_run(tmp_path):
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    whole.mkdir()
    cut.mkdir()
    undisturbed = start(whole)
    assert undisturbed.returncode == 0, undisturbed.stderr
    expected = (whole / "log.txt").read_text().splitlines()
    assert len(expected) == STEPS

    stop = random.SystemRandom().randint(1, STEPS)
    assert start(cut, stop).returncode == -signal.SIGKILL
    assert (cut / "log.txt").read_text().splitlines() == expected[:stop]
    (cut / "log.txt").unlink()
    resumed = start(cut)
    assert resumed.returncode == 0, resumed.stderr
    kept = (stop - 1) // 3 * 3  # the checkpoint after a third step comes after the kill
    assert (cut / "log.txt").read_text().splitlines() == expected[kept:], f"killed at {stop}"
    assert resumed.stdout == undisturbed.stdout


@pytest.mark.parametrize("place", [0, 1, 2, 4, 9])
def test_a_run_taken_up_anywhere_makes_the_same_steps(place, tmp_path):
    def seen(some, steps):
        for step in steps:
            some["patience"].over(step)
            yield lines(some, step)

    whole = parts()
    expected = list(seen(whole, whole["run"]))
    first = parts()
    walk = iter(seen(first, first["run"]))
    assert [next(walk) for _ in range(place)] == expected[:place]
    deep.Checkpoint(tmp_path / "a", first).save()
    again = parts()
    with torch.no_grad():
        for p in again["run"].learner.net.parameters():
            p.zero_()
    assert deep.Checkpoint(tmp_path / "a", again).load()
    assert list(seen(again, again["run"])) == expected[place:]


class Growing(nn.Module):
    """A net with another layer after its second epoch, which it says in its extra state."""

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(4, 4)])
        self.head = nn.Linear(4, 2)

    def grow(self, count):
        while len(self.layers) < count:
            self.layers.append(nn.Linear(4, 4))

    def after_epoch(self, epoch, source):
        self.grow(2 if epoch >= 2 else 1)
        return epoch == 2

    def forward(self, X):
        for layer in self.layers:
            X = torch.tanh(layer(X))
        return {"y0": self.head(X)[:, :1], "y1": self.head(X)[:, 1:]}

    def get_extra_state(self):
        return len(self.layers)

    def set_extra_state(self, count):
        self.grow(count)


@pytest.mark.parametrize("place", [2, 4, 7])
def test_a_net_that_grows_is_taken_up_at_the_size_it_had(place, tmp_path):
    X = np.random.default_rng(0).normal(size=(30, 4))
    data = Tasks.from_arrays(X, X[:, :2])

    def growing():
        with deep.train.Stream(0):
            net = Growing()
        update = deep.Update(schedule=lambda o: CosineAnnealingLR(o, 9))
        return deep.steps(net, data, epochs=4, batch_size=15, update=update)

    expected = [step.losses.tolist() for step in growing()]
    first = growing()
    seen = [step.losses.tolist() for step in islice(first, place)]
    deep.Checkpoint(tmp_path / "a", {"run": first}).save()
    again = growing()
    deep.Checkpoint(tmp_path / "a", {"run": again}).load()
    assert len(again.learner.net.layers) == (2 if place >= 4 else 1)
    assert seen + [step.losses.tolist() for step in again] == expected


def test_a_failure_while_writing_leaves_the_old_file(tmp_path, monkeypatch):
    some = parts()
    checkpoint = deep.Checkpoint(tmp_path / "a", some)
    next(iter(some["run"]))
    checkpoint.save()
    before = (tmp_path / "a").read_bytes()

    def torn(state, file):
        file.write(b"half of it")
        raise OSError("no space left on device")

    monkeypatch.setattr(torch, "save", torn)
    with pytest.raises(OSError, match="no space"):
        checkpoint.save()
    assert (tmp_path / "a").read_bytes() == before
    assert checkpoint.load()


def test_what_is_no_checkpoint_is_refused_and_executes_nothing(tmp_path):
    path = tmp_path / "a"
    assert not deep.Checkpoint(path, parts()).load()
    path.write_bytes(b"something else")
    with pytest.raises(ModelFileError, match="is no checkpoint"):
        deep.Checkpoint(path, parts()).load()
    torch.save({"run": Path}, path)  # a global, which only executing readers give back
    with pytest.raises(ModelFileError, match="is no checkpoint"):
        deep.Checkpoint(path, parts()).load()
    torch.save({"run": {}}, path)
    with pytest.raises(ModelFileError, match=r"Nothing for \['patience', 'history'\]"):
        deep.Checkpoint(path, parts()).load()


if __name__ == "__main__":
    walk(Path(sys.argv[1]), int(sys.argv[2]))
