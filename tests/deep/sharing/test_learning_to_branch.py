"""The searched tree against one put together by hand; answers draw nothing."""

import math

import pytest
import torch
from deep.sharing.toy import NUMBERS, built, rows
from torch.nn import functional as F

from polytask import Tasks, deep
from polytask.errors import ParameterError


def node(net, stage, at, H):
    """What one node makes of rows."""
    side = net.stages[stage].stacks()
    return torch.relu(H @ side["0.weight"][at].T + side["0.bias"][at])


def grown(branches=(2, 3), **options):
    """A net whose choices are settled: a and b stand on 2 -> 1, c on 0 -> 0."""
    net = built(deep.LearningToBranch(deep.mlp(6, 5), branches, **options))
    with torch.no_grad():
        net.inner[0].copy_(1e3 * torch.tensor([[1.0, 0], [1, 0], [0, 1]]))
        for theta, at in zip(net.outer, (2, 2, 0), strict=True):
            theta.copy_(1e3 * F.one_hot(torch.tensor(at), 3))
    return net


@pytest.mark.parametrize("training", [False, True], ids=["answering", "searching"])
def test_settled_choices_are_the_tree(training):
    net, X = grown().train(training), rows(9, 4)
    for t, (first, second) in enumerate([(1, 2), (1, 2), (0, 0)]):
        expected = net.towers.heads[t].linear(node(net, 1, second, node(net, 0, first, X)))
        torch.testing.assert_close(net(X)["abc"[t]], expected, rtol=1e-12, atol=1e-12)
    assert net.tree().tolist() == [[1, 2], [1, 2], [0, 0]]


def test_answers_draw_nothing_and_the_search_does():
    net, X = built(deep.LearningToBranch(deep.mlp(6, 5))), rows(9, 4)
    before = torch.get_rng_state()
    first = net(X)
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(out, net(X)[name]) for name, out in first.items())
    net.train()
    assert len({net(X)["a"].sum().item() for _ in range(20)}) > 1
    with torch.no_grad():
        assert len({net(X)["a"].sum().item() for _ in range(20)}) > 1


def test_every_draw_is_one_tree_and_not_a_mixture():
    net, X = built(deep.LearningToBranch(deep.mlp(6), branches=3)).train(), rows(9, 4)
    trees = [net.towers.heads[0].linear(node(net, 0, at, X)) for at in range(3)]
    for _ in range(10):
        out = net(X)["a"]
        assert sum(torch.allclose(out, one, rtol=1e-12, atol=1e-12) for one in trees) == 1


def test_the_gradient_of_a_choice_is_that_of_the_tempered_softmax():
    net, X = built(deep.LearningToBranch(deep.mlp(6), branches=3)).train(), rows(9, 4)
    torch.manual_seed(5)
    net(X)["a"].sum().backward()
    torch.manual_seed(5)
    theta = torch.zeros(3, 3).double()
    noise = -torch.empty_like(theta).exponential_().log()
    soft = ((theta + noise)[0] / net.temperature).softmax(0)
    H = torch.stack([net.towers.heads[0].linear(node(net, 0, at, X)).sum() for at in range(3)])
    bias = 9 * net.towers.heads[0].linear.bias
    slope = (H - bias).detach()
    expected = soft * (slope - (soft * slope).sum()) / net.temperature
    torch.testing.assert_close(net.outer[0].grad, expected, rtol=1e-9, atol=1e-12)


def test_it_cools_down_by_the_same_factor_every_epoch_and_then_the_tree_stands():
    sharing = deep.LearningToBranch(deep.mlp(6), search=5, temperature=8.0, coldest=0.5)
    net, data = built(sharing), Tasks.from_arrays(rows(20, 4).numpy(), rows(20, 3).numpy())
    net = sharing.build(data.tasks, 4)
    seen = []
    for step in deep.steps(net, data, epochs=7, batch_size=20):
        if step.ends_epoch:
            seen.append(net.temperature)
    assert seen[:4] == pytest.approx([8 * (1 / 16) ** (epoch / 4) for epoch in (1, 2, 3, 4)])
    assert seen[-1] == 0.5
    X = rows(9, 4).float()
    standing = net.train()(X)
    assert all(torch.equal(out, net.eval()(X)[name]) for name, out in standing.items())
    sum(out.sum() for out in net.train()(X).values()).backward()
    assert all(theta.grad is None or not theta.grad.any() for theta in net.outer)


def test_a_new_task_grows_on_the_tree_of_the_old_ones():
    X = rows(60, 4).numpy()
    sharing = deep.LearningToBranch(deep.mlp(6, 5), search=2)
    model = deep.DeepModel(sharing, epochs=4, random_state=0).fit(X, X[:, :3])
    new = model.adapt(X, X[:, 3])
    for name in ("stages", "inner"):
        before, after = (getattr(one._net, name).state_dict() for one in (model, new))
        assert all(torch.equal(before[key], after[key]) for key in before)
    assert new.couplings_["branching of tasks"].values.shape == (1, 2)
    net = grown()
    for theta in net.inner:
        theta.requires_grad_(False)
    with torch.no_grad():
        net.inner[0].mul_(1e-3)  # no longer settled by its size
    net.train()
    torch.manual_seed(0)
    X = rows(9, 4)
    assert len({net(X)["a"].sum().item() for _ in range(10)}) == 1


def test_couplings_are_probabilities_and_the_tree():
    found = grown().couplings()
    assert found["tree"].values.tolist() == [[1, 2], [1, 2], [0, 0]]
    assert found["branching 2"].values.tolist() == [[1, 0], [1, 0], [0, 1]]
    assert found["branching of tasks"].values.tolist() == [[0, 0, 1], [0, 0, 1], [1, 0, 0]]


def test_one_node_per_stage_is_hard_sharing():
    net = built(deep.LearningToBranch(deep.mlp(6, 5), branches=1))
    X = rows(9, 4)
    H = node(net, 1, 0, node(net, 0, 0, X))
    for t, name in enumerate("abc"):
        expected = net.towers.heads[t].linear(H)
        torch.testing.assert_close(net(X)[name], expected, rtol=1e-12, atol=1e-12)
    assert not net.groups()[0].parameters
    assert net.couplings()["tree"].values.tolist() == [[0, 0]] * 3


def test_choices_learn_at_their_own_rate_and_do_not_decay():
    (group,) = built(deep.LearningToBranch(deep.mlp(6, 5), rate=4.0)).groups()
    assert (group.rate, group.decay, len(group.parameters)) == (4.0, False, 1 + len(NUMBERS))


def test_what_is_out_of_range_is_refused():
    with pytest.raises(ParameterError, match=r"branches=\(1, 2, 3\) for 2 stages"):
        deep.LearningToBranch(deep.mlp(4, 4), branches=(1, 2, 3))
    with pytest.raises(ParameterError, match=r"branches >= 1.* Found branches=0"):
        deep.LearningToBranch(branches=0)
    with pytest.raises(ParameterError, match=r"coldest > 0. Found coldest=0"):
        deep.LearningToBranch(coldest=0)
    assert math.isclose(deep.LearningToBranch().temperature, 5)
