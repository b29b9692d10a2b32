"""Sharings with experts, masks, fusions, branches and conditions on sequences and maps."""

import pytest
import torch
from deep.sharing.toy import TASKS, Filters, Flat, Reader, Same, built, padded, rows

from polytask import deep
from polytask.deep.losses.dependencies import candidates
from polytask.errors import UnsupportedError
from polytask.kinds import Dependency
from polytask.task import Task


def over(stages):
    """Every sharing of this kind on these stages."""
    return [
        deep.MMoE(stages, experts=2),
        deep.DSelectK(stages, experts=3, chosen=2),
        deep.DSelectK(stages, experts=2, chosen=1, gate="row"),
        deep.PLE((stages,), own=1, shared=1),
        deep.MTAN(stages),
        deep.NDDR(stages),
        deep.LearningToBranch(stages),
        deep.FiLM(stages),
        deep.TaskToken(stages, width=2),
    ]


def every(*trunks):
    found = [one for stages in trunks for one in over(stages)]
    return pytest.mark.parametrize("sharing", found, ids=lambda one: type(one).__name__)


def widths(outputs):
    return {name: tuple(out.shape) for name, out in outputs.items()}


def gradients(net, X):
    net.train()
    for _ in range(6):
        sum((out**2).sum() for out in net(X).values()).backward()
    return [name for name, p in net.named_parameters() if p.grad is None or not p.grad.any()]


@every(
    (Reader(5), Reader(4)),
    (deep.Recurrent(4), deep.Dense(5)),
    (deep.Dense(4), deep.Transformer(heads=2)),
)
def test_sequences_get_an_answer_at_every_position(sharing):
    net = built(sharing, deep.Shape(3, (None,)), TASKS)
    X = rows(6, 7, 3)
    assert widths(net(X)) == {"price": (6, 7, 1), "tree": (6, 7, 3), "sold": (6, 7, 1)}
    assert not gradients(net, X)


@every((Reader(5), Reader(4)), (deep.Recurrent(4),), (deep.Convolution(4, 3), deep.Dense(5)))
def test_what_stands_beyond_the_end_of_a_sequence_changes_nothing(sharing):
    net = built(sharing, deep.Shape(3, (None,)), TASKS)
    values = rows(4, 7, 3)
    long = padded(values, [7, 3, 5, 2])
    for row, length in enumerate([7, 3, 5, 2]):
        alone = net(values[row : row + 1, :length])
        for name, out in net(long).items():
            torch.testing.assert_close(out[row, :length], alone[name][0], rtol=1e-12, atol=1e-12)


@every((Reader(5), Reader(4)))
def test_heads_that_have_to_know_where_sentences_end_are_told(sharing):
    syntax = Task("syntax", Dependency(("subject", "object")))
    net = built(sharing, deep.Shape(3, (None,)), (syntax, TASKS[0]))
    out = net(padded(rows(2, 5, 3), [5, 3]))["syntax"]
    arcs = candidates(out)[0]  # (b, word, root and words)
    assert (arcs[1, :, 4:] < -1e30).all()
    assert (arcs[1, 0, [0, 2, 3]] > -1e30).all()


@every((Same(4), Same(3)), (deep.Convolution(4), deep.Convolution(3, norm="layer")))
def test_maps_get_an_answer_at_every_pixel(sharing):
    net = built(sharing, deep.Shape(2, (6, 5)), TASKS)
    X = rows(4, 2, 6, 5)
    assert widths(net(X)) == {"price": (4, 6, 5, 1), "tree": (4, 6, 5, 3), "sold": (4, 6, 5, 1)}
    assert not gradients(net, X)


@every(
    (Filters(4), Filters(3), Flat(), *deep.mlp(5)),
    (
        deep.Convolution(4),
        deep.Pooling("max", 2),
        deep.Convolution(3),
        deep.Pooling(),
        deep.Dense(12),
    ),
)
def test_maps_may_shrink_and_become_vectors(sharing):
    net = built(sharing, deep.Shape(2, (8, 6)), TASKS)
    X = rows(20, 2, 8, 6)
    assert widths(net(X)) == {"price": (20, 1), "tree": (20, 3), "sold": (20, 1)}
    assert not gradients(net, X)


PICTURES = (deep.View(2, (4, 3)), deep.Convolution(4), deep.Flat(), *deep.mlp(5))
TOLD = deep.TaskToken(PICTURES[1:], bottom=PICTURES[:1])  # a token is put to a map, not to columns


@pytest.mark.parametrize("sharing", [*over(PICTURES)[:-1], TOLD], ids=lambda o: type(o).__name__)
def test_pictures_may_be_the_columns_of_a_table(sharing):
    X = rows(60, 24)
    model = deep.DeepModel(sharing, epochs=2, scale=False, random_state=0)
    assert model.fit(X.numpy(), X[:, :2].numpy()).predict(X.numpy()).shape == (60, 2)


@pytest.mark.parametrize("kind", [deep.MTAN, deep.NDDR, deep.FiLM])
def test_what_learns_nothing_at_the_bottom_is_done_once(kind):
    net = built(kind(PICTURES), 24)
    parts = [module for name, module in net.named_modules() if "Unflatten" in type(module).__name__]
    assert len(parts) == 1
    seen = []
    parts[0].register_forward_hook(lambda module, inputs, output: seen.append(output.shape))
    net(rows(5, 24))
    assert seen == [(5, 2, 4, 3)]


@every((Filters(4), Flat(), *deep.mlp(5)))
def test_tasks_that_are_not_asked_get_no_gradient_of_their_own(sharing):
    net = built(sharing, deep.Shape(2, (8, 6)), TASKS).train()
    (net(rows(4, 2, 8, 6), ("tree",))["tree"] ** 2).sum().backward()
    others = [name for name, p in net.towers.named_parameters() if p.grad is not None]
    assert others
    assert all(name.split(".")[1] == "1" for name in others)


@every((Filters(4),))
def test_stages_that_do_not_take_the_rows_are_refused_by_name(sharing):
    with pytest.raises(UnsupportedError, match=r"Filters takes maps. Found vectors"):
        sharing.build(TASKS, 5)
