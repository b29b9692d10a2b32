"""What a step is: batches together, clipping, precision, schedules, rates of tasks, rest."""

import copy

import numpy as np
import pytest
import torch
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingLR, ExponentialLR, ReduceLROnPlateau, StepLR

from polytask import Tasks, deep
from polytask.deep.data import Batch, Source, Table
from polytask.errors import ParameterError, TaskError


def problem(n=48, holes=0.4, seed=0, T=3, kinds=None):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 4))
    Y = X @ rng.normal(size=(4, T)) + 1
    Y[rng.random(Y.shape) < holes] = np.nan
    Y[:, 0] = np.where(np.isnan(Y[:, 0]), np.nan, Y[:, 0] > 1)
    data = Tasks.from_arrays(X, Y, kinds={"y0": "binary"} | {f"y{t}": "regression" for t in (1, 2)})
    with deep.train.Stream(seed):
        return data, deep.HardSharing(deep.mlp(8)).build(data.tasks, 4).double()


class InOrder(Source):
    """A table whose batches are those that a test names."""

    def __init__(self, table, picks):
        self.table, self.picks, self.tasks = table, picks, table.tasks

    def batches(self, size, generator, epoch=1):
        return self.picks

    def batch(self, pick):
        return self.table.batch(pick)

    def chunks(self, size):
        return self.table.chunks(size)


def trained(net, data, **options):
    net = copy.deepcopy(net)
    seen = list(deep.steps(net, data, **options))
    return torch.cat([p.detach().ravel() for p in net.parameters()]), seen


@pytest.mark.parametrize("balance", [deep.Equal(), deep.Uncertainty()])
def test_accumulated_batches_are_the_joint_batch(balance):
    data, net = problem()
    table = Table.of(data, next(net.parameters()))
    rows = torch.arange(table.n_rows)
    uneven = rows.split([5, 20, table.n_rows - 25])
    options = {"epochs": 6, "learning_rate": 0.01, "balance": balance}
    whole, one = trained(net, InOrder(table, [rows]), **options)
    parts, three = trained(
        net, InOrder(table, list(uneven)), update=deep.Update(accumulate=3), **options
    )
    torch.testing.assert_close(parts, whole, rtol=1e-10, atol=1e-10)
    assert len(one) == len(three) == 6
    torch.testing.assert_close(three[-1].losses, one[-1].losses, rtol=1e-10, atol=1e-10)
    torch.testing.assert_close(three[-1].weights, one[-1].weights, rtol=1e-10, atol=1e-10)


def test_a_balancer_that_asks_for_every_tasks_gradient_sees_those_of_the_joint_batch():
    class Each(deep.balance.base.Weighing):
        def __init__(self, seen):
            super().__init__()
            self.seen = seen

        def backward(self, losses, present):
            (p, *_) = net.trunk.parameters()
            each = [torch.autograd.grad(one, p, retain_graph=True)[0] for one in losses]
            self.seen.append(torch.stack(each))
            losses.sum().backward()
            return torch.ones_like(losses)

    class Seeing(deep.Equal):
        def start(self, tasks, *, learning_rate):
            return Each(seen)

    data, net = problem()
    table = Table.of(data, next(net.parameters()))
    rows = torch.arange(table.n_rows)
    seen: list = []
    for picks in ([rows], list(rows.split(15))):
        source = InOrder(table, picks)
        update = deep.Update(accumulate=len(picks))
        still = torch.optim.SGD(net.parameters(), 0.0)
        next(iter(deep.steps(net, source, Seeing(), optimizer=still, update=update)))
    torch.testing.assert_close(seen[1], seen[0], rtol=1e-10, atol=1e-12)
    assert seen[0].abs().sum() > 0


def test_batches_that_come_twice_are_counted_once_by_batch_norm_and_have_one_dropout():
    class Normed(nn.Module):
        def __init__(self):
            super().__init__()
            self.norm, self.drop = nn.BatchNorm1d(4), nn.Dropout(0.5)
            self.layer = nn.Linear(4, 1)
            self.masks = []

        def forward(self, X):
            H = self.drop(self.norm(X))
            self.masks.append((H == 0).detach())
            return {"y0": self.layer(H)}

    X = np.random.default_rng(0).normal(size=(30, 4)) + 3
    data = Tasks.from_arrays(X, X[:, :1])
    net, counted = Normed(), nn.BatchNorm1d(4)
    options = {"epochs": 1, "batch_size": 10}
    table = Table.of(data, counted.weight)
    for rows in table.batches(10, torch.Generator().manual_seed(0)):
        counted(table.X[rows])
    next(iter(deep.steps(net, data, update=deep.Update(accumulate=3), **options)))
    assert net.norm.num_batches_tracked == 3
    torch.testing.assert_close(net.norm.running_mean, counted.running_mean)
    torch.testing.assert_close(net.norm.running_var, counted.running_var)
    forward, backward = net.masks[:3], net.masks[3:]
    assert len(backward) == 3
    assert {m.sum().item() for m in forward} == {m.sum().item() for m in backward}
    assert all(any(torch.equal(f, b) for b in backward) for f in forward)


