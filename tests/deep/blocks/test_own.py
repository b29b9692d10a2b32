"""The user's own modules as stages."""

import pytest
import torch
from torch import nn

from polytask import deep
from polytask.deep.columns import columns
from polytask.errors import ParameterError, UnsupportedError


class Attentive(nn.Module):
    """A module that wants the mask."""

    masked = True

    def __init__(self):
        super().__init__()
        self.score = nn.Linear(3, 1)

    def forward(self, H, mask=None):
        score = self.score(H)[..., 0]
        score = score if mask is None else score.masked_fill(~mask, -torch.inf)
        return (score.softmax(1)[..., None] * H).sum(1)


def test_a_module_is_copied_with_its_numbers_and_stays_as_it_is():
    mine = nn.Linear(4, 2)
    stage = deep.Own(mine)
    one, two = stage.build(4), stage.build(4)
    assert torch.equal(one.weight, mine.weight) and one.weight is not mine.weight
    assert one.weight is not two.weight
    alike = columns(stage, 4, 3).stacks()["weight"]
    assert torch.equal(alike[0], alike[2])


def test_a_function_makes_a_new_module_for_the_shape_that_comes_in():
    stage = deep.Own(lambda shape: nn.Linear(shape.channels, 2 * shape.channels))
    assert stage.outputs(deep.Shape(5, (None,))) == deep.Shape(10, (None,))
    several = columns(stage, 4, 3).stacks()["weight"]
    assert not torch.equal(several[0], several[2])


def test_the_dry_run_moves_no_random_number_and_no_running_mean():
    norm = nn.BatchNorm1d(4)
    state = torch.get_rng_state()
    assert deep.Own(lambda shape: nn.Sequential(nn.Linear(4, 4), norm)).outputs(4) == deep.Shape(4)
    assert torch.equal(torch.get_rng_state(), state)
    assert not norm.running_mean.any()


def test_a_module_that_is_masked_gets_the_mask():
    net = deep.HardSharing((deep.Own(Attentive()),)).build(tasks(), deep.Shape(3, (None,)))
    X, mask = torch.randn(2, 4, 3), torch.tensor([[True] * 2 + [False] * 2, [True] * 4])
    other = torch.where(mask[..., None], X, 9.0)
    a, b = (net(deep.Padded(one, mask))["a"] for one in (X, other))
    assert torch.equal(a, b) and a.shape == (2, 1)


def tasks():
    from polytask.kinds import Regression
    from polytask.task import Task

    return (Task("a", Regression()),)


def test_maps_of_any_size_stay_open():
    stage = deep.Own(nn.Conv2d(3, 8, 3, stride=2))
    assert stage.outputs(deep.Shape(3, (None, None))) == deep.Shape(8, (None, None))
    assert stage.outputs(deep.Shape(3, (9, 11))) == deep.Shape(8, (4, 5))


def test_what_is_no_stage_is_refused_by_name():
    with pytest.raises(ParameterError, match=r"torch.nn.Module"):
        deep.Own(3)
    with pytest.raises(UnsupportedError, match="It made 7"):
        deep.Own(lambda shape: 7).build(3)
    with pytest.raises(UnsupportedError, match="does not take vectors"):
        deep.Own(nn.Linear(4, 2)).outputs(5)
    with pytest.raises(UnsupportedError, match="Of 3 rows it made tuple"):
        deep.Own(nn.LSTM(4, 2, batch_first=True)).outputs(deep.Shape(4, (None,)))
    with pytest.raises(UnsupportedError, match=r"Of 3 rows it made \(12,\)"):
        deep.Own(nn.Flatten(0)).outputs(4)
