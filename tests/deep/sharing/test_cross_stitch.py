"""Cross-stitch nets against separate nets, hard sharing, loops and the paper's equation 1."""

import pytest
import torch
from deep.sharing.side import FORMS, TASKS, answers, batch, build, by_loop, column

from polytask import Tasks, deep
from polytask.deep.train.optimizer import adamw
from polytask.errors import ParameterError, UnsupportedError
from polytask.kinds import Regression
from polytask.task import Task

every_form = pytest.mark.parametrize("form", FORMS)
T = len(TASKS)


def stitched(form, per="layer", **options):
    trunk, shape = FORMS[form]
    return build(deep.CrossStitch(trunk, per=per, **options), shape), trunk, shape


def put(net, alpha):
    """The same mixture after every stage."""
    with torch.no_grad():
        for one in net.alphas:
            one.copy_(torch.as_tensor(alpha, dtype=one.dtype).expand_as(one))


def same(one, two):
    assert list(one) == list(two)
    for name in one:
        torch.testing.assert_close(one[name], two[name], rtol=1e-10, atol=1e-12)


@every_form
def test_any_mixture_is_the_sum_that_the_equation_writes(form):
    net, trunk, shape = stitched(form)
    with torch.no_grad():
        for one in net.alphas:
            one.copy_(torch.randn(T, T, generator=torch.Generator().manual_seed(3)))

    def mixed(place, H):
        alpha = net.alphas[place]
        return [sum(alpha[s, t] * H[t] for t in range(T)) for s in range(T)]

    X = batch(shape)
    same(net(X), answers(net, by_loop(net, trunk, shape, X, mixed)[-1]))


@every_form
def test_a_mixture_per_channel_mixes_every_channel_by_its_own(form):
    net, trunk, shape = stitched(form, "channel")
    with torch.no_grad():
        for one in net.alphas:
            one.copy_(torch.randn(one.shape, generator=torch.Generator().manual_seed(3)))

    def mixed(place, H):
        alpha = net.alphas[place]  # (channels, T, T)
        form = (-1, 1, 1) if len(shape.grid) == 2 else (-1,)
        return [sum(alpha[:, s, t].view(form) * H[t] for t in range(T)) for s in range(T)]

    X = batch(shape)
    same(net(X), answers(net, by_loop(net, trunk, shape, X, mixed)[-1]))


@every_form
def test_the_unit_mixture_is_separate_nets_in_outputs_and_gradients(form):
    net, trunk, shape = stitched(form)
    put(net, torch.eye(T))
    X = batch(shape)
    alone = [column(net, trunk, shape, t) for t in range(T)]
    mine, theirs = net(X), answers(net, [one(X) for one in alone])
    same(mine, theirs)
    sum((out**2).sum() for out in mine.values()).backward()
    sum((out**2).sum() for out in theirs.values()).backward()
    for t in range(T):
        separate = dict(alone[t].named_parameters())
        for place, side in enumerate(net.stages):
            for name, gradient in gradients(side, t).items():
                expected = separate[f"stages.{place}.{name}"].grad
                torch.testing.assert_close(gradient, expected, rtol=1e-9, atol=1e-11)


def gradients(side, t):
    """Gradients of one column by the names of the stage."""
    if hasattr(side, "columns"):
        return {name: p.grad for name, p in side.columns[t].named_parameters()}
    return {"0.weight": side.weight.grad[t].T, "0.bias": side.bias.grad[t, 0]}


@every_form
def test_rows_that_all_point_at_one_net_are_hard_sharing_on_it(form):
    net, trunk, shape = stitched(form)
    put(net, torch.tensor([1.0, 0, 0]))
    hard = build(deep.HardSharing(trunk), shape)
    hard.trunk = column(net, trunk, shape, 0)
    X = batch(shape)
    outputs = net(X)
    same(outputs, answers(net, [hard.trunk(X)] * T))
    sum((out**2).sum() for out in outputs.values()).backward()
    for side in net.stages:
        assert all(not g.any() for t in (1, 2) for g in gradients(side, t).values())
        assert all(g.any() for g in gradients(side, 0).values())


