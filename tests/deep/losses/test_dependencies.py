"""Heads of words and relations to them: the start, what is barred, padding, and learning."""

import numpy as np
import pytest
import torch

from polytask import deep
from polytask.datasets.positions import Positions
from polytask.deep.losses.dependencies import Arcs, candidates
from polytask.deep.text import Vocabulary, sentences, tags
from polytask.deep.train import Stream
from polytask.errors import DataError, UnsupportedError
from polytask.kinds import Dependency
from polytask.kinds.dependency import attachment
from polytask.task import Task

KIND = Dependency(("amod", "nsubj", "root"))
TASK = Task("syntax", KIND)
SHAPE = deep.Shape(3, (None,))


def head(channels=5, seed=0):
    with Stream(seed):
        module = Arcs(channels, 3, 7)
        torch.nn.init.normal_(module.root)
    return module.double()


def treebank(n=60, seed=0):
    """Adjectives depend on the next noun, the first noun on the verb, the verb on the root."""
    rng = np.random.default_rng(seed)
    X, trees = [], []
    for _ in range(n):
        k = int(rng.integers(0, 4))
        X.append((*rng.choice(["red", "old", "big"], k), "ox", "runs"))
        trees.append([*((k + 1, "amod") for _ in range(k)), (k + 2, "nsubj"), (0, "root")])
    return Positions(tuple(X), (TASK,), {"syntax": KIND.encode(trees, "syntax")})


def test_a_start_at_zero_makes_all_heads_as_likely_but_the_word_itself():
    module = head()
    for parameter in module.starts_at_zero():
        parameter.data.zero_()
    outputs = module(torch.randn(2, 4, 5, dtype=torch.float64))
    arcs, relations = candidates(outputs)
    share = arcs.softmax(-1)
    for word in range(4):
        assert share[:, word, word + 1].max() == 0
        others = [j for j in range(5) if j != word + 1]
        torch.testing.assert_close(share[:, word, others], torch.full((2, 4), 0.25).double())
    assert (relations == 0).all()
    y = torch.tensor([[[2.0, 1], [0, 2], [2, 0], [1, 0]]] * 2)
    value = deep.Dependencies().mean(outputs, y, torch.ones(2, 4).double())
    assert value.item() == pytest.approx(np.log(4) + np.log(3))


def test_scores_are_bilinear_and_relations_see_both_words():
    module, H = head(), torch.randn(1, 3, 5, dtype=torch.float64)
    arcs, relations = candidates(module(H))
    others = [module.root, *H[0]]
    for t in range(3):
        for j in range(4):
            if j != t + 1:
                expected = module.bilinear.weight @ H[0, t] @ others[j]
                torch.testing.assert_close(arcs[0, t, j], expected)
            unit = (module.of_word(H[0, t]) + module.of_head(others[j])).relu()
            torch.testing.assert_close(relations[0, t, j], module.relation(unit))


def test_the_loss_is_that_of_the_head_and_of_the_relation_to_the_right_head():
    outputs = head()(torch.randn(1, 3, 5, dtype=torch.float64))
    arcs, relations = candidates(outputs)
    y = torch.tensor([[[2.0, 1], [0, 2], [1, 0]]])
    w = torch.tensor([[1.0, 1.0, 0.0]], dtype=torch.float64)
    expected = 0
    for word, (one, relation) in enumerate(((2, 1), (0, 2))):
        expected -= arcs[0, word].log_softmax(-1)[one]
        expected -= relations[0, word, one].log_softmax(-1)[relation]
    torch.testing.assert_close(deep.Dependencies().mean(outputs, y, w), expected / 2)
    outputs = outputs.detach().requires_grad_(True)
    deep.Dependencies().mean(outputs, torch.full_like(y, torch.nan), 0 * w).backward()
    assert not outputs.grad.any()


def test_padding_is_no_head_and_changes_no_score():
    module, H = head(), torch.randn(1, 6, 5, dtype=torch.float64)
    mask = torch.tensor([[True] * 4 + [False] * 2])
    arcs, relations = candidates(module(H, mask))
    alone = candidates(module(H[:, :4]))
    torch.testing.assert_close(arcs[:, :4, :5].softmax(-1), alone[0].softmax(-1))
    torch.testing.assert_close(relations[:, :4, :5], alone[1])
    assert arcs[:, :4].softmax(-1)[..., 5:].max() == 0


def test_a_parser_learns_and_its_labelled_score_is_never_above_the_unlabelled_one():
    data = treebank()
    vocabulary = Vocabulary.of(data.X)
    source = sentences(data, vocabulary, torch.zeros(()))
    with Stream(0):
        trunk = (deep.Embedding(vocabulary.sizes, 8), deep.Recurrent(8))
        net = deep.HardSharing(trunk).build(data.tasks, SHAPE)
    scores = []
    for step in deep.steps(net, source, epochs=30, batch_size=10, learning_rate=0.02):
        if step.number in (1, 10, 180):
            said = tags(net, source, "syntax")
            assert all(one != i for row in said for i, (one, _) in enumerate(row, 1))
            scores.append(attachment(KIND, data.decoded("syntax"), said))
    assert all(las <= uas for uas, las in scores)
    assert scores[-1] == (1, 1) > scores[0]


def test_a_joint_model_parses_above_its_taggers():
    data = treebank(12)
    vocabulary = Vocabulary.of(data.X)
    sharing = deep.JointManyTask(
        (deep.Embedding(vocabulary.sizes, 4),), (deep.Recurrent(4),), label_width=2
    )
    with Stream(0):
        net = sharing.build(data.tasks, SHAPE)
    batch = sentences(data, vocabulary, torch.zeros(())).batch(torch.arange(12))
    value = deep.Dependencies().mean(net(batch.X)["syntax"], batch.Y["syntax"], batch.W["syntax"])
    words = [np.log(len(x)) + np.log(3) for x in data.X for _ in x]
    assert value.item() == pytest.approx(np.mean(words))  # uniform at the start of the paper


def test_who_does_not_tell_where_sentences_end_is_refused():
    net = deep.SoftSharing((deep.Dense(4),)).build((TASK,), SHAPE)
    with pytest.raises(UnsupportedError, match="'syntax' has to know where sentences end"):
        net(torch.randn(2, 3, 3))


@pytest.mark.parametrize("label", [(3, "root"), (1, "root"), (-1, "root"), (0, "obj")])
def test_labels_that_are_no_arcs_are_refused(label):
    with pytest.raises(DataError, match="'syntax' needs heads from 0 to 2"):
        KIND.encode([[label, (0, "root")]], "syntax")
