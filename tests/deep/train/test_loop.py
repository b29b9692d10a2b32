"""The loop repeats, leaves nothing behind, and refuses what is not finite."""

import copy

import numpy as np
import pytest
import torch

from polytask import Tasks, deep
from polytask.deep.data import Table
from polytask.deep.train.evaluation import evaluate
from polytask.deep.train.objective import Objective
from polytask.errors import ParameterError


def problem(n=50, T=2, holes=0.3, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 4))
    Y = X[:, :T] + X[:, 1 : T + 1] ** 2
    Y[rng.random(Y.shape) < holes] = np.nan
    data = Tasks.from_arrays(X, Y)
    return data, deep.HardSharing(deep.mlp(8), dropout=0.2).build(data.tasks, 4)


def walked(net, data, **options):
    net = copy.deepcopy(net)
    for _ in deep.steps(net, data, epochs=4, batch_size=16, **options):
        torch.rand(3)  # what others draw between steps
    return torch.cat([p.detach().ravel() for p in net.parameters()])


def test_one_seed_gives_the_same_bits_and_another_seed_others():
    data, net = problem()
    assert torch.equal(walked(net, data, seed=1), walked(net, data, seed=1))
    assert not torch.equal(walked(net, data, seed=1), walked(net, data, seed=2))


def test_the_global_stream_is_not_touched():
    data, net = problem()
    before = torch.get_rng_state()
    list(deep.steps(net, data, epochs=2))
    assert torch.equal(torch.get_rng_state(), before)


def test_another_thread_count_gives_nearly_the_same():
    data, net = problem()
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        one = walked(net, data)
        torch.set_num_threads(2)
        two = walked(net, data)
    finally:
        torch.set_num_threads(threads)
    torch.testing.assert_close(one, two, rtol=1e-5, atol=1e-6)


def test_every_labelled_row_is_seen_once_an_epoch_in_even_batches():
    data, net = problem(n=33, holes=0)
    table = Table.of(data, next(net.parameters()))
    batches = table.batches(16, torch.Generator().manual_seed(0))
    assert [len(batch) for batch in batches] == [11, 11, 11]
    assert torch.cat(batches).sort().values.tolist() == list(range(33))


def test_the_first_loss_is_that_of_the_start_computed_by_hand():
    data, net = problem(holes=0)
    net.trunk.dropout.p = 0.0
    X, Y = (torch.tensor(values, dtype=torch.float32) for values in (data.X, data.Y))
    by_hand = ((torch.cat(list(net(X).values()), 1) - Y) ** 2).mean(0)
    first = next(iter(deep.steps(net, data, batch_size=100)))
    torch.testing.assert_close(first.losses, by_hand.detach())


def test_a_step_says_who_was_there_and_closes_its_epoch():
    data, net = problem(n=20)
    labels = data["y1"].pick(np.arange(1))
    rare = data.keep("y0").add(labels)
    seen = list(deep.steps(net, rare, validation=data, epochs=2, batch_size=4))
    assert sum(step.present[1].item() for step in seen) == 2
    ends = [step for step in seen if step.ends_epoch]
    assert [step.epoch for step in ends] == [1, 2]
    assert all(set(step.validation) == {"y0", "y1"} for step in ends)
    assert all(step.validation is None for step in seen if not step.ends_epoch)


def test_evaluation_in_chunks_is_evaluation_at_once(monkeypatch):
    data, net = problem(n=50)
    table, objective = Table.of(data, next(net.parameters())), Objective(data.tasks)
    whole = evaluate(net, table, objective)
    monkeypatch.setattr("polytask.deep.train.evaluation.CHUNK", 7)
    parts = evaluate(net, table, objective)
    assert parts == pytest.approx(whole, rel=1e-5)
    net.train()
    assert evaluate(net, table, objective) == parts, "dropout is off, whatever the net was in"


def test_biases_do_not_decay():
    data, net = problem()
    with torch.no_grad():
        net.heads.linear.bias.fill_(7.0)
    zero = [one.pick(np.zeros(one.n, bool)) for one in data]
    nothing = data.with_(labels=[data["y0"], zero[1]])
    list(deep.steps(net, nothing, epochs=3, weight_decay=100.0, learning_rate=1e-3))
    assert net.heads.linear.bias[1] == 7.0
    assert net.heads.linear.weight[1].abs().max() < 0.5


def test_a_loss_that_is_not_finite_stops_and_names_the_task():
    data, net = problem()
    optimizer = torch.optim.SGD(net.parameters(), 1e6)
    with pytest.raises(ParameterError, match=r"finite losses.*'y0'.*learning_rate"):
        list(deep.steps(net, data, optimizer=optimizer))


def test_sparse_inputs_give_what_dense_ones_give():
    from scipy import sparse

    data, net = problem()
    thin = data.with_(X=sparse.csr_matrix(data.X))
    torch.testing.assert_close(walked(net, thin), walked(net, data))


def test_a_users_own_module_and_optimizer_are_trained():
    class Own(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = torch.nn.Linear(4, 2)

        def forward(self, X):
            return {"y0": self.layer(X)[:, :1], "y1": self.layer(X)[:, 1:]}

    data, _ = problem()
    net = Own()
    optimizer = torch.optim.SGD(net.parameters(), 0.05)
    losses = [step.losses.sum() for step in deep.steps(net, data, optimizer=optimizer, epochs=40)]
    assert losses[-1] < losses[0]