@every_form
def test_equal_nets_and_rows_that_sum_to_one_are_the_single_net(form):
    net, trunk, shape = stitched(form)
    for side in net.stages:
        for name, stack in side.stacks().items():
            side.put(name, stack[:1].detach().expand_as(stack))
    put(net, [[0.2, 0.5, 0.3], [-1.0, 1.5, 0.5], [0.0, 0.0, 1.0]])
    X = batch(shape)
    same(net(X), answers(net, [column(net, trunk, shape, 0)(X)] * T))


def test_swapping_nets_and_mixtures_swaps_nothing_but_places():
    shape, order = deep.Shape(3), [2, 0, 1]
    tasks = [Task(name, Regression()) for name in "abc"]
    net = build(deep.CrossStitch(deep.mlp(5, 4)), shape, tasks)
    other = build(deep.CrossStitch(deep.mlp(5, 4)), shape, [tasks[t] for t in order])
    with torch.no_grad():
        for one, two in zip(net.alphas, other.alphas, strict=True):
            one.copy_(torch.randn(3, 3, generator=torch.Generator().manual_seed(3)))
            two.copy_(one[order][:, order])
        for one, two in zip(net.stages, other.stages, strict=True):
            for name, stack in one.stacks().items():
                two.put(name, stack[order])
        other.heads.matrices[0].copy_(net.heads.matrices[0][order])
        other.heads.biases[0].copy_(net.heads.biases[0][order])
    X = batch(shape)
    mine, theirs = net(X), other(X)
    same(mine, {name: theirs[name] for name in mine})


@every_form
def test_the_gradient_of_a_mixture_is_that_of_equation_1_and_not_of_equation_3(form):
    net, _, shape = stitched(form, stitched=(-1,))
    seen = {}

    def keep(module, inputs, out):
        out.retain_grad()
        seen["x"] = out

    net.stages[-1].register_forward_hook(keep)
    net.heads.register_forward_pre_hook(lambda module, inputs: inputs[0].retain_grad() or None)
    net.heads.register_forward_hook(lambda module, inputs, out: seen.update(mixed=inputs[0]))
    sum((out**2).sum() for out in net(batch(shape)).values()).backward()
    found = torch.stack([(seen["mixed"].grad[s] * seen["x"]).flatten(1).sum(1) for s in range(T)])
    torch.testing.assert_close(net.alphas[0].grad, found.detach(), rtol=1e-9, atol=1e-11)
    assert (net.alphas[0].grad - found.detach().T).abs().max() > 1e-3


@every_form
def test_equal_mixtures_of_all_channels_are_the_mixture_of_the_layer(form):
    layer, trunk, shape = stitched(form)
    channel = build(deep.CrossStitch(trunk, per="channel"), shape)
    alpha = torch.randn(T, T, generator=torch.Generator().manual_seed(3))
    put(layer, alpha)
    put(channel, alpha)
    X = batch(shape)
    same(layer(X), channel(X))


def test_a_mixture_of_maps_is_a_convolution_with_a_kernel_of_one_point():
    net, trunk, shape = stitched("maps", stitched=(-1,))
    alpha = torch.randn(T, T, generator=torch.Generator().manual_seed(3)).double()
    put(net, alpha)
    X = batch(shape)
    apart = torch.cat([column(net, trunk, shape, t)(X) for t in range(T)], 1)
    kernel = torch.kron(alpha, torch.eye(4).double())[..., None, None]
    mixed = torch.nn.functional.conv2d(apart, kernel).chunk(T, 1)
    same(net(X), answers(net, list(mixed)))


