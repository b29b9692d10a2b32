"""What every loss of the deep wing obeys, whatever it measures: found by walking the package."""

import numpy as np
import pytest
import torch
from laws.found import classes

from polytask import deep, kinds
from polytask.deep.balance.uncertainty import FORMS

LOSSES = [example for one in classes(deep.Loss) for example in one.examples()]
every = pytest.mark.parametrize("loss", LOSSES, ids=repr)
B, LENGTH = 12, 4

KINDS = {
    "regression": kinds.Regression(),
    "binary": kinds.Binary(),
    "multiclass": kinds.Multiclass((0, 1, 2)),
    "ordinal": kinds.Ordinal((0, 1, 2, 3)),
    "counts": kinds.Counts(),
    "survival": kinds.Survival(),
    "ranking": kinds.Ranking(),
    "tagging": kinds.Tagging(("B", "I", "O")),
    "dense_classes": kinds.DenseClasses((0, 1, 2)),
    "dense_numbers": kinds.DenseNumbers(2),
}


def labels(kind, shape, rng):
    """Labels ``(*shape[, k])`` of a kind."""
    if kind.classes is not None:
        return rng.integers(0, len(kind.classes), shape).astype(float)
    if kind.name == "survival":
        return rng.integers(1, 6, shape) * rng.choice([-1.0, 1.0], shape)
    if kind.name in ("counts", "ranking"):
        return rng.integers(0, 4, shape).astype(float)
    return rng.normal(size=(*shape, kind.width) if kind.width > 1 else shape)


def example(loss, seed=0):
    """Outputs, labels and integer weights with zeros for a loss, as its kind has them."""
    rng = np.random.default_rng(seed)
    kind = KINDS[loss.kinds[-1]]
    shape = (B, LENGTH) if kind.positional else (B,)
    width = loss.width(kind) + len(loss.reads)
    weight = rng.integers(0, 3, shape).astype(float)
    if loss.couples and kind.positional:
        # a sentence counts as a whole
        weight = np.repeat(rng.integers(1, 3, (B, 1)), LENGTH, axis=1).astype(float)
    outputs = rng.normal(size=(*shape, width))
    if loss.name == "cumulative":
        outputs = -np.sort(-outputs)  # its head has thresholds in order
    return tuple(torch.as_tensor(one) for one in (outputs, labels(kind, shape, rng), weight))


def groups(loss):
    """The queries of the rows, where the loss asks for them."""
    return (torch.arange(B) // 4,) if loss.grouped else ()


@every
def test_the_gradient_is_that_of_central_differences(loss):
    outputs, y, w = example(loss)
    outputs.requires_grad_(True)
    assert torch.autograd.gradcheck(lambda f: loss.mean(f, y, w, *groups(loss)), outputs)


@every
def test_without_a_label_loss_and_gradient_are_zero_whatever_stands_there(loss):
    outputs, y, w = example(loss)
    outputs.requires_grad_(True)
    value = loss.mean(outputs, torch.full_like(y, torch.nan), 0 * w, *groups(loss))
    value.backward()
    assert value == 0 and not outputs.grad.any()


@every
def test_what_stands_at_a_gap_is_not_read(loss):
    outputs, y, w = example(loss)
    gone = w == 0
    value = loss.mean(outputs, y, w, *groups(loss))
    y[gone] = torch.nan
    elsewhere = torch.where(gone[..., None], outputs.roll(1, 0), outputs)
    other = loss.mean(elsewhere, y, w, *groups(loss))
    torch.testing.assert_close(value, other, rtol=1e-12, atol=1e-14)


@every
def test_an_integer_weight_is_a_repeated_row(loss):
    outputs, y, w = example(loss)
    times = (w if w.ndim == 1 else w.amax(1)).long()
    again = torch.arange(B).repeat_interleave(times)
    ones = w if w.ndim == 1 else w / w.amax(1, keepdim=True).clamp_min(1)
    weighed = times.double() if w.ndim == 1 else ones * times[:, None]
    repeated = torch.ones(len(again)) if w.ndim == 1 else ones[again]
    one = loss.mean(outputs, y, weighed, *groups(loss))
    other = loss.mean(
        outputs[again], y[again], repeated.double(), *(g[again] for g in groups(loss))
    )
    torch.testing.assert_close(one, other, rtol=1e-12, atol=1e-14)


@every
def test_the_unit_of_the_weights_changes_nothing(loss):
    outputs, y, w = example(loss)
    one, other = (loss.mean(outputs, y, scale * w, *groups(loss)) for scale in (1.0, 7.5))
    torch.testing.assert_close(one, other, rtol=1e-12, atol=1e-14)


@every
def test_the_order_of_the_rows_changes_nothing(loss):
    outputs, y, w = example(loss)
    order = torch.randperm(B, generator=torch.Generator().manual_seed(0))
    one = loss.mean(outputs, y, w, *groups(loss))
    other = loss.mean(outputs[order], y[order], w[order], *(g[order] for g in groups(loss)))
    torch.testing.assert_close(one, other, rtol=1e-12, atol=1e-14)


@every
def test_tasks_side_by_side_have_the_losses_they_have_alone(loss):
    if loss.couples:
        pytest.skip("rows see each other: its tasks are taken one by one")
    parts = [example(loss, seed) for seed in (0, 1)]
    flat = [(f.flatten(0, w.ndim - 1), y.flatten(0, w.ndim - 1), w.flatten()) for f, y, w in parts]
    together = loss.each(*(torch.stack([one[i] for one in flat], 1) for i in (0, 1)))
    for t, (f, y, w) in enumerate(flat):
        alone = loss.mean(f, y, w)
        torch.testing.assert_close((together[:, t] * w).sum() / w.sum(), alone, rtol=1e-12, atol=0)


@every
def test_answers_are_numbers_or_probabilities_of_every_class(loss):
    outputs, y, w = example(loss)
    kind, answer = KINDS[loss.kinds[-1]], loss.answer(outputs)
    if kind.classes is None:
        assert answer.shape == y.shape and torch.isfinite(answer).all()
    else:
        assert answer.shape == (*w.shape, len(kind.classes))
        torch.testing.assert_close(answer.sum(-1), torch.ones_like(w))
        assert (answer >= 0).all()


@every
def test_descent_lowers_it(loss):
    outputs, y, w = example(loss)
    start = loss.mean(outputs, y, w, *groups(loss)).item()
    # thresholds stay in order where the score alone moves
    free = torch.zeros_like(outputs[..., :1] if loss.name == "cumulative" else outputs)
    free.requires_grad_(True)
    optimizer = torch.optim.Adam([free], lr=0.1)
    for _ in range(20):
        optimizer.zero_grad()
        value = loss.mean(outputs + free, y, w, *groups(loss))
        value.backward()
        optimizer.step()
    assert value.item() < start


@every
def test_a_loss_is_searched_printed_and_replaced_like_every_slot(loss):
    assert eval(repr(loss), {name: getattr(deep, name) for name in deep.__all__}) == loss  # noqa: S307
    assert loss.replace(**loss.get_params(deep=False)) == loss


@every
def test_uncertainty_knows_a_form_for_it(loss):
    assert loss.name in FORMS
