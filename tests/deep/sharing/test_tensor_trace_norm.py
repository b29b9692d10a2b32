"""Trace-normed nets against the linear wing, the zero solution and planted ranks."""

import numpy as np
import pytest
import torch
from deep.sharing.test_soft_sharing import built, descend
from deep.sharing.test_tensor_factorised import Kernels

from polytask import Tasks, deep
from polytask.deep.unfoldings import UNFOLDINGS, stacked
from polytask.errors import ParameterError, UnsupportedError
from polytask.kinds import Binary, Multiclass
from polytask.linear import LinearModel, TraceNorm
from polytask.task import Task


def centred(n=40, d=6, T=5, seed=0):
    """Linear tasks of rank two, without a constant."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    Y = X @ rng.normal(size=(d, 2)) @ rng.normal(size=(2, T)) + rng.normal(size=(n, T))
    return Tasks.from_arrays(X - X.mean(0), Y - Y.mean(0))


@pytest.mark.parametrize("strength", [0.1, 0.8])
def test_linear_tasks_with_exact_steps_are_the_convex_solution(strength):
    data = centred()
    net = built(deep.TensorTraceNorm((), heads=strength, step="proximal"), data)
    descend(net, data, rate=0.1, epochs=1500)
    # the linear wing's losses have a half, so its strength is half of ours
    other = LinearModel(TraceNorm(strength / 2), tol=1e-12, fit_intercept=False).fit(data)
    found = net.heads.stacks()["weight"][:, 0].detach().numpy()
    np.testing.assert_allclose(found, other.coef_, atol=1e-5)
    rank = net.couplings()["rank of heads weight"].values[0]
    assert rank == np.linalg.matrix_rank(other.coef_, tol=1e-4)


def test_weights_are_zero_where_the_strength_reaches_the_gradient_at_zero():
    data = centred()
    slope = np.linalg.norm(2 * data.X.T @ data.Y / data.n_rows, 2)
    for factor, zero in ((1.01, True), (0.9, False)):
        net = built(deep.TensorTraceNorm((), heads=factor * slope, step="proximal"), data)
        descend(net, data, rate=0.1, epochs=600)
        assert zero != bool(net.heads.stacks()["weight"].any())


@pytest.mark.parametrize("form", UNFOLDINGS)
def test_the_price_is_strengths_times_norms_of_weights_without_biases(form):
    sharing = deep.TensorTraceNorm(deep.mlp(4, 3), (0.5, 0.0), heads=0.2, form=form)
    net = built(sharing, centred())
    for parameter in net.parameters():
        torch.nn.init.normal_(parameter)
    by_hand = 0.0
    for strength, values in (
        (0.5, net.stages[0].stacks()["0.weight"]),
        (0.2, net.heads.stacks()["weight"]),
    ):
        for M in UNFOLDINGS[form](stacked(values.detach())):
            by_hand += strength * np.linalg.svd(M.numpy(), compute_uv=False).sum()
    np.testing.assert_allclose(net.price().item(), by_hand, rtol=1e-10)
    net.penalty().backward()
    assert net.stages[0].weight.grad.any()
    assert net.stages[0].bias.grad is None and net.stages[1].weight.grad is None


@pytest.mark.parametrize("form", UNFOLDINGS)
def test_the_norms_fall_while_training_and_ranks_are_told(form):
    data = centred()
    norms = {}
    for strength in (0.0, 0.02):
        sharing = deep.TensorTraceNorm(deep.mlp(8), strength, form=form)
        model = deep.DeepModel(sharing, epochs=150, weight_decay=0, random_state=0).fit(data)
        W = stacked(model._net.stages[0].stacks()["0.weight"].detach())
        norms[strength] = sum(torch.linalg.matrix_norm(M, "nuc") for M in UNFOLDINGS[form](W))
    assert norms[0.02] < 0.9 * norms[0.0]
    ranks = model.couplings_["rank of stage 1 0.weight"].values
    assert ranks.shape == ({"laf": 1, "tucker": 3, "tt": 2}[form],)
    assert ranks.min() >= 1


def test_exact_steps_shrink_the_kernels_of_convolutions_too():
    sharing = deep.TensorTraceNorm((Kernels(),), 1.0, step="proximal")
    net = sharing.build(centred().tasks, deep.Shape(2, (5, 6))).double()
    for parameter in net.parameters():
        torch.nn.init.normal_(parameter)
    (M,) = UNFOLDINGS["laf"](stacked(net.stages[0].stacks()["0.weight"].detach()))
    assert M.shape == (3 * 2 * 2 * 4, 5)
    net.after_step(0.7)
    (found,) = UNFOLDINGS["laf"](stacked(net.stages[0].stacks()["0.weight"].detach()))
    before, after = (np.linalg.svd(one, compute_uv=False) for one in (M, found))
    np.testing.assert_allclose(after, np.maximum(before - 0.7, 0), atol=1e-9)


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ParameterError, match=r"exact steps for form='laf'.*Found form='tt'"):
        deep.TensorTraceNorm(form="tt", step="proximal")
    with pytest.raises(ParameterError, match=r"form out of \['laf', 'tucker', 'tt'\]"):
        deep.TensorTraceNorm(form="cp")
    tasks = (Task("a", Binary()), Task("b", Multiclass(("x", "y", "z"))))
    with pytest.raises(UnsupportedError, match="heads of one width only"):
        deep.TensorTraceNorm(heads=1.0).build(tasks, 3)
