"""What every stage obeys, on every form of rows: discovered by walking the package."""

import numpy as np
import pytest
import torch
from laws.found import classes
from sklearn.base import clone

from polytask import deep
from polytask.cli.catalog import parse_model
from polytask.deep.columns import columns
from polytask.deep.train import Stream
from polytask.deep.trunk import called
from polytask.errors import UnsupportedError
from polytask.kinds import Multiclass, Regression
from polytask.task import Task

CHANNELS, ROWS = 12, 6
SHAPES = [deep.Shape(CHANNELS, grid) for grid in ((), (5,), (None,), (4, 6), (None, None))]
# what has a text, and a module of somebody's own, which has none
OWN = deep.Own(torch.nn.Sequential(torch.nn.Linear(CHANNELS, 5), torch.nn.Tanh()))
STAGES = [example for one in classes(deep.Stage) for example in one.examples()] + [OWN]


def takes(stage, shape):
    """Whether a stage says what comes out for such rows."""
    try:
        stage.outputs(shape)
    except UnsupportedError:
        return False
    return True


def over(pairs):
    """A test for every pair of a stage and a shape."""
    names = [f"{type(stage).__name__}{i}-{shape.word}{shape.grid}" for i, (stage, shape) in pairs]
    return pytest.mark.parametrize(("stage", "shape"), [pair for _, pair in pairs], ids=names)


PAIRS = list(enumerate((stage, shape) for stage in STAGES for shape in SHAPES))
FIT = [(i, pair) for i, pair in PAIRS if takes(*pair)]
every = over(FIT)
refused = over([(i, p) for i, p in PAIRS if (i, p) not in FIT and not isinstance(p[0], deep.Own)])
over_sequences = over([(i, pair) for i, pair in FIT if pair[1].word == "sequences"])


def batch(shape, rows=ROWS, seed=0):
    """Small whole numbers, which every stage takes; sizes that change are 7."""
    grid = tuple(size or 7 for size in shape.grid)
    form = (shape.channels, *grid) if len(grid) == 2 else (*grid, shape.channels)
    values = np.random.default_rng(seed).integers(0, 4, size=(rows, *form))
    return torch.as_tensor(values, dtype=torch.float64)


def built(stage, shape):
    """A module at a start that does not depend on what ran before."""
    with Stream(0):
        return stage.build(shape).double()


def unlike_lengths(stage, shape):
    """A module in evaluation, sequences, and their mask."""
    mask = torch.arange(shape.grid[0] or 7) < torch.tensor([5, 1, 3, 5, 2, 4])[:, None]
    return built(stage, shape).eval(), batch(shape), mask


def test_every_form_of_rows_is_taken_by_some_stage():
    assert {shape.word for _, (_, shape) in FIT} == {"vectors", "sequences", "maps"}


@refused
def test_what_does_not_fit_is_refused_when_it_is_built(stage, shape):
    with pytest.raises(UnsupportedError, match=f"(?i){shape.word}|{type(stage).__name__}"):
        stage.build(shape)


@every
def test_what_comes_out_has_the_shape_that_was_said(stage, shape):
    X = batch(shape)
    out = built(stage, shape).eval()(X)
    said = stage.outputs(shape)
    assert out.shape[said.axis] == said.channels
    assert out.ndim == 2 + len(said.grid)
    grid = out.shape[2:] if said.axis == 1 and len(said.grid) == 2 else out.shape[1:-1]
    assert all(size in (None, found) for size, found in zip(said.grid, grid, strict=True))


@every
def test_every_parameter_gets_a_gradient(stage, shape):
    module = built(stage, shape)
    if not list(module.parameters()):
        pytest.skip("it has none")
    (module(batch(shape, 40)) ** 3).sum().backward()
    silent = [name for name, p in module.named_parameters() if p.grad is None or not p.grad.any()]
    assert not silent


@every
def test_a_row_does_not_see_its_neighbours_at_prediction(stage, shape):
    module, X = built(stage, shape).eval(), batch(shape)
    torch.testing.assert_close(module(X)[2:4], module(X[2:4]), rtol=1e-12, atol=1e-12)


@over_sequences
def test_padding_changes_no_real_position(stage, shape):
    module, X, mask = unlike_lengths(stage, shape)
    other = torch.where(mask[..., None], X, (X + 1) % 4)
    first, second = (called(module, one, mask) for one in (X, other))
    if first.ndim == 3:
        first, second = first[mask], second[mask]
    assert torch.equal(first, second)


@over_sequences
def test_a_padded_sequence_is_answered_as_it_is_alone(stage, shape):
    module, X, mask = unlike_lengths(stage, shape)
    together = called(module, X, mask)
    for row, n in enumerate(mask.sum(1).tolist()):
        alone = called(module, X[row : row + 1, :n], mask[row : row + 1, :n])[0]
        found = together[row] if alone.ndim == 1 else together[row, :n]
        torch.testing.assert_close(found, alone, rtol=1e-10, atol=1e-12)


@over_sequences
def test_a_sequence_without_a_position_does_no_harm(stage, shape):
    module, X, mask = unlike_lengths(stage, shape)
    mask[2] = False
    out = called(module.train(), X, mask)
    out.sum().backward() if out.requires_grad else None
    assert out.isfinite().all()
    assert all(p.grad is None or p.grad.isfinite().all() for p in module.parameters())


@every
def test_columns_are_the_stage_column_by_column(stage, shape):
    with Stream(0):
        side = columns(stage, shape, 3).double().eval()
    with Stream(0):
        alone = [stage.build(shape).double().eval() for _ in range(3)]
    several = torch.stack([batch(shape, seed=seed) for seed in range(3)])
    expected = torch.stack([one(X) for one, X in zip(alone, several, strict=True)])
    torch.testing.assert_close(side(several), expected, rtol=1e-12, atol=1e-12)
    stacks = side.stacks()
    for name, parameter in alone[1].named_parameters():
        assert torch.equal(stacks[name][1], parameter)


@every
def test_matrices_that_make_channels_have_a_row_for_each(stage, shape):
    stacks = columns(stage, shape, 3).stacks()
    for matrix in stage.producers(stacks):
        assert matrix.shape[:2] == (3, stage.outputs(shape).channels)


@every
def test_hard_sharing_answers_at_every_position_that_comes_out(stage, shape):
    tasks = (Task("depth", Regression()), Task("what", Multiclass(("sky", "road", "tree"))))
    net = deep.HardSharing((stage,)).build(tasks, shape).double().eval()
    said = stage.outputs(shape)
    outputs = net(batch(shape))
    assert [out.shape[-1] for out in outputs.values()] == [1, 3]
    assert all(out.ndim == 2 + len(said.grid) and len(out) == ROWS for out in outputs.values())


@pytest.mark.parametrize("stage", STAGES[:-1], ids=repr)
def test_the_value_can_be_cloned_replaced_and_pasted_back(stage):
    assert stage.replace(**stage.get_params(deep=False)) == stage
    assert clone(deep.HardSharing((stage,))).trunk == (stage,)
    model = deep.DeepModel(deep.HardSharing((stage,)))
    assert parse_model(repr(model)).sharing.trunk == (stage,)
