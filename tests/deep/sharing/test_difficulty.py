"""Hard rows, and what tasks have in common by them, by hand and by counting."""

import numpy as np
import pytest
import torch
from deep.sharing.toy import TASKS, built, rows

from polytask import deep
from polytask.deep.data import Batch, Source
from polytask.deep.sharing.difficulty import AFFINITIES, agreement, beyond_chance, difficulty
from polytask.task import Task

RNG = np.random.default_rng(0)
every = pytest.mark.parametrize("affinity", AFFINITIES.values(), ids=list(AFFINITIES))


def drawn(n, *shares):
    return np.column_stack([RNG.random(n) < q for q in shares])


@every
def test_equal_tasks_have_1_whatever_they_find_hard(affinity):
    hard = np.repeat(drawn(50, 0.3), 3, axis=1)
    np.testing.assert_allclose(affinity(hard, np.ones_like(hard)), 1)


@every
def test_it_is_symmetric_and_does_not_look_at_gaps(affinity):
    hard, known = drawn(200, 0.2, 0.5, 0.7), drawn(200, 0.8, 0.9, 0.5)
    A = affinity(hard & known, known)
    np.testing.assert_allclose(A, A.T)
    assert (np.diag(A) == 1).all()
    both = known[:, 0] & known[:, 2]
    alone = affinity(hard[both][:, [0, 2]], np.ones((both.sum(), 2), bool))
    np.testing.assert_allclose(A[0, 2], alone[0, 1])


def test_opposite_tasks_agree_never():
    one = drawn(100, 0.4)
    hard = np.column_stack([one, ~one])
    assert agreement(hard, np.ones_like(hard))[0, 1] == 0
    assert beyond_chance(hard, np.ones_like(hard))[0, 1] < -0.8


def test_independent_tasks_agree_as_often_as_chance_has_it():
    q, n = 0.2, 200_000
    hard = drawn(n, q, q)
    known = np.ones_like(hard)
    # a standard error is 0.001
    assert agreement(hard, known)[0, 1] == pytest.approx(q**2 + (1 - q) ** 2, abs=0.005)
    assert beyond_chance(hard, known)[0, 1] == pytest.approx(0, abs=0.01)


def test_tasks_without_a_common_row_are_neither_near_nor_far():
    known = np.array([[1, 0], [1, 0], [0, 1]], bool)
    assert agreement(known, known)[0, 1] == 0.5
    assert beyond_chance(known, known)[0, 1] == 0


class Given(Source):
    """Two batches with labels as dicts; a task is not in the first."""

    def __init__(self, X, Y):
        self.X, self.Y, self.tasks = X, Y, TASKS

    def batches(self, size, generator, epoch=1):
        return self.chunks(size)

    def chunks(self, size):
        return [slice(0, 10), slice(10, 30)]

    def batch(self, pick):
        names = ("price", "tree") if pick.start == 0 else ("price", "tree", "sold")
        Y = {name: self.Y[name][pick] for name in names}
        return Batch(self.X[pick], Y, {name: torch.ones(len(y)) for name, y in Y.items()})


def test_a_row_is_hard_where_its_margin_is_at_least_the_mean_margin_of_the_task():
    net, X = built(deep.HardSharing(deep.mlp(6)), tasks=TASKS).train(), rows(30, 4)
    labels = {
        "price": rows(30, seed=2),
        "tree": torch.arange(30) % 3,
        "sold": (torch.arange(30) % 2).double(),
    }
    hard, known = difficulty(net, Given(X, labels))
    assert net.training
    out = net.eval()(X)
    margins = {
        "price": (out["price"][:, 0] - labels["price"]).abs(),
        "tree": 1 - out["tree"].softmax(1)[torch.arange(30), labels["tree"]],
        "sold": (out["sold"][:, 0].sigmoid() - labels["sold"]).abs()[10:],
    }
    for t, name in enumerate(("price", "tree", "sold")):
        start = 30 - len(margins[name])
        expected = (margins[name] >= margins[name].mean()).numpy()
        assert hard[start:, t].tolist() == expected.tolist()
        assert known[:, t].tolist() == [False] * start + [True] * (30 - start)
        assert not hard[:start, t].any()


def test_a_net_may_answer_for_more_tasks_than_have_labels():
    net = built(deep.HardSharing(deep.mlp(6)), tasks=(*TASKS, Task("size", TASKS[0].kind)))
    labels = {"price": rows(30, seed=2), "tree": torch.zeros(30).long(), "sold": torch.ones(30)}
    hard, known = difficulty(net, Given(rows(30, 4), labels))
    assert not known[:, 3].any() and not hard[:, 3].any()
