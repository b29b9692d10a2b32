"""Tasks in sequence: scores after each, what is forgotten, what is carried over."""

import copy
from functools import partial

import numpy as np
import pytest
import torch
from sklearn.metrics import accuracy_score, r2_score

from polytask import Tasks, deep
from polytask.deep.train.in_sequence import Transfer
from polytask.errors import DataError


def problem(trunk, n=300, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 4))
    Y = np.column_stack([X @ [1, 1, 0, 0], X @ [1, 1, 0, 0] > 0, X @ [0, 0, 1, -1]])
    kinds = {"first": "regression", "same": "binary", "other": "regression"}
    data = Tasks.from_arrays(X, Y, names=list(kinds), kinds=kinds)
    train, test = data.split(0.4, seed=0)
    with deep.train.Stream(seed):
        net = deep.HardSharing(trunk).build(data.tasks, 4)
    return net, *({name: part.keep(name) for name in data.names} for part in (train, test))


TRAIN = partial(deep.steps, epochs=40, learning_rate=0.01)


def test_scores_are_those_of_a_loop_by_hand():
    net, train, test = problem(deep.mlp(8))
    other = copy.deepcopy(net)
    found = deep.in_sequence(net, train, test, train=TRAIN)
    for i, name in enumerate(train):
        for _ in TRAIN(other, train[name]):
            pass
        with torch.no_grad():
            other.eval()
            for j, (task, data) in enumerate(test.items()):
                X, y, _ = data.table(task)
                out = other(torch.tensor(X, dtype=torch.float32))[task][:, 0].numpy()
                score = accuracy_score(y, out > 0) if task == "same" else r2_score(y, out)
                assert found.scores[i, j] == pytest.approx(score, abs=1e-6)
    assert found.names == ("first", "same", "other")


def test_with_nothing_shared_nothing_is_forgotten_and_nothing_carried_over():
    net, train, test = problem(())
    found = deep.in_sequence(net, train, test, train=TRAIN)
    assert found.backward == 0 and found.forward == 0
    assert (np.diag(found.scores) > 0.9).all()


def test_a_shared_part_forgets_and_another_order_forgets_something_else():
    net, train, test = problem(deep.mlp(4))
    found = deep.in_sequence(net, train, test, train=TRAIN)
    assert found.backward < -0.2
    turned = {name: train[name] for name in reversed(train)}
    net, _, _ = problem(deep.mlp(4))
    back = deep.in_sequence(net, turned, {name: test[name] for name in turned}, train=TRAIN)
    assert back.names == ("other", "same", "first")
    assert back.scores[-1, 0] < back.scores[0, 0] - 0.2


def test_the_three_numbers_by_hand():
    R = np.array([[0.8, 0.3], [0.6, 0.9]])
    found = Transfer(("a", "b"), R, np.array([0.5, 0.2]))
    assert found.average == pytest.approx(0.75)
    assert found.backward == pytest.approx(0.6 - 0.8)
    assert found.forward == pytest.approx(0.3 - 0.2)
    alone = Transfer(("a",), R[:1, :1], np.array([0.5]))
    assert np.isnan(alone.backward) and np.isnan(alone.forward) and alone.average == 0.8


def test_heads_of_tasks_that_are_not_trained_rest():
    net, train, _ = problem(deep.mlp(4))
    before = net.heads.linear.weight.detach().clone()
    list(deep.steps(net, train["first"], epochs=3, weight_decay=0.5))
    after = net.heads.linear.weight.detach()
    assert not torch.equal(after[0], before[0]) and torch.equal(after[1:], before[1:])


def test_parts_need_the_same_names_and_labels():
    net, train, test = problem(())
    with pytest.raises(DataError, match="same names"):
        deep.in_sequence(net, train, {"first": test["first"]})
    empty = test["first"].with_(labels=[one.pick(np.zeros(one.n, bool)) for one in test["first"]])
    with pytest.raises(DataError, match="'first' has no label"):
        deep.in_sequence(net, {"first": train["first"]}, {"first": empty})
