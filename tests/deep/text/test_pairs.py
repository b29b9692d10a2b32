"""Pairs of sentences: halves of a batch, features that know or do not know which came first."""

import numpy as np
import pytest
import torch

from polytask import deep
from polytask.datasets.positions import Positions
from polytask.deep.targets import targets
from polytask.deep.text import Vocabulary, pairs
from polytask.deep.train import Stream
from polytask.errors import DataError, ParameterError, TaskError
from polytask.kinds import Multiclass, Regression
from polytask.task import Task

NEAR = Task("near", Regression())
FOLLOWS = Task("follows", Multiclass(("no", "yes")))


def drawn(n=40, seed=0):
    """Pairs that are near where they share words; the second follows where it is a part."""
    rng = np.random.default_rng(seed)
    words = np.array(["ox", "cow", "dog", "cat", "hen"])
    X = [tuple(tuple(rng.choice(words, rng.integers(1, 6))) for _ in range(2)) for _ in range(n)]
    near = [1 + 4 * len(set(a) & set(b)) / len(set(a) | set(b)) for a, b in X]
    follows = [float(set(b) <= set(a)) for a, b in X]
    labels = {"near": np.array(near), "follows": np.array(follows)}
    return Positions(tuple(X), (NEAR, FOLLOWS), labels)


def source(data):
    return pairs(data, Vocabulary.of([s for pair in data.X for s in pair]), torch.zeros(()))


def test_a_batch_has_the_first_sentences_then_the_second_and_a_label_per_pair():
    data = drawn()
    batch = source(data).batch(torch.tensor([3, 7]))
    lengths = [len(data.X[i][side]) for side in (0, 1) for i in (3, 7)]
    assert batch.X.mask.sum(1).tolist() == lengths
    assert torch.equal(batch.Y["near"], torch.tensor(data["near"][[3, 7]], dtype=torch.float32))


def test_every_pair_comes_once_an_epoch():
    one = source(drawn())
    picks = one.batches(7, torch.Generator().manual_seed(0))
    assert sorted(torch.cat(list(picks)).tolist()) == list(range(40))
    assert torch.cat(list(one.chunks(9))).tolist() == list(range(40))


def test_features_are_the_difference_and_the_product_of_what_is_largest():
    H = torch.randn(6, 4, 3)  # three pairs
    mask = torch.arange(4) < torch.tensor([4, 2, 1, 3, 4, 2])[:, None]
    largest = [h[m].amax(0) for h, m in zip(H, mask, strict=True)]
    for absolute in (True, False):
        found = deep.PairFeatures(absolute).build(deep.Shape(3, (None,)))(H, mask)
        for i in range(3):
            gap = largest[i] - largest[i + 3]
            expected = torch.cat([gap.abs() if absolute else gap, largest[i] * largest[i + 3]])
            assert torch.equal(found[i], expected)


def test_features_of_relatedness_do_not_know_who_came_first_and_others_change_their_sign():
    H = torch.randn(2, 4, 3)
    there, back = (
        {a: deep.PairFeatures(a).build(deep.Shape(3, (None,)))(x) for a in (True, False)}
        for x in (H, H.flip(0))
    )
    assert torch.equal(there[True], back[True])
    assert torch.equal(there[False][:, :3], -back[False][:, :3])
    assert torch.equal(there[False][:, 3:], back[False][:, 3:])


def test_half_a_pair_and_rows_that_are_none_are_refused():
    with pytest.raises(ParameterError, match="Found 3 sequences"):
        deep.PairFeatures().build(deep.Shape(3, (None,)))(torch.randn(3, 2, 3))
    with pytest.raises(DataError, match="another in row 0"):
        pairs(Positions((("a", "b"),), (), {}), Vocabulary.of(["a"]), torch.zeros(()))


def joint(vocabulary):
    relate = (deep.PairFeatures(), deep.Maxout(8))
    entail = (deep.PairFeatures(absolute=False), deep.Maxout(8), deep.Maxout(8))
    return deep.JointManyTask(
        words=(deep.Embedding(vocabulary.sizes, 6),),
        layers=(deep.Recurrent(6),) * 2,
        levels={"near": 1, "follows": 2},
        towers={"near": relate, "follows": entail},
        label_width=4,
    )


def test_a_joint_model_learns_pairs_at_two_levels():
    data = drawn(60)
    vocabulary = Vocabulary.of([s for pair in data.X for s in pair])
    with Stream(0):
        aims = targets(data.tasks, {"near": deep.Relatedness()})
        net = joint(vocabulary).build(aims, deep.Shape(3, (None,)))
    sources = {name: pairs(data.keep(name), vocabulary, torch.zeros(())) for name in data.names}
    mixture = deep.Mixture(sources, deep.InTurn())
    whole = pairs(data, vocabulary, torch.zeros(())).batch(torch.arange(60))
    assert torch.allclose(net(whole.X)["near"], torch.zeros(60, 5))  # the start of the paper
    for _ in deep.steps(net, mixture, epochs=40, batch_size=20, learning_rate=0.01):
        pass
    net.eval()
    out = net(whole.X)
    error = (deep.Relatedness().answer(out["near"]) - whole.Y["near"]).square().mean()
    assert error < 0.3 * whole.Y["near"].var()
    right = (out["follows"].argmax(-1) == whole.Y["follows"]).float().mean()
    assert right > 0.9 > (whole.Y["follows"] == 0).float().mean()


def test_a_tower_for_nobody_is_refused():
    data = drawn(4)
    vocabulary = Vocabulary.of([s for pair in data.X for s in pair])
    sharing = joint(vocabulary).replace(towers={"far": (deep.Maxout(2),)})
    with pytest.raises(TaskError, match=r"towers for \['far'\]"):
        sharing.build(data.tasks, deep.Shape(3, (None,)))
