"""A slot value is frozen, prints as it is written, and can be searched."""

from dataclasses import dataclass

import pytest
from sklearn.base import clone

from polytask import Model
from polytask.errors import ParameterError
from polytask.slot import Slot


@dataclass(frozen=True)
class Inner(Slot):
    alpha: float = 1.0


@dataclass(frozen=True)
class Outer(Slot):
    shared: Inner = Inner()
    own: Inner = Inner(2.0)


class Holder(Model):
    def __init__(self, penalty=None, *, task_column=None):
        self.penalty = penalty
        self.task_column = task_column


def test_parameters_reach_into_slots_inside():
    found = Outer().get_params()
    assert found["shared__alpha"] == 1.0 and found["own"] == Inner(2.0)


def test_replacing_gives_a_new_value_and_leaves_the_old_one():
    old = Outer()
    new = old.replace(shared__alpha=5, own=Inner(7))
    assert new == Outer(Inner(5), Inner(7)) and old == Outer()


def test_a_model_puts_a_new_slot_value_in_place():
    slot = Outer()
    model = Holder(slot).set_params(penalty__own__alpha=9)
    assert model.penalty == Outer(own=Inner(9)) and slot == Outer()
    assert clone(model).penalty == model.penalty


def test_a_whole_slot_and_its_field_can_be_set_at_once():
    model = Holder(Outer()).set_params(penalty=Inner(3.0), penalty__alpha=4.0)
    assert model.penalty == Inner(4.0)


def test_the_text_can_be_pasted_back():
    assert repr(Outer()) == "Outer(shared=Inner(alpha=1.0), own=Inner(alpha=2.0))"


def test_an_unknown_field_is_named_with_the_known_ones():
    with pytest.raises(ParameterError, match=r"no field 'beta'.*alpha"):
        Inner().replace(beta=1)
