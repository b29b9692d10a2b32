"""What a training may not leave behind."""

import pytest
import torch

from polytask.deep.train import Stream, one_thread


def test_a_stream_goes_on_where_it_was_left():
    cut, whole = Stream(3), Stream(3)
    with cut:
        first = torch.rand(2)
    torch.rand(5)
    with cut:
        second = torch.rand(2)
    with whole:
        both = torch.rand(2), torch.rand(2)
    assert torch.equal(first, both[0]) and torch.equal(second, both[1])


def test_the_global_stream_comes_back_after_an_error_too():
    before = torch.get_rng_state()
    with pytest.raises(ValueError, match="inside"), Stream(0):
        torch.rand(1)
        raise ValueError("inside")
    assert torch.equal(torch.get_rng_state(), before)


def test_threads_come_back_after_an_error_and_a_large_net_keeps_its_own():
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        with pytest.raises(ValueError, match="inside"), one_thread(torch.nn.Linear(2, 2)):
            assert torch.get_num_threads() == 1
            raise ValueError("inside")
        assert torch.get_num_threads() == 2
        with one_thread(torch.nn.Linear(1000, 500)):
            assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
