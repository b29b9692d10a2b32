"""Heads and what their outputs mean, against torch's own losses and by hand."""

from dataclasses import dataclass
from typing import ClassVar

import pytest
import torch

from polytask.deep.heads import ColumnHeads, Heads
from polytask.deep.losses import DEFAULTS
from polytask.deep.shape import Shape
from polytask.deep.targets import targets
from polytask.errors import UnsupportedError
from polytask.kinds import Binary, Multiclass, Regression
from polytask.task import Task

TASKS = (Task("a", Regression()), Task("b.c", Multiclass(("x", "y", "z"))), Task("d", Binary()))


def test_heads_in_one_product_are_one_linear_layer_per_task():
    heads, H = Heads(TASKS, 4), torch.randn(6, 4, generator=torch.Generator().manual_seed(0))
    weight, bias = heads.linear.weight, heads.linear.bias
    outputs = heads(H)
    torch.testing.assert_close(outputs["a"], H @ weight[:1].T + bias[:1])
    torch.testing.assert_close(outputs["b.c"], H @ weight[1:4].T + bias[1:4])
    torch.testing.assert_close(outputs["d"], H @ weight[4:].T + bias[4:])


def test_losses_by_hand():
    y = torch.tensor([[1.0]])
    one = torch.tensor([[[3.0]]])
    assert DEFAULTS["squared"].each(one, y).item() == 4
    assert DEFAULTS["absolute"].each(one, y).item() == 2
    assert DEFAULTS["logistic"].each(one, y).item() == pytest.approx(0.048587, abs=1e-6)
    three = torch.tensor([[[0.0, 0.0, 0.0]]])
    assert DEFAULTS["multinomial"].each(three, y).item() == pytest.approx(1.098612, abs=1e-6)


def test_losses_of_several_tasks_side_by_side_are_those_of_each():
    generator = torch.Generator().manual_seed(0)
    outputs, y = torch.randn(5, 2, 3, generator=generator), torch.tensor([[0.0, 2.0]] * 5)
    together = DEFAULTS["multinomial"].each(outputs, y)
    for t in range(2):
        alone = torch.nn.functional.cross_entropy(outputs[:, t], y[:, t].long(), reduction="none")
        torch.testing.assert_close(together[:, t], alone)


def test_answers_are_numbers_or_probabilities_in_the_order_of_the_classes():
    assert DEFAULTS["squared"].answer(torch.tensor([[2.5]])).tolist() == [2.5]
    positive = DEFAULTS["logistic"].answer(torch.tensor([[2.0]]))
    assert positive[0, 1] > positive[0, 0] and positive.sum().item() == pytest.approx(1)
    three = DEFAULTS["multinomial"].answer(torch.tensor([[0.0, 5.0, 0.0]]))
    assert three.argmax().item() == 1 and three.sum().item() == pytest.approx(1)


def test_a_kind_without_a_head_is_refused_by_name():
    @dataclass(frozen=True)
    class Survival(Regression):
        loss: ClassVar[str] = "luck"

    with pytest.raises(UnsupportedError, match=r"Found 'luck' in task 'death'"):
        targets((Task("death", Survival()),))


def every_shape(channels=4):
    """A batch of five rows of each form, and its shape."""
    generator = torch.Generator().manual_seed(0)
    for grid in ((), (3,), (2, 3)):
        rows = (channels, *grid) if len(grid) > 1 else (*grid, channels)
        yield Shape(channels, grid), torch.randn(5, *rows, generator=generator)


shapes = pytest.mark.parametrize(
    ("shape", "H"), list(every_shape()), ids=["vectors", "sequences", "maps"]
)


@shapes
def test_heads_answer_at_every_position_with_outputs_last(shape, H):
    heads = Heads(TASKS, shape)
    outputs = heads(H)
    last = H if len(shape.grid) < 2 else H.permute(0, 2, 3, 1)
    for name, rows in (("a", slice(0, 1)), ("b.c", slice(1, 4)), ("d", slice(4, 5))):
        expected = last @ heads.linear.weight[rows].T + heads.linear.bias[rows]
        assert outputs[name].shape == (5, *shape.grid, expected.shape[-1])
        torch.testing.assert_close(outputs[name], expected)


@shapes
def test_heads_on_columns_are_a_head_for_each(shape, H):
    torch.manual_seed(1)
    heads, several = ColumnHeads(TASKS, shape), torch.stack([H, 2 * H, -H])
    torch.manual_seed(1)
    alone = [Heads((task,), shape) for task in TASKS]
    expected = {
        task.name: one(h)[task.name] for task, one, h in zip(TASKS, alone, several, strict=True)
    }
    outputs = heads(several)
    assert list(outputs) == ["a", "b.c", "d"]
    for name, answer in heads(several).items():
        torch.testing.assert_close(answer, expected[name])
    assert list(heads(several, ("d", "b.c"))) == ["b.c", "d"]


@pytest.mark.parametrize("kind", [Heads, ColumnHeads])
def test_rows_of_a_task_are_what_its_output_depends_on_and_no_other(kind):
    tasks = (
        Task("a", Regression()),
        Task("b", Multiclass(("x", "y", "z"))),
        Task("c", Regression()),
    )
    heads = kind(tasks, 5)
    H = torch.randn(3, 7, 5) if kind is ColumnHeads else torch.randn(7, 5)
    for task in tasks:
        heads.zero_grad()
        heads(H)[task.name].square().sum().backward()
        for p in heads.parameters():
            own = torch.zeros_like(p)
            for q, rows in heads.rows_of([task.name]):
                if q is p:
                    own[rows] = 1
            touched = torch.zeros_like(p) if p.grad is None else (p.grad != 0).to(p)
            assert torch.equal(touched, own)
