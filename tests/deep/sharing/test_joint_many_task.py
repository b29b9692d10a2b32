"""The joint many-task model: what goes into a layer, and what is held while it learns."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from polytask import deep
from polytask.deep.data import Sequences
from polytask.deep.data.sampling import InTurn
from polytask.deep.sharing.start import start_uniform
from polytask.deep.sharing.successive import Successive
from polytask.deep.train import Stream
from polytask.errors import ParameterError
from polytask.kinds import Multiclass, Regression
from polytask.task import Task

POS = Task("pos", Multiclass(("adj", "noun", "verb")))
CHUNK = Task("chunk", Multiclass(("B", "I", "O")))
HEAD = Task("depth", Regression())
TASKS = (POS, CHUNK, HEAD)
LEVELS = {"pos": 1, "chunk": 2, "depth": 3}
LAYERS = deep.mlp(6, 5, 4, activation="tanh")


def net_of(tasks=TASKS, inputs=7, seed=0, **options):
    options = {"levels": LEVELS, "label_width": 2, "start": "default"} | options
    with Stream(seed):
        return deep.JointManyTask(layers=LAYERS, **options).build(tasks, inputs).double()


def sentences(task, n=12, seed=0):
    rng = np.random.default_rng(seed)
    X = [rng.normal(size=(length, 7)) for length in rng.integers(1, 6, size=n)]
    Y = [rng.integers(0, task.kind.width, size=len(x)).astype(float) for x in X]
    return Sequences.of((task,), X, {task.name: Y}, torch.zeros((), dtype=torch.float64))


def grown(net, tasks=TASKS, epochs=1, rate=0.1):
    """Training from the lowest task to the highest, step by step."""
    mixture = deep.Mixture({task.name: sentences(task) for task in tasks}, InTurn())
    optimizer = torch.optim.SGD(net.parameters(), rate)
    return deep.steps(net, mixture, epochs=epochs, batch_size=6, optimizer=optimizer)


def test_a_layer_sees_the_layer_below_the_words_and_what_lower_tasks_believe():
    net, X = net_of(), torch.randn(4, 7, dtype=torch.float64)
    out = net.eval()(X)
    H1 = torch.tanh(net.layers[0][0](X))
    y_pos = torch.softmax(out["pos"], -1) @ net.labels[0].weight.T
    H2 = torch.tanh(net.layers[1][0](torch.cat([H1, X, y_pos], -1)))
    torch.testing.assert_close(net.givers["2"](H2)["chunk"], out["chunk"])
    y_chunk = torch.softmax(out["chunk"], -1) @ net.labels[1].weight.T
    H3 = torch.tanh(net.layers[2][0](torch.cat([H2, X, y_pos, y_chunk], -1)))
    torch.testing.assert_close(net.heads["3"](H3)["depth"], out["depth"])


def test_a_sure_label_is_its_row_and_an_unsure_one_the_mean_of_rows():
    net = net_of((CHUNK, POS), levels={"pos": 1})
    rows = net.labels[0].weight.T  # (3 classes, 2)
    (aim,) = [aim for aim in net.targets if aim.name == "pos"]
    sure = torch.tensor([[-1e4, 1e4, -1e4]], dtype=torch.float64)
    torch.testing.assert_close(net.labels[0](aim.loss.answer(sure))[0], rows[1])
    torch.testing.assert_close(net.labels[0](aim.loss.answer(0 * sure))[0], rows.mean(0))


def test_a_higher_task_teaches_the_lower_classifier_through_its_label_embedding():
    net = net_of()
    net(torch.randn(4, 7, dtype=torch.float64), ("chunk",))["chunk"].square().sum().backward()
    assert net.givers["1"].linear.weight.grad.abs().sum() > 0
    assert net.layers[2][0].weight.grad is None  # above: nothing


@pytest.mark.parametrize(
    ("options", "inputs"),
    [
        ({}, [7, 6 + 7 + 2, 5 + 7 + 4]),
        ({"shortcut": False}, [7, 6 + 2, 5 + 4]),
        ({"label_width": 0}, [7, 6 + 7, 5 + 7]),
        ({"shortcut": False, "label_width": 0}, [7, 6, 5]),
    ],
)
def test_parts_can_be_left_out(options, inputs):
    assert [layer[0].in_features for layer in net_of(**options).layers] == inputs


def test_without_shortcut_and_labels_it_is_low_supervision():
    joint = net_of(shortcut=False, label_width=0, successive=(0.0, 0.0))
    low = deep.LowSupervision(LAYERS, LEVELS).build(TASKS, 7).double()
    rename = {"layers": "trunk.stages"}
    state = {
        name.replace("layers", rename["layers"]): value
        for name, value in joint.state_dict().items()
        if not name.startswith("successive")
    }
    low.load_state_dict(state)
    X = torch.randn(5, 7, dtype=torch.float64)
    for name, out in low(X).items():
        assert torch.equal(out, joint(X)[name])


def test_the_lowest_task_alone_learns_as_a_single_tagger():
    net, plain = net_of(inputs=deep.Shape(7, (None,))), None
    plain = deep.HardSharing(LAYERS[:1]).build((POS,), deep.Shape(7, (None,))).double()
    plain.trunk.stages[0].load_state_dict(net.layers[0].state_dict())
    plain.heads.load_state_dict(net.givers["1"].state_dict())
    for one in (net, plain):
        list(grown(one, (POS,), epochs=3))
    assert torch.equal(net.layers[0][0].weight, plain.trunk.stages[0][0].weight)
    assert torch.equal(net.givers["1"].linear.weight, plain.heads.linear.weight)


# -- successive regularisation --------------------------------------------------------------------


def states(net):
    return {name: p.detach().clone() for name, p in net.named_parameters()}


def test_without_bound_what_is_below_a_level_does_not_move():
    net = net_of(inputs=deep.Shape(7, (None,)), successive=(float("inf"), float("inf")))
    seen, before = {}, states(net)
    for step in grown(net):
        task = step.names[step.present.nonzero().item()]
        after = states(net)
        moved = {name for name in after if not torch.equal(after[name], before[name])}
        seen[task] = seen.get(task, set()) | {name.rsplit(".", 2)[0] for name in moved}
        before = after
    assert seen["pos"] == {"layers.0", "givers.1"}
    # the embeddings of parts of speech belong to the layer that reads them
    assert seen["chunk"] == {"layers.1", "givers.2", "labels"}
    assert seen["depth"] == {"layers.2", "heads.3", "labels"}


def test_a_copy_is_taken_where_a_stage_begins_and_not_before():
    net = net_of(inputs=deep.Shape(7, (None,)))
    last, copies = None, []
    for step in grown(net, epochs=2):
        task = step.names[step.present.nonzero().item()]
        copies.append((task, last, [copy.clone() for _, copy in net.successive]))
        last = states(net)
    held = [name for p, _ in net.successive for name, q in net.named_parameters() if p is q]
    for (task, _, old), (following, before, new) in pairwise(copies):
        if task == following:  # inside a stage the copies stay, though the net moves
            assert all(map(torch.equal, old, new))
        else:  # where one begins, they are the net at the end of the stage before
            assert all(
                torch.equal(before[name], copy) for name, copy in zip(held, new, strict=True)
            )


def test_the_pull_is_the_step_of_the_price_to_first_order_and_nothing_at_the_start():
    theta = torch.nn.Parameter(torch.tensor([1.0, -2.0], dtype=torch.float64))
    held = Successive(1, [theta])
    held.enter(torch.tensor([True]))
    held.pull({id(theta): 3.0}, 0.01)
    assert theta.tolist() == [1.0, -2.0]  # value and gradient of the price are 0 here
    old = theta.detach() + torch.tensor([0.1, 0.4])
    copy = torch.tensor([1.0, -2.0], dtype=torch.float64)
    for rate in (1e-3, 1e-4):
        theta.data.copy_(old)
        price = 3.0 * (theta - copy).square().sum()
        (gradient,) = torch.autograd.grad(price, theta)
        held.pull({id(theta): 3.0}, rate)
        # the exact step and the gradient step differ in the square of rate times strength
        assert (theta - (old - rate * gradient)).abs().max() < (2 * rate * 3.0) ** 2


def test_the_classifiers_below_are_held_by_a_strength_of_their_own():
    net = net_of(inputs=deep.Shape(7, (None,)), successive=(0.0, float("inf")))
    before = None
    for step in grown(net):
        if step.present[1]:  # chunks
            after = states(net)
            if before:
                assert torch.equal(
                    after["givers.1.linear.weight"], before["givers.1.linear.weight"]
                )
                assert not torch.equal(after["layers.0.0.weight"], before["layers.0.0.weight"])
            before = after


def test_the_start_is_that_of_the_paper():
    with Stream(0):
        net = deep.JointManyTask(
            layers=deep.mlp(300, 200), levels={"pos": 1}, label_width=40
        ).build((POS, CHUNK), 100)
    X = torch.randn(3, 100)
    for name, out in net(X).items():
        assert (out == 0).all(), name  # so every class is as likely, and labels are means
    weight = net.layers[0][0].weight
    bound = (6 / (100 + 300)) ** 0.5
    assert weight.abs().max() <= bound and weight.std().item() == pytest.approx(
        bound / 3**0.5, rel=0.02
    )
    assert net.labels[0].weight.abs().max() <= (6 / (3 + 40)) ** 0.5
    assert (net.layers[0][0].bias == 0).all()


def test_every_gate_of_a_recurrent_layer_is_a_matrix_and_forget_gates_begin_at_one():
    net = torch.nn.Sequential(torch.nn.LSTM(20, 30))
    start_uniform(net)
    weight = net[0].weight_ih_l0
    bound = (6 / (20 + 30)) ** 0.5
    for gate in weight.chunk(4):
        assert 0.95 * bound < gate.abs().max() <= bound
    assert net[0].bias_ih_l0.reshape(4, 30).tolist() == [[0] * 30, [1] * 30, [0] * 30, [0] * 30]
    assert not net[0].bias_hh_l0.any()


def test_what_does_not_fit_is_refused():
    with pytest.raises(ParameterError, match="label_width >= 0"):
        deep.JointManyTask(label_width=-1)
    with pytest.raises(ParameterError, match="start out of"):
        deep.JointManyTask(start="zero")


def test_all_of_the_first_data_set_comes_before_the_second():
    mixture = deep.Mixture({"pos": sentences(POS), "chunk": sentences(CHUNK)}, InTurn())
    picks = list(mixture.batches(5, torch.Generator().manual_seed(0)))
    assert [name for name, _ in picks] == ["pos"] * 3 + ["chunk"] * 3
