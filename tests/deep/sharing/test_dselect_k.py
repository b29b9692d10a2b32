"""Selectors bit by bit, and a price that reaches the gates through the loop."""

import pytest
import torch
from deep.sharing.toy import NUMBERS, built, rows

from polytask import Tasks, deep
from polytask.deep.sharing.selectors import EPSILON, Selectors, smooth_step
from polytask.errors import ParameterError


def test_the_step_is_the_cubic_of_the_paper_and_smooth_at_both_ends():
    gamma = 0.7
    t = torch.linspace(-0.3, 0.3, 13, dtype=torch.float64)
    cubic = -2 / gamma**3 * t**3 + 3 / (2 * gamma) * t + 0.5
    torch.testing.assert_close(smooth_step(t, gamma), cubic, rtol=1e-12, atol=1e-12)
    ends = torch.tensor([-gamma / 2, gamma / 2], dtype=torch.float64, requires_grad=True)
    step = smooth_step(ends, gamma)
    assert step.tolist() == [0.0, 1.0]
    (slope,) = torch.autograd.grad(step.sum(), ends)
    torch.testing.assert_close(slope, torch.zeros(2, dtype=torch.float64))


@pytest.mark.parametrize("count", [2, 3, 5, 8])
def test_a_settled_selector_has_the_expert_of_its_number_and_no_other(count):
    side = Selectors(count, 1, 1.0)
    for expert in range(count):
        bits = [int(bit) for bit in f"{expert:0{side.bits}b}"]
        z = torch.tensor(bits) * 2.0 - 1
        assert side.picks(z[None]).tolist() == [[float(e == expert) for e in range(count)]]


def test_shares_of_all_numbers_sum_to_one():
    picks = Selectors(8, 2, 1.0).picks(rows(50, 2, 3) / 3)
    torch.testing.assert_close(picks.sum(-1), torch.ones(50, 2).double())


def test_a_number_without_an_expert_has_its_price():
    side = Selectors(3, 1, 1.0)
    z = torch.full((1, 2), 0.4, requires_grad=True)  # nearly 3, which is no expert
    _, lost = side.price(side.picks(z))
    assert lost > 10
    (slope,) = torch.autograd.grad(lost, z)
    assert (slope > 0).all()  # descent leaves it
    assert side.price(side.picks(torch.tensor([[1.0, -1.0]])))[1] == 1
    assert Selectors(4, 1, 1.0).price(side.picks(z))[1] is None


def test_one_settled_selector_makes_the_net_of_one_expert():
    net, X = built(deep.DSelectK(deep.mlp(6), experts=4, chosen=1)), rows(7, 4)
    with torch.no_grad():
        for t in range(3):
            net.gates.z[t].copy_(torch.tensor([[1.0, -1.0]]))  # expert 2
    side = net.experts.stages[0].stacks()
    expected = torch.relu(X @ side["0.weight"][2].T + side["0.bias"][2])
    for t, name in enumerate("abc"):
        answer = net.towers.heads[t].linear(expected)
        torch.testing.assert_close(net(X)[name], answer, rtol=1e-12, atol=1e-12)


def test_a_gate_per_row_that_looks_at_nothing_is_a_gate_per_task():
    by_row = built(deep.DSelectK(deep.mlp(6), experts=4, gate="row"))
    by_task = built(deep.DSelectK(deep.mlp(6), experts=4), seed=1)
    for name in ("experts", "towers"):
        getattr(by_task, name).load_state_dict(getattr(by_row, name).state_dict())
    with torch.no_grad():
        for t in range(3):
            by_row.gates.z[t].weight.zero_()
            by_row.gates.w[t].weight.zero_()
            by_task.gates.z[t].copy_(by_row.gates.z[t].bias.reshape(2, 2))
            by_task.gates.w[t].copy_(by_row.gates.w[t].bias)
    X = rows(7, 4)
    for name, out in by_row(X).items():
        torch.testing.assert_close(out, by_task(X)[name], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("gate", ["task", "row"])
def test_one_step_of_the_loop_moves_the_gates_of_all_tasks_by_losses_and_price(gate):
    """LibMTL erases the gradient of its price before the step, and counts the last task only."""
    X, Y = rows(30, 4), rows(30, 3, seed=2)
    data = Tasks.from_arrays(X.numpy(), Y.numpy(), names=["a", "b", "c"])
    moves = {}
    for entropy in (0.0, 0.3):
        sharing = deep.DSelectK(deep.mlp(6), experts=4, gate=gate, entropy=entropy)
        net = built(sharing, 4, NUMBERS)
        with torch.no_grad():
            for p in net.gates.parameters():
                p.mul_(20)
        before = [p.clone() for p in net.gates.parameters()]
        descent = torch.optim.SGD(net.parameters(), 1.0)
        list(deep.steps(net, data, epochs=1, batch_size=30, optimizer=descent))
        moves[entropy] = [b - p for p, b in zip(net.gates.parameters(), before, strict=True)]
    net = built(sharing, 4, NUMBERS)
    with torch.no_grad():
        for p in net.gates.parameters():
            p.mul_(20)
    price = 0.3 * by_hand(net.gates, X, gate)
    slopes = torch.autograd.grad(price, list(net.gates.parameters()), materialize_grads=True)
    # selectors are weighed by w, which the price does not see
    for free, paid, slope in zip(moves[0.0], moves[0.3], slopes, strict=True):
        torch.testing.assert_close(paid - free, slope, rtol=1e-9, atol=1e-12)
    assert sum(bool(slope.any()) for slope in slopes) == (3 if gate == "task" else 6)


def by_hand(gates, X, gate):
    """Entropy of all selectors, number by number; its mean over rows where they differ by row."""
    total = 0.0
    for one in gates.z:
        z = one[None] if gate == "task" else (X @ one.weight.T + one.bias).reshape(-1, 2, 2)
        s = 0.5 + 1.5 * z.clamp(-0.5, 0.5) - 2 * z.clamp(-0.5, 0.5) ** 3
        high, low = s.unbind(-1)
        shares = [(1 - high) * (1 - low), (1 - high) * low, high * (1 - low), high * low]
        total = total - sum(p * (p + EPSILON).log() for p in shares).sum(-1).mean()
    return total


def test_after_training_a_task_uses_at_most_the_chosen_experts_and_they_are_told():
    X = rows(200, 4).numpy()
    sharing = deep.DSelectK(deep.mlp(8), experts=8, chosen=2, entropy=0.3)
    model = deep.DeepModel(sharing, epochs=80, learning_rate=0.02, patience=80, random_state=0)
    gates = model.fit(X, X[:, :3]).couplings_["gates"].values
    assert ((gates > 0).sum(1) <= 2).all()
    torch.testing.assert_close(torch.tensor(gates.sum(1)), torch.ones(3).double())


def test_what_is_out_of_range_is_refused():
    with pytest.raises(ParameterError, match=r"chosen >= 1. Found chosen=0"):
        deep.DSelectK(chosen=0)
    with pytest.raises(ParameterError, match=r"gate out of \['task', 'row'\]. Found 'soft'"):
        deep.DSelectK(gate="soft")
    with pytest.raises(ParameterError, match=r"gamma > 0. Found gamma=0"):
        deep.DSelectK(gamma=0)
    with pytest.raises(ParameterError, match=r"entropy >= 0. Found entropy=-1"):
        deep.DSelectK(entropy=-1)