def test_a_long_gradient_is_shortened_to_the_norm_and_a_short_one_left_alone():
    data, net = problem(holes=0)
    start = torch.cat([p.detach().ravel() for p in net.parameters()])

    def moved(clip):
        one = copy.deepcopy(net)
        sgd = torch.optim.SGD(one.parameters(), 1.0)
        update = deep.Update(clip=clip)
        list(deep.steps(one, data, optimizer=sgd, epochs=1, batch_size=99, update=update))
        return torch.cat([p.detach().ravel() for p in one.parameters()]) - start

    free = moved(None)
    assert free.norm() > 0.1
    torch.testing.assert_close(moved(0.1), free * (0.1 / free.norm()), rtol=1e-4, atol=0)
    assert torch.equal(moved(1e6), free)


@pytest.mark.parametrize("autocast", ["bfloat16", "float16"])
def test_fewer_bits_learn_nearly_the_same_and_keep_parameters_as_they_are(autocast):
    data, net = problem(holes=0)
    net = net.float()
    whole, plain = trained(net, data, epochs=10)
    fewer, seen = trained(net, data, epochs=10, update=deep.Update(autocast=autocast, clip=10.0))
    assert fewer.dtype == torch.float32 and seen[0].losses.dtype == torch.float32
    assert not torch.equal(fewer, whole)
    # 8 bits of a mantissa; after ten steps
    torch.testing.assert_close(fewer, whole, rtol=0.1, atol=0.02)
    # the balancer is shown losses as they are, whatever gradients are multiplied by
    torch.testing.assert_close(seen[0].losses, plain[0].losses, rtol=0.02, atol=0.02)


def test_a_gradient_that_overflows_float16_skips_the_step_and_lowers_the_factor():
    data, net = problem(holes=0)
    net = net.float()
    before = copy.deepcopy(net.state_dict())
    run = deep.steps(net, data, epochs=1, batch_size=99, update=deep.Update(autocast="float16"))
    scaler = run.learner.precision.scaler
    scaler.load_state_dict({**scaler.state_dict(), "scale": 1e38})
    next(iter(run))
    assert all(torch.equal(before[name], value) for name, value in net.state_dict().items())
    assert scaler.get_scale() == pytest.approx(0.5e38)


def test_torchs_schedules_move_the_rate_after_epochs_or_steps():
    data, net = problem()

    def rates(schedule, after, **options):
        update = deep.Update(schedule=schedule, schedule_after=after)
        run = deep.steps(net, data, epochs=4, batch_size=24, learning_rate=0.1, update=update)
        return [run.learner.rate for step in run]

    assert rates(lambda o: ExponentialLR(o, 0.5), "epoch") == pytest.approx(
        [0.1, 0.05, 0.05, 0.025, 0.025, 0.0125, 0.0125, 0.00625]
    )
    assert rates(lambda o: CosineAnnealingLR(o, 8), "step")[-1] == pytest.approx(0, abs=1e-12)


def test_a_plateau_is_told_the_held_out_loss_and_needs_one():
    data, net = problem()
    update = deep.Update(schedule=lambda o: ReduceLROnPlateau(o, factor=0.5, patience=0))
    options = {"epochs": 3, "learning_rate": 1e-12, "update": update}
    run = deep.steps(net, data, validation=data, **options)
    list(run)
    assert run.learner.rate == pytest.approx(0.25e-12), "no progress at such a rate: halved twice"
    with pytest.raises(ParameterError, match="validation="):
        list(deep.steps(net, data, **options))


