"""Sentences in batches, and the tags of nets in the order of the rows."""

import numpy as np
import pytest
import torch

from polytask import deep
from polytask.datasets.positions import tagged
from polytask.deep.targets import targets
from polytask.deep.text import Vocabulary, sentences, tags
from polytask.deep.train import Stream


def drawn(n=30, seed=0):
    """Sentences whose tags are those of their words."""
    rng = np.random.default_rng(seed)
    words = [tuple(rng.choice(["ox", "cow", "eats", "runs"], k)) for k in rng.integers(1, 9, n)]
    pos = [tuple("N" if word in ("ox", "cow") else "V" for word in row) for row in words]
    return tagged(words, {"pos": pos})


@pytest.mark.parametrize("loss", [deep.CrossEntropy(), deep.ChainCRF()], ids=repr)
def test_tags_are_those_of_the_words_in_the_order_of_the_rows(loss):
    data = drawn()
    vocabulary = Vocabulary.of(data.X)
    source = sentences(data, vocabulary, torch.zeros(()))
    with Stream(0):
        aims = targets(data.tasks, loss)
        trunk = (deep.Embedding(vocabulary.sizes, 4),)
        net = deep.HardSharing(trunk).build(aims, deep.Shape(3, (None,)))
    for _ in deep.steps(net, source, epochs=40, batch_size=8, learning_rate=0.05):
        pass
    assert tags(net, source, "pos") == data.decoded("pos")


def test_padding_changes_no_tag():
    data = drawn()
    vocabulary = Vocabulary.of(data.X)
    with Stream(0):
        trunk = (deep.Embedding(vocabulary.sizes, 4), deep.Recurrent(5), deep.Recurrent(3))
        aims = targets(data.tasks, deep.ChainCRF())
        net = deep.LowSupervision(trunk).build(aims, deep.Shape(3, (None,)))
    together = tags(net, sentences(data, vocabulary, torch.zeros(())), "pos")
    for i in range(data.n_rows):
        alone = sentences(data.take([i]), vocabulary, torch.zeros(()))
        assert tags(net, alone, "pos") == [together[i]]


def test_a_net_in_training_goes_on_training():
    data = drawn(4)
    vocabulary = Vocabulary.of(data.X)
    trunk = (deep.WordDropout(0.5), deep.Embedding(vocabulary.sizes, 4))
    net = deep.HardSharing(trunk).build(data.tasks, deep.Shape(3, (None,)))
    source = sentences(data, vocabulary, torch.zeros(()))
    assert tags(net.train(), source, "pos") == tags(net, source, "pos")
    assert net.training
