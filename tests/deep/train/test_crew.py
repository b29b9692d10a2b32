"""Two processes train one net as one process does on their joint batches."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.distributed as dist

from polytask import Tasks, deep
from polytask.deep.data import Table
from polytask.deep.train.crew import Crew
from polytask.errors import UnsupportedError

pytestmark = pytest.mark.skipif(not dist.is_available(), reason="torch without distributed")


def problem():
    """Labels with holes, so that processes have unlike numbers of them; a task that is rare."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(41, 4))
    Y = X @ rng.normal(size=(4, 3))
    Y[rng.random(Y.shape) < 0.5] = np.nan
    Y[:, 2] = np.nan
    Y[:5, 2] = 1.0
    data = Tasks.from_arrays(X, Y)
    with deep.train.Stream(1):
        net = deep.HardSharing(deep.mlp(8)).build(data.tasks, 4).double()
    net.penalty = lambda: 0.01 * sum((p**2).sum() for p in net.parameters())
    return data, net


def own_data():
    """Tasks with data sets of their own; the last batch has one row, one process nothing."""
    data, net = problem()
    one = {name: data.keep(name).take(~np.isnan(data.Y[:, t])) for t, name in enumerate(data.names)}
    like = next(net.parameters())
    sources = {name: Table.of(part, like) for name, part in one.items()}
    return deep.Mixture(sources), net


def trained(what, net):
    """Weights and losses after a few epochs."""
    options = {"epochs": 3, "batch_size": 8, "update": deep.Update(accumulate=2, clip=5.0)}
    seen = list(deep.steps(net, what, deep.Uncertainty(), validation=what, **options))
    weights = torch.cat([p.detach().ravel() for p in net.parameters()])
    buffers = torch.cat([torch.zeros(1), *(b.double().ravel() for b in net.buffers())])
    scores = torch.tensor([[*s.validation.values()] for s in seen if s.ends_epoch])
    losses = torch.stack([s.losses for s in seen])
    return {"weights": weights, "scores": scores, "losses": losses, "buffers": buffers}


def normed():
    """Statistics and dropout of every process's own, and still one net."""
    data, _ = problem()
    norm, drop = deep.BatchNorm(), deep.Dropout(0.3)
    with deep.train.Stream(1):
        net = deep.HardSharing((deep.Dense(8), norm, drop)).build(data.tasks, 4)
    return data, net.double()


PROBLEMS = {"holes": problem, "own data": own_data, "normed": normed}


def two_processes(name, tmp_path):
    """What each of two processes found."""
    words = [sys.executable, "-m", "torch.distributed.run", "--nproc_per_node=2", "--standalone"]
    done = subprocess.run(
        [*words, __file__, str(tmp_path), name],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert (tmp_path / "run.pt").exists() and (tmp_path / "run.pt.1").exists()
    one, two = (torch.load(tmp_path / f"{rank}.pt", weights_only=True) for rank in range(2))
    for fact, value in one.items():
        assert torch.equal(value, two[fact]), f"{fact}: the processes went apart"
    return one


@pytest.mark.parametrize("name", ["holes", "own data"])
def test_two_processes_do_what_one_does_on_the_joint_batch(name, tmp_path):
    expected = trained(*PROBLEMS[name]())
    found = two_processes(name, tmp_path)
    for fact, value in expected.items():
        torch.testing.assert_close(found[fact], value, rtol=1e-9, atol=1e-11, msg=fact)


def test_processes_stay_together_whatever_each_has_seen_and_drawn(tmp_path):
    found = two_processes("normed", tmp_path)
    assert found["losses"][-1].sum() < found["losses"][0].sum()
    assert not torch.equal(found["buffers"], trained(*normed())["buffers"])


def test_a_balancer_that_looks_at_gradients_is_refused_in_several_processes(monkeypatch):
    class Gradients(deep.Equal):
        sees = "gradients"

    monkeypatch.setattr(Crew, "alone", property(lambda crew: False))
    data, net = problem()
    with pytest.raises(UnsupportedError, match=r"Gradients\(\) sees gradients.*one process"):
        deep.steps(net, data, Gradients())


def worker(folder, name):
    """What each of the processes runs."""
    dist.init_process_group("gloo")
    what, net = PROBLEMS[name]()
    if dist.get_rank() == 1:  # another start, which has to be given up
        with torch.no_grad():
            for p in net.parameters():
                p.add_(1.0)
    facts = trained(what, net)
    torch.save(facts, folder / f"{dist.get_rank()}.pt")
    deep.Checkpoint(folder / "run.pt", {"net": net}).save()
    dist.destroy_process_group()


if __name__ == "__main__":
    worker(Path(sys.argv[1]), sys.argv[2])