def test_a_new_optimiser_goes_on_at_the_share_of_the_rate_that_was_reached():
    class Growing(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(4, 3).double()

        def after_epoch(self, epoch, source):
            self.extra = nn.Parameter(torch.zeros(3).double())
            return epoch == 2

        def forward(self, X):
            return {f"y{t}": out[:, None] for t, out in enumerate(self.layer(X).unbind(1))}

    data, _ = problem()
    update = deep.Update(schedule=lambda o: StepLR(o, 1, 0.5))
    run = deep.steps(Growing(), data, epochs=4, learning_rate=0.1, update=update)
    assert [run.learner.rate for _ in run] == pytest.approx([0.05, 0.025, 0.0125, 0.00625])
    assert len(run.learner.optimizer.param_groups[1]["params"]) == 2


def test_a_task_with_its_own_rate_moves_that_much_further_and_others_do_not():
    data, net = problem(holes=0)
    start = net.heads.linear.weight.detach().clone()

    def head(rates):
        one = copy.deepcopy(net)
        update = deep.Update(rates=rates)
        list(deep.steps(one, data, epochs=1, batch_size=99, update=update))
        return one.heads.linear.weight.detach() - start, one.trunk.state_dict()

    plain, trunk = head(None)
    quick, same = head({"y1": 3.0, "y2": 0.0})
    torch.testing.assert_close(quick[0], plain[0])
    torch.testing.assert_close(quick[1], 3 * plain[1])
    assert not quick[2].any()
    assert all(torch.equal(trunk[name], same[name]) for name in trunk)


def test_rates_of_no_task_and_of_a_net_that_does_not_know_its_own_are_refused():
    data, net = problem()
    with pytest.raises(TaskError, match=r"rates names \['z'\]"):
        deep.steps(net, data, update=deep.Update(rates={"z": 2.0}))
    plain = nn.Linear(4, 1).double()
    with pytest.raises(ParameterError, match="rows_of"):
        deep.steps(plain, data, update=deep.Update(rates={"y1": 2.0}))


class Taking(InOrder):
    """Batches that carry the labels of one task, as a source of own data sets gives them."""

    def batch(self, pick):
        task, rows = pick
        X, Y, W = self.table.batch(rows)
        t = self.table.tasks.index(task)
        return Batch(X, {task.name: Y[:, t]}, {task.name: W[:, t]}, (task.name,))


@pytest.mark.parametrize("form", ["columns", "dicts"])
def test_an_absent_task_moves_nothing_not_even_by_momentum_or_decay(form):
    data, net = problem(holes=0)
    table = Table.of(data, next(net.parameters()))
    rows = torch.arange(20)
    picks = [(data.tasks[0], rows), (data.tasks[1], rows), (data.tasks[0], rows)]
    source = Taking(table, picks)
    if form == "columns":
        W = torch.zeros(60, 3).double()
        for i, (task, _) in enumerate(picks):
            W[i * 20 : i * 20 + 20, data.tasks.index(task)] = 1
        three = Table(data.tasks, table.X[:20].repeat(3, 1), table.Y[:20].repeat(3, 1), W, None)
        source = InOrder(three, list(torch.arange(60).split(20)))
    run = deep.steps(net, source, epochs=1, weight_decay=0.5, learning_rate=0.05)

    def state():
        optimizer = run.learner.optimizer
        head = (net.heads.linear.weight, net.heads.linear.bias)
        beside = [s for p in head for s in optimizer.state[p].values() if s.shape == p.shape]
        return [t.detach().clone() for t in (*head, *beside)]

    walk = iter(run)
    next(walk)
    one = state()
    next(walk)
    two = state()
    next(walk)
    three = state()
    for a, b, c in zip(one, two, three, strict=True):
        assert torch.equal(a[0], b[0]) and not torch.equal(b[0], c[0])
        assert not torch.equal(a[1], b[1]) and torch.equal(b[1], c[1])
        assert torch.equal(a[2], c[2])


def test_with_nothing_shared_tasks_in_turn_learn_as_they_learn_alone():
    data, _ = problem(holes=0)
    net = deep.HardSharing(()).build(data.tasks, 4).double()
    table = Table.of(data, next(net.parameters()))
    rows = torch.arange(48).split(12)
    picks = [(data.tasks[t], part) for part in rows for t in (1, 2)]

    def with_momentum(one, source):
        sgd = torch.optim.SGD(one.parameters(), 0.05, momentum=0.9, weight_decay=0.1)
        list(deep.steps(one, source, optimizer=sgd, epochs=3))
        return one.heads.linear.weight.detach()

    together = with_momentum(copy.deepcopy(net), Taking(table, picks))
    for t in (1, 2):
        own = [pick for pick in picks if pick[0] is data.tasks[t]]
        alone = with_momentum(copy.deepcopy(net), Taking(table, own))
        torch.testing.assert_close(together[t], alone[t], rtol=1e-12, atol=1e-12)


def test_a_compiled_net_is_trained_as_it_is():
    data, net = problem()
    plain, _ = trained(net, data, epochs=3)
    fast = copy.deepcopy(net)
    fast.compile(backend="aot_eager")
    list(deep.steps(fast, data, epochs=3))
    torch.testing.assert_close(torch.cat([p.detach().ravel() for p in fast.parameters()]), plain)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"accumulate": 0}, "accumulate >= 1"),
        ({"clip": 0.0}, "clip > 0"),
        ({"autocast": "int8"}, "autocast out of"),
        ({"schedule_after": "year"}, "schedule_after"),
        ({"rates": {"a": -1}}, r"rates >= 0.*\['a'\]"),
    ],
)
def test_options_out_of_range_are_refused(options, message):
    with pytest.raises(ParameterError, match=message):
        deep.Update(**options)
