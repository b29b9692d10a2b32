"""Patience watches the held-out part and keeps the best."""

import pytest
import torch

from polytask.deep import Patience
from polytask.deep.train import Step
from polytask.errors import ParameterError


def ended(epoch, score):
    zero = torch.zeros(2)
    held = None if score is None else {"a": score, "b": score + 1}
    return Step(epoch, ("a", "b"), zero, zero > 0, zero, held is not None, held)


def test_it_stops_after_that_many_epochs_without_a_better_one_and_restores_the_best():
    net = torch.nn.Linear(1, 1)
    patience = Patience(net, epochs=2)
    answers = []
    for epoch, score in enumerate([3.0, 1.0, 2.0, 1.5], start=1):
        with torch.no_grad():
            net.weight.fill_(float(epoch))
        answers.append(patience.over(ended(epoch, score)))
    assert answers == [False, False, False, True]
    assert (patience.best, patience.best_epoch) == (1.5, 2)
    patience.restore()
    assert net.weight.item() == 2.0


def test_steps_inside_an_epoch_and_losses_that_are_not_finite_are_no_progress():
    patience = Patience(torch.nn.Linear(1, 1), epochs=1)
    assert not patience.over(ended(1, None))
    assert not patience.over(ended(1, 1.0))
    assert patience.over(ended(2, float("nan")))
    assert patience.best_epoch == 1


def test_without_a_held_out_part_there_is_nothing_to_restore():
    net = torch.nn.Linear(1, 1)
    before = net.weight.clone()
    Patience(net).restore()
    assert torch.equal(net.weight, before)


def test_no_patience_at_all_is_refused():
    with pytest.raises(ParameterError, match="epochs >= 1"):
        Patience(torch.nn.Linear(1, 1), epochs=0)
