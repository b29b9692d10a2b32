"""A chain of tags beside the sum over all its sequences."""

from itertools import product

import pytest
import torch

from polytask import deep
from polytask.deep.heads import Heads
from polytask.deep.losses.chain_crf import potentials
from polytask.deep.shape import Shape
from polytask.kinds import Tagging
from polytask.task import Task

K, LENGTH, B = 3, 5, 4
LOSS = deep.ChainCRF()


def example(seed=0):
    generator = torch.Generator().manual_seed(seed)
    outputs = torch.randn(B, LENGTH, (K + 1) * K, generator=generator, dtype=torch.float64)
    return outputs, torch.randint(0, K, (B, LENGTH), generator=generator).double()


def score(S, tags):
    """Of one sequence under the potentials of one sentence ``(length, K + 1, K)``."""
    return sum(S[i, tags[i - 1] if i else K, tag] for i, tag in enumerate(tags))


def every(S, length):
    return {tags: score(S, tags) for tags in product(range(K), repeat=length)}


def log_total(scores):
    return torch.stack(list(scores)).logsumexp(0)


def test_the_loss_is_that_of_the_sum_over_all_sequences():
    outputs, y = example()
    expected = 0.0
    for S, tags in zip(potentials(outputs), y.long().tolist()):
        expected += log_total(every(S, LENGTH).values()) - score(S, tags)
    found = LOSS.mean(outputs, y, torch.ones(B, LENGTH).double())
    torch.testing.assert_close(found, expected / (B * LENGTH))


def test_a_sentence_ends_with_its_last_label_and_words_without_one_are_summed_over():
    outputs, y = example()
    w = torch.ones(B, LENGTH).double()
    w[0, 3:] = 0  # padding
    w[1, 1] = w[1, 2] = 0  # unlabelled words inside
    w[2] = 0  # no label at all
    expected = 0.0
    for b, (S, tags) in enumerate(zip(potentials(outputs), y.long().tolist())):
        length = {0: 3, 2: 0}.get(b, LENGTH)
        if length:
            scores = every(S, length)
            fits = [
                s
                for t, s in scores.items()
                if all(t[i] == tags[i] or not w[b, i] for i in range(length))
            ]
            expected += log_total(scores.values()) - log_total(fits)
    torch.testing.assert_close(LOSS.mean(outputs, y, w), expected / w.sum())


def test_the_answer_is_the_best_of_all_sequences_and_padding_moves_nothing():
    outputs, _ = example(1)
    mask = torch.ones(B, LENGTH, dtype=torch.bool)
    mask[0, 3:] = False
    found = LOSS.tags(outputs, mask)
    for b, S in enumerate(potentials(outputs)):
        length = int(mask[b].sum())
        scores = every(S, length)
        assert tuple(found[b, :length].tolist()) == max(scores, key=scores.get)
    answer = LOSS.answer(outputs, mask)
    assert answer.shape == (B, LENGTH, K) and torch.equal(answer.argmax(-1), found)


def test_without_transitions_every_word_stands_alone():
    words = torch.randn(B, LENGTH, K, generator=torch.Generator().manual_seed(0)).double()
    outputs = words[..., None, :].expand(B, LENGTH, K + 1, K).flatten(-2)
    _, y = example()
    w = torch.ones(B, LENGTH).double()
    plain = deep.CrossEntropy().mean(words, y, w)
    torch.testing.assert_close(LOSS.mean(outputs, y, w), plain)
    assert torch.equal(LOSS.tags(outputs), words.argmax(-1))


def test_its_head_learns_which_tag_follows_which():
    # tags alternate, and only the first word says with which of two they begin
    first = torch.arange(8) % 2
    y = ((first[:, None] + torch.arange(6)) % 2).double()
    X = torch.zeros(8, 6, 2)
    X[:, 0] = torch.nn.functional.one_hot(first, 2).float()
    heads = Heads((deep.targets.Target(Task("tag", Tagging(("a", "b"))), LOSS),), Shape(2, (None,)))
    optimizer = torch.optim.Adam(heads.parameters(), lr=0.5)
    for _ in range(40):
        optimizer.zero_grad()
        LOSS.mean(heads(X)["tag"], y.float(), torch.ones(8, 6)).backward()
        optimizer.step()
    assert (LOSS.tags(heads(X)["tag"]) == y).float().mean() == pytest.approx(1.0)
