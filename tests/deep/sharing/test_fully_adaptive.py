"""Branching changes no answer; the tree is kept; a thin net begins as the wide one."""

import copy

import numpy as np
import pytest
import torch
from deep.sharing.toy import NUMBERS, TASKS, built, rows

from polytask import Tasks, deep
from polytask.deep import Convolution, Dense, Flat, Pooling, Shape
from polytask.deep.data import Table
from polytask.errors import ParameterError, UnsupportedError
from polytask.kinds import Ranking, Regression
from polytask.task import Task

FOUR = tuple(Task(name, Regression()) for name in "abcd")
TWO = deep.FullyAdaptive(deep.mlp(6, 5), branches=2, every=1)


def source(net, n=60, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 4))
    tasks = net.targets
    Y = np.column_stack([np.abs(X[:, t % 2]) for t in range(len(tasks))])
    data = Tasks.from_arrays(X, Y, names=[aim.name for aim in tasks])
    return Table.of(data, next(net.parameters()))


def count(net):
    return sum(p.numel() for p in net.parameters())


def test_branching_changes_no_answer_to_the_last_bit_and_adds_the_copied_numbers():
    net, X = built(TWO, tasks=FOUR), rows(33, 4)
    data = source(net)
    for epoch, stage in ((1, 1), (2, 0)):
        before, size = net(X), count(net)
        assert net.after_epoch(epoch, data)
        after = net(X)
        assert all(torch.equal(before[name], after[name]) for name in before)
        copied = sum(p.numel() for p in net.levels[stage][0].parameters())
        assert count(net) == size + copied
        assert len(net.levels[stage]) == 2
    assert not net.after_epoch(3, data)  # there is nothing left to branch


def test_branches_are_of_one_mind_until_they_learn_and_then_serve_their_tasks_alone():
    net = built(TWO, tasks=FOUR)
    net.after_epoch(1, source(net))
    group = net.tree[:, 1]
    net(rows(9, 4), tasks=["a"])["a"].sum().backward()
    touched = [p.grad is not None for branch in net.levels[1] for p in branch.parameters()]
    assert touched == [int(group[0]) == node for node in (0, 1) for _ in range(2)]
    mine = {id(p) for p, _ in net.rows_of([n for n, g in zip("abcd", group) if g == 0])}
    assert {id(p) for p in net.levels[1][0].parameters()} <= mine
    assert not {id(p) for p in net.levels[1][1].parameters()} & mine


def test_it_branches_every_so_many_epochs_from_the_top():
    sharing = deep.FullyAdaptive(deep.mlp(6, 5, 4), branches=(1, 2, 3), every=2)
    net = built(sharing, tasks=FOUR)
    seen = []
    for step in deep.steps(net, source(net), epochs=7):
        if step.ends_epoch:
            seen.append([len(branches) for branches in net.levels])
    assert seen == [[1, 1, 1], [1, 1, 3], [1, 1, 3], [1, 2, 3], [1, 2, 3], [1, 2, 3], [1, 2, 3]]
    # who stands on one branch stands on one below
    pairs = {(int(low), int(top)) for low, top in net.tree[:, 1:]}
    assert len(pairs) == 3


def test_one_group_ends_it_and_leaves_hard_sharing():
    sharing = deep.FullyAdaptive(deep.mlp(6, 5), branches="cost", alpha=0.0, every=1)
    net, hard = built(sharing, tasks=FOUR), built(deep.HardSharing(deep.mlp(6, 5)), tasks=FOUR)
    assert not net.after_epoch(1, source(net))
    assert int(net.rounds) == 2
    for mine, theirs in zip(net.levels, hard.trunk.stages, strict=True):
        theirs.load_state_dict(mine[0].stages[0].state_dict())
    hard.heads.linear.weight.data = torch.cat([h.linear.weight.data for h in net.towers.heads])
    hard.heads.linear.bias.data = torch.cat([h.linear.bias.data for h in net.towers.heads])
    for name, out in hard(rows(9, 4)).items():
        torch.testing.assert_close(net(rows(9, 4))[name], out, rtol=1e-12, atol=1e-12)


def test_the_tree_is_that_of_the_planted_groups_and_is_shown():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 6))
    a, b = np.abs(X[:, 0] * X[:, 1]), np.abs(X[:, 2] * X[:, 3])
    Y = np.column_stack([a, b, 2 * a, b + 0.1 * X[:, 4], a + 0.1 * X[:, 5], 3 * b])
    sharing = deep.FullyAdaptive(deep.mlp(12, 8), branches=(1, 2), every=5)
    model = deep.DeepModel(sharing, epochs=25, random_state=0).fit(X, Y)
    found = model.couplings_
    assert found["tree"].values.tolist() == [[0, 0], [0, 1]] * 3
    A = found["affinity"].values
    np.testing.assert_array_equal(model.relation_.matrix, A)
    assert model.relation_.meaning == "share of rows that are hard, or easy, for both"
    assert A[::2, ::2].min() > A[::2, 1::2].max()


def test_stability_and_cost_find_a_number_of_branches_by_themselves():
    net = built(deep.FullyAdaptive(deep.mlp(6), every=1), tasks=FOUR)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        assert net.after_epoch(1, source(net))  # two tasks twice
    assert net.tree[:, 0].tolist() == [0, 1, 0, 1]
    net = built(deep.FullyAdaptive(deep.mlp(6), branches="cost", alpha=1e6, every=1), tasks=NUMBERS)
    data = source(net, seed=1)
    data.Y[:, 2] = torch.as_tensor(np.random.default_rng(3).normal(size=60))
    net.after_epoch(1, data)
    assert net.tree[:, 0].tolist() == [0, 1, 2]


