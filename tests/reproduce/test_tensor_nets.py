"""The table of digits: what is drawn, how long each method learns, and its gates."""

import numpy as np
import pytest

from polytask.reproduce import get, tensor_nets

pytest.importorskip("torch")


def test_a_draw_gives_the_numbers_that_the_rows_ask_for(monkeypatch):
    monkeypatch.setattr(tensor_nets, "STEPS", 50)
    one = get("tensor-nets")
    record = one.pieces(True)[1].work()
    assert all(0 < record[name] < 80 for name in tensor_nets.METHODS)
    records = {f"{setting} | 0": {"status": "ok"} | record for setting in one.settings}
    assert all(row.complete for row in one.rows(records))


def test_no_test_digit_trains_and_every_digit_is_there():
    train, test = tensor_nets.drawn(100, 3)
    assert (train.n_rows, test.n_rows) == (100, 1697)
    assert (train.Y.sum(axis=0) == 10).all() and (train.Y.sum(axis=1) == 1).all()
    assert not np.array_equal(train.X, tensor_nets.drawn(100, 4)[0].X)


def test_factorised_nets_learn_as_long_as_those_they_are_held_against(monkeypatch):
    from polytask import deep

    monkeypatch.setattr(tensor_nets, "STEPS", 2)
    train, _ = tensor_nets.drawn(100, 0)
    taken = []
    after = deep.DeepModel._train

    def counted(self, net, *rest):
        trained = after(self, net, *rest)
        taken.append(self.n_iter_)
        return trained

    monkeypatch.setattr(deep.DeepModel, "_train", counted)
    for name, steps in (("hard", [2]), ("hard, as long", [4]), ("separate", [4]), ("tt", [2, 2])):
        tensor_nets.fitted(name, train, 0)
        assert taken == steps
        taken.clear()


def test_a_form_that_is_worse_than_hard_sharing_is_seen():
    one = get("tensor-nets")
    numbers = dict(zip(tensor_nets.METHODS, (5.8, 5.4, 4.2, 5.1, 5.0, 4.5), strict=True))

    def broken(**changed):
        records = {
            f"{setting} | {seed}": {"status": "ok"} | numbers | changed
            for setting in one.settings
            for seed in range(one.seeds)
        }
        return {row.name for row in one.rows(records) if row.holds is False}

    assert broken() == set()
    assert broken(tt=6.0) == {"tt against hard, 400 digits"}
    assert broken(hard=4.9) == {"tucker against hard, 400 digits"}
