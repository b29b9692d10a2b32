"""Sluice nets against their four reductions, loops, and the price's gradient written out."""

from itertools import product

import pytest
import torch
from deep.sharing.side import FORMS, TASKS, answers, batch, build, by_loop, column

from polytask import deep
from polytask.deep.train.optimizer import adamw
from polytask.errors import ParameterError, UnsupportedError
from polytask.kinds import Regression
from polytask.task import Task

every_form = pytest.mark.parametrize("form", FORMS)
T, G, C = len(TASKS), 2, 4


def sluiced(form, **options):
    trunk, shape = FORMS[form]
    return build(deep.Sluice(trunk, **options), shape), trunk, shape


def put(net, alpha, beta=None):
    """The same mixture after every stage, and rows of the layer mixture."""
    with torch.no_grad():
        for one in net.alphas:
            one.copy_(torch.as_tensor(alpha, dtype=one.dtype).expand_as(one))
        if beta is not None:
            net.beta.copy_(torch.as_tensor(beta, dtype=net.beta.dtype).expand_as(net.beta))


def rows_of_first(subspaces=G):
    """Every task takes the first one's subspaces, each its own."""
    one = torch.zeros(T, T)
    one[:, 0] = 1
    return torch.kron(one, torch.eye(subspaces))


def drawn(*shape, seed=3):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).double()


def same(one, two):
    assert list(one) == list(two)
    for name in one:
        torch.testing.assert_close(one[name], two[name], rtol=1e-10, atol=1e-12)


def parts(h, shape):
    """Subspaces of the features of one task."""
    return h.chunk(G, 1 if len(shape.grid) == 2 else -1)


def joined(pieces, shape):
    return torch.cat(pieces, 1 if len(shape.grid) == 2 else -1)


@every_form
def test_any_mixture_is_the_sum_that_the_equation_writes(form):
    net, trunk, shape = sluiced(form)
    with torch.no_grad():
        for place, one in enumerate(net.alphas):
            one.copy_(drawn(T * G, T * G, seed=place))
        net.beta.copy_(drawn(T, len(trunk)))

    def mixed(place, H):
        alpha, pieces = net.alphas[place], [p for h in H for p in parts(h, shape)]
        out = [sum(a * p for a, p in zip(row, pieces, strict=True)) for row in alpha]
        return [joined(out[t * G : (t + 1) * G], shape) for t in range(T)]

    X = batch(shape)
    layers = by_loop(net, trunk, shape, X, mixed)
    read = [sum(net.beta[t, place] * H[t] for place, H in enumerate(layers)) for t in range(T)]
    same(net(X), answers(net, read))


@every_form
def test_the_unit_mixture_that_reads_the_last_layer_is_separate_nets(form):
    net, trunk, shape = sluiced(form)
    put(net, torch.eye(T * G), [0.0, 1.0])
    X = batch(shape)
    same(net(X), answers(net, [column(net, trunk, shape, t)(X) for t in range(T)]))


@every_form
def test_rows_copied_from_one_task_are_hard_sharing_on_its_net(form):
    net, trunk, shape = sluiced(form)
    put(net, rows_of_first(), [0.0, 1.0])
    X = batch(shape)
    hard = build(deep.HardSharing(trunk), shape)
    hard.trunk = column(net, trunk, shape, 0)
    same(net(X), answers(net, [hard.trunk(X)] * T))
    sum((out**2).sum() for out in net(X).values()).backward()
    for side in net.stages:
        stacks = side.columns if hasattr(side, "columns") else None
        if stacks is None:
            assert not side.weight.grad[1:].any() and side.weight.grad[0].any()
        else:
            assert all(not p.grad.any() for one in stacks[1:] for p in one.parameters())


@every_form
def test_one_subspace_that_reads_the_last_layer_is_a_cross_stitch_net(form):
    trunk, shape = FORMS[form]
    stitch, sluice = build(deep.CrossStitch(trunk), shape), build(deep.Sluice(trunk, 1), shape)
    with torch.no_grad():
        for place, (one, two) in enumerate(zip(stitch.alphas, sluice.alphas, strict=True)):
            one.copy_(drawn(T, T, seed=place))
            two.copy_(one)
        sluice.beta.copy_(torch.tensor([0.0, 1.0]))
    X = batch(shape)
    same(stitch(X), sluice(X))
    last = build(deep.Sluice(trunk, 1, reads="last"), shape)
    last.load_state_dict(stitch.state_dict())
    same(stitch(X), last(X))