def test_padding_changes_no_answer_of_a_real_position():
    trunk, shape = FORMS["sequences"]
    net = build(deep.CrossStitch(trunk), deep.Shape(3, (None,)))
    X, mask = batch(shape), torch.arange(5) < torch.tensor([5, 1, 2, 3, 4, 5])[:, None]
    one = net(deep.Padded(X, mask))
    two = net(deep.Padded(torch.where(mask[..., None], X, X + 1), mask))
    for name in one:
        assert torch.equal(one[name][mask], two[name][mask])


def test_mixtures_start_convex_with_what_is_own():
    net = build(deep.CrossStitch(deep.mlp(4), own=0.9), deep.Shape(2))
    expected = torch.tensor([[0.9, 0.05, 0.05], [0.05, 0.9, 0.05], [0.05, 0.05, 0.9]]).double()
    torch.testing.assert_close(net.alphas[0].detach(), expected, rtol=1e-6, atol=0)
    alone = build(deep.CrossStitch(deep.mlp(4)), deep.Shape(2), TASKS[:1])
    assert alone.alphas[0].tolist() == [[1]]
    each = build(deep.CrossStitch(deep.mlp(4), per="channel"), deep.Shape(2))
    assert each.alphas[0].shape == (4, 3, 3)


def test_mixtures_have_a_rate_of_their_own_and_nothing_pulls_them_to_zero():
    net = build(deep.CrossStitch(deep.mlp(4, 4), rate=7.0, per="channel"), deep.Shape(2))
    optimizer = adamw(net, 0.01, 0.1)
    mixtures = {id(alpha) for alpha in net.alphas}
    for group in optimizer.param_groups:
        mine = {id(p) for p in group["params"]} & mixtures
        assert not mine or (group["weight_decay"] == 0 and group["lr"] == pytest.approx(0.07))
    decayed = [p for g in optimizer.param_groups if g["weight_decay"] for p in g["params"]]
    assert [p.shape for p in decayed] == [(3, 2, 4), (3, 4, 4), (2, 4, 1), (1, 4, 3)]


def test_stages_without_matrices_are_not_mixed_unless_it_is_said():
    trunk = (deep.Convolution(4), deep.Pooling("max", 2), deep.Convolution(3), deep.Pooling())
    shape = deep.Shape(1, (8, 8))
    assert build(deep.CrossStitch(trunk), shape).places == (0, 2)
    assert build(deep.CrossStitch(trunk, stitched=(1, -1)), shape).places == (1, 3)
    with pytest.raises(UnsupportedError, match="mixes after stages with matrices"):
        build(deep.CrossStitch((deep.Pooling(),)), shape)


def test_what_a_fitted_model_mixes_is_said_with_its_axes():
    X = torch.randn(40, 3, generator=torch.Generator().manual_seed(0)).numpy()
    data = Tasks.from_arrays(X, X[:, :2])
    model = deep.DeepModel(deep.CrossStitch(deep.mlp(4, 5)), epochs=3, random_state=0).fit(data)
    assert list(model.couplings_) == ["alpha 1", "alpha 2"]
    coupling = model.couplings_["alpha 2"]
    assert coupling.values.shape == (2, 2) and coupling.axes == ("receiving task", "giving task")
    assert abs(coupling.values - [[0.9, 0.1], [0.1, 0.9]]).max() > 1e-4
    each = model.set_params(sharing__per="channel").fit(data).couplings_["alpha 2"]
    assert each.values.shape == (5, 2, 2) and each.axes[0] == "channel"


def test_what_is_out_of_range_is_refused():
    with pytest.raises(ParameterError, match=r"own in \[0, 1\]. Found own=1.4"):
        deep.CrossStitch(own=1.4)
    with pytest.raises(ParameterError, match="Found 'unit'"):
        deep.CrossStitch(per="unit")
    with pytest.raises(ParameterError, match=r"2 stages from 0. Found stitched=\(2,\)"):
        deep.CrossStitch(stitched=(2,))
    with pytest.raises(ParameterError, match="at least one stage"):
        deep.CrossStitch(())
    with pytest.raises(ParameterError, match="rate > 0"):
        deep.CrossStitch(rate=0)