def test_a_file_keeps_the_tree_and_a_copy_goes_on_with_it():
    net = built(TWO, tasks=FOUR)
    data = source(net)
    for _ in deep.steps(net, data, epochs=3):
        pass
    again = built(TWO, tasks=FOUR, seed=5)
    again.load_state_dict(net.state_dict())
    for name, out in net.eval()(rows(9, 4)).items():
        assert torch.equal(again(rows(9, 4))[name], out)
    # and back to one piece
    start = built(TWO, tasks=FOUR)
    again.load_state_dict(start.state_dict())
    assert [len(branches) for branches in again.levels] == [1, 1]
    assert torch.equal(again(rows(9, 4))["a"], start(rows(9, 4))["a"])


def test_a_resumed_run_makes_the_same_steps():
    options = {"epochs": 4, "batch_size": 20}
    first = built(TWO, tasks=FOUR)
    run = deep.steps(first, source(first), **options)
    losses = []
    for step in run:
        losses.append(step.losses)
        if step.number == 7:  # after one branching, in the middle of an epoch
            kept = copy.deepcopy(run.state_dict())
    second = built(TWO, tasks=FOUR, seed=3)
    again = deep.steps(second, source(second), **options)
    again.load_state_dict(kept)
    rest = [step.losses for step in again]
    assert all(torch.equal(a, b) for a, b in zip(losses[7:], rest, strict=True))


@pytest.mark.parametrize("tasks", [NUMBERS, TASKS], ids=["numbers", "kinds"])
def test_a_net_as_thin_as_the_wide_one_is_the_wide_one(tasks):
    sharing = deep.FullyAdaptive(deep.mlp(6, 5), wide=deep.mlp(6, 5))
    wide, net = built(sharing.before(), tasks=tasks), built(sharing, tasks=tasks, seed=4)
    net.follow(wide)
    for name, out in wide(rows(9, 4)).items():
        torch.testing.assert_close(net(rows(9, 4))[name], out, rtol=1e-9, atol=1e-9)


def test_units_that_are_copies_are_not_missed_in_maps_either():
    def stages(k):
        return (Convolution(k, activation="tanh"), Pooling("mean", 2), Convolution(k), Pooling())

    shape = Shape(2, (6, 6))
    wide = built(deep.HardSharing(stages(6)), shape)
    with torch.no_grad():
        for place in (0, 2):
            module = wide.trunk.stages[place][0]
            module.weight[3:], module.bias[3:] = module.weight[:3], module.bias[:3]
    net = built(deep.FullyAdaptive(stages(3), wide=stages(6)), shape, seed=4)
    net.follow(wide)
    X = rows(5, 2, 6, 6)
    for name, out in wide(X).items():
        torch.testing.assert_close(net(X)[name], out, rtol=1e-9, atol=1e-9)
    assert [len(branches[0].stages) for branches in net.levels] == [2, 2]


def test_a_price_counts_the_poolings_above():
    stages = (Convolution(3), Pooling("max", 2), Convolution(4), Pooling("max", 2), Pooling())
    net = built(deep.FullyAdaptive(stages), Shape(2, (8, 8)))
    assert [net._poolings(level) for level in (0, 1)] == [2, 0]


def test_a_new_task_stands_on_the_path_with_the_most_tasks():
    net = built(TWO, tasks=FOUR)
    net.set_extra_state(torch.tensor([[0, 1], [0, 1], [0, 0], [0, 1]]))
    new = built(TWO, tasks=FOUR[:1], seed=3)
    new.adopt(net)
    for mine, theirs in (
        (new.levels[0][0], net.levels[0][0]),
        (new.levels[1][0], net.levels[1][1]),
    ):
        for a, b in zip(mine.parameters(), theirs.parameters(), strict=True):
            assert torch.equal(a, b)


def test_what_is_out_of_range_is_refused():
    with pytest.raises(ParameterError, match=r"branches out of .* Found branches=\(2, 1\)"):
        deep.FullyAdaptive(deep.mlp(4, 4), branches=(2, 1))
    with pytest.raises(ParameterError, match=r"Found branches=\(2,\)"):
        deep.FullyAdaptive(deep.mlp(4, 4), branches=(2,))
    with pytest.raises(ParameterError, match="Found branches='some'"):
        deep.FullyAdaptive(branches="some")
    with pytest.raises(ParameterError, match=r"least in .0, 1.. Found least=2"):
        deep.FullyAdaptive(least=2)
    with pytest.raises(ParameterError, match="at least as many units"):
        deep.FullyAdaptive(deep.mlp(8), wide=deep.mlp(4))
    with pytest.raises(ParameterError, match="the stages of trunk"):
        deep.FullyAdaptive(deep.mlp(8), wide=(Dense(9, "tanh"),))
    with pytest.raises(UnsupportedError, match=r"begins thin from Dense.* Found Flat\(\)"):
        deep.FullyAdaptive((Flat(), Dense(3)), wide=(Flat(), Dense(4)))


def test_rankings_have_no_hard_rows_and_are_refused_by_name():
    with pytest.raises(
        UnsupportedError, match=r"error per row. The losses of \['best'\] have none"
    ):
        built(deep.FullyAdaptive(), tasks=(*NUMBERS, Task("best", Ranking())))