class HeadsOf(torch.nn.Module):
    """The heads of a low supervision net, on features of every task's column."""

    def __init__(self, low):
        super().__init__()
        self.low = low

    def forward(self, H, tasks=None):
        levels = self.low.levels.items()
        return {
            name: self.low.heads[str(level)](h)[name]
            for h, (name, level) in zip(H, levels, strict=True)
        }


@every_form
def test_a_task_that_reads_the_first_layer_of_a_shared_net_is_low_supervision(form):
    net, trunk, shape = sluiced(form)
    low = build(deep.LowSupervision(trunk, (1, 2, 2)), shape)
    put(net, rows_of_first(), [[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    low.trunk.load_state_dict(column(net, trunk, shape, 0).state_dict())
    net.heads = HeadsOf(low)
    X = batch(shape)
    same(net(X), low(X))


@every_form
def test_without_exchange_it_is_a_mixture_of_the_layers_of_every_net(form):
    net, trunk, shape = sluiced(form)
    beta = drawn(T, 2)
    put(net, torch.eye(T * G), beta)
    X = batch(shape)
    read = []
    for t in range(T):
        first, last = column(net, trunk, shape, t).walk(X)
        read.append(beta[t, 0] * first + beta[t, 1] * last)
    same(net(X), answers(net, read))


@every_form
def test_a_mixture_that_does_not_tell_subspaces_apart_needs_none(form):
    trunk, shape = FORMS[form]
    one, two = build(deep.Sluice(trunk, 1), shape), build(deep.Sluice(trunk, 2), shape)
    two.load_state_dict(
        one.state_dict() | {k: v for k, v in two.state_dict().items() if "alp" in k}
    )
    alpha = drawn(T, T)
    put(one, alpha)
    put(two, torch.kron(alpha, torch.eye(2).double()))
    X = batch(shape)
    same(one(X), two(X))


@every_form
def test_the_layout_is_that_of_tasks_and_not_of_units(form):
    """An interleaving reshape, as in the authors' program, would mix units of one task."""
    net, _, shape = sluiced(form)
    ones = batch(deep.Shape(C, shape.grid)) * 0 + 1
    H = torch.stack([ones, 0 * ones, 0 * ones])
    alpha = torch.zeros(T * G, T * G).double()
    alpha[G : 2 * G, :G] = torch.tensor([[1.0, 2.0], [3.0, 4.0]])  # b takes of a
    out = net.mixed(alpha, H, net.shapes[-1])
    assert not out[0].any() and not out[2].any()
    lower, upper = parts(out[1], shape)
    assert (lower == 3).all() and (upper == 7).all()


@every_form
def test_the_price_is_that_of_the_parts_that_make_subspaces(form):
    net, trunk, _shape = sluiced(form, orthogonality=0.3)
    total = 0
    for stage, side in zip(trunk, net.stages, strict=True):
        for matrix in stage.producers(side.stacks()):
            for one in matrix:
                first, second = one[: C // 2].T, one[C // 2 :].T  # (inputs, h / G)
                total = total + torch.linalg.matrix_norm(first.T @ second) ** 2
    assert total > 0
    torch.testing.assert_close(net.penalty(), 0.3 * total)


def test_the_gradient_of_the_price_is_twice_the_other_part_squared():
    net = build(deep.Sluice(deep.mlp(4), orthogonality=0.5), deep.Shape(3))
    net.penalty().backward()
    for weight, gradient in zip(net.stages[0].weight, net.stages[0].weight.grad, strict=True):
        first, second = weight[:, :2], weight[:, 2:]
        expected = 0.5 * torch.cat([2 * second @ second.T @ first, 2 * first @ first.T @ second], 1)
        torch.testing.assert_close(gradient, expected.detach())


def test_the_price_is_zero_where_subspaces_see_nothing_alike_and_does_not_see_rotations():
    net = build(deep.Sluice(deep.mlp(4), orthogonality=1.0), deep.Shape(5))
    before = net.penalty().item()
    turn = torch.linalg.qr(drawn(2, 2))[0]
    with torch.no_grad():
        net.stages[0].weight[..., :2] = net.stages[0].weight[..., :2] @ turn
    assert net.penalty().item() == pytest.approx(before, rel=1e-12)
    with torch.no_grad():
        net.stages[0].weight[..., :2, :2] = 0
        net.stages[0].weight[:, 2:, 2:] = 0
        net.stages[0].weight[:, :2, :2] = 0
    assert net.penalty().item() == 0
    assert build(deep.Sluice(deep.mlp(4), 1), deep.Shape(5)).penalty() is None
    assert build(deep.Sluice(deep.mlp(4), orthogonality=0), deep.Shape(5)).penalty() is None


def test_the_group_lasso_shortens_every_block_between_tasks_by_so_much():
    net = build(deep.Sluice(deep.mlp(4), group=0.1, rate=2.0), deep.Shape(3))
    alpha = drawn(T * G, T * G)
    alpha[:G, G : 2 * G] = 0.01  # shorter than the step
    put(net, alpha)
    net.after_step(0.5)
    old, new = (one.view(T, G, T, G) for one in (alpha, net.alphas[0].detach()))
    for s, t in product(range(T), range(T)):
        length = old[s, :, t].norm()
        expected = old[s, :, t] * (1 if s == t else max(0, 1 - 0.5 * 2 * 0.1 / length))
        torch.testing.assert_close(new[s, :, t], expected)
    assert not new[0, :, 1].any()


def test_a_strong_group_lasso_leaves_tasks_alone():
    X = drawn(60, 3).numpy()
    model = deep.DeepModel(deep.Sluice(deep.mlp(4), group=5.0), epochs=10, random_state=0)
    alpha = model.fit(X, X[:, :2]).couplings_["alpha 1"].values
    assert not alpha[0, :, 1].any() and not alpha[1, :, 0].any() and alpha[0, :, 0].all()


@pytest.mark.parametrize("reads", ["sum", "concatenation"])
@every_form
def test_heads_may_read_the_sum_or_all_layers_side_by_side(form, reads):
    net, trunk, shape = sluiced(form, reads=reads)
    put(net, torch.eye(T * G))
    X = batch(shape)
    pairs = [tuple(column(net, trunk, shape, t).walk(X)) for t in range(T)]
    read = [one + two if reads == "sum" else joined([one, two], shape) for one, two in pairs]
    same(net(X), answers(net, read))


def test_what_follows_the_last_mixed_stage_works_on_the_mixture():
    trunk, shape = (*FORMS["maps"][0], deep.Pooling()), FORMS["maps"][1]
    net = build(deep.Sluice(trunk), shape)
    assert net.places == (0, 1)
    put(net, torch.eye(T * G), [[0.5, 2.0]])
    X = batch(shape)
    read = []
    for t in range(T):
        first, second, _ = column(net, trunk, shape, t).walk(X)
        read.append((0.5 * first + 2 * second).mean((2, 3)))
    same(net(X), answers(net, read))


def test_mixtures_start_convex_learn_at_their_rate_and_do_not_decay():
    net = build(deep.Sluice(deep.mlp(4, 4, 4), own=0.9, rate=5.0), deep.Shape(2))
    for one in net.alphas:
        torch.testing.assert_close(one.diag().detach(), torch.full((6,), 0.9).double())
        torch.testing.assert_close(one.sum(1).detach(), torch.ones(6).double())
    expected = torch.tensor([0.05, 0.05, 0.9]).double().expand(3, 3)
    torch.testing.assert_close(net.beta.detach(), expected)
    mixtures = {id(one) for one in net.mixtures()}
    assert len(mixtures) == 4
    for group in adamw(net, 0.01, 0.1).param_groups:
        if {id(p) for p in group["params"]} & mixtures:
            assert group["weight_decay"] == 0 and group["lr"] == pytest.approx(0.05)


def test_a_task_alone_is_a_net_with_subspaces():
    net = build(deep.Sluice(deep.mlp(4)), deep.Shape(2), (Task("a", Regression()),))
    assert net(batch(deep.Shape(2)))["a"].shape == (6, 1) and net.alphas[0].shape == (2, 2)


def test_what_does_not_fit_is_refused():
    with pytest.raises(UnsupportedError, match="5 channels and 2 subspaces"):
        build(deep.Sluice(deep.mlp(4, 5)), deep.Shape(3))
    with pytest.raises(UnsupportedError, match=r"stages of one shape. .* after \[1, 2\]"):
        build(deep.Sluice(deep.mlp(4, 6)), deep.Shape(3))
    trunk = (deep.Convolution(4), deep.Pooling())
    with pytest.raises(UnsupportedError, match="the last stage among them"):
        build(deep.Sluice(trunk, reads="concatenation"), deep.Shape(3, (4, 4)))
    with pytest.raises(ParameterError, match="subspaces=0"):
        deep.Sluice(subspaces=0)
    with pytest.raises(ParameterError, match="Found 'first'"):
        deep.Sluice(reads="first")
    with pytest.raises(ParameterError, match="group=-1"):
        deep.Sluice(group=-1)
