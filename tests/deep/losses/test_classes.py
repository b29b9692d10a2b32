"""Classes with smooth labels and weights; ordered levels; steps of a funnel."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from polytask import Tasks, deep
from polytask.deep.heads import Heads
from polytask.deep.train.objective import Objective
from polytask.errors import ParameterError, TaskError
from polytask.kinds import Binary, Multiclass, Ordinal, Regression
from polytask.task import Task

PAIN = Ordinal(("none", "mild", "severe", "worst"))


def random(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_a_smooth_label_is_a_mixture_with_all_classes():
    f, y = random(7, 1, 4), torch.arange(7.0).reshape(7, 1) % 4
    mixed = 0.8 * F.one_hot(y[:, 0].long(), 4) + 0.2 / 4
    by_hand = -(mixed * F.log_softmax(f[:, 0], -1)).sum(-1)
    torch.testing.assert_close(deep.CrossEntropy(smoothing=0.2).each(f, y)[:, 0], by_hand)


def test_a_weight_of_a_class_is_a_weight_of_its_rows():
    f, y = random(9, 3), torch.arange(9.0) % 3
    weights = (0.5, 1.0, 2.0)
    found = deep.CrossEntropy(weights=weights).mean(f, y, torch.ones(9))
    by_hand = (F.cross_entropy(f, y.long(), reduction="none") * torch.tensor(weights * 3)).mean()
    torch.testing.assert_close(found, by_hand)
    with pytest.raises(ParameterError, match="a weight per class"):
        deep.CrossEntropy(weights=(1.0, 2.0)).width(Multiclass((0, 1, 2)))


def test_two_classes_by_softmax_are_two_classes_by_one_logit():
    f, y = random(5, 1, 1), torch.tensor([0.0, 1, 1, 0, 1]).reshape(5, 1)
    two = torch.cat([torch.zeros_like(f), f], -1)
    torch.testing.assert_close(
        deep.CrossEntropy().each(two, y), deep.BinaryCrossEntropy().each(f, y.double())
    )


# -- ordered levels -----------------------------------------------------------------------------


def cumulative(n=200, seed=0):
    head = Heads((Task("pain", PAIN),), 5).double()
    return head, head(3 * random(n, 5, seed=seed))["pain"]


def test_the_loss_of_a_level_is_minus_the_log_of_its_probability():
    _, outputs = cumulative()
    y = torch.arange(200.0) % 4
    found = deep.CumulativeLogit().each(outputs[:, None], y[:, None])[:, 0]
    probability = deep.CumulativeLogit().answer(outputs)
    torch.testing.assert_close(found, -probability[torch.arange(200), y.long()].log())


def test_thresholds_are_in_order_whatever_is_learnt():
    head, _ = cumulative()
    for parameter in head.parameters():
        parameter.data = 4 * random(*parameter.shape)
    thresholds = head.own[0].thresholds()
    assert (thresholds.diff() > 0).all()
    assert (deep.CumulativeLogit().answer(head(random(50, 5))["pain"]) >= 0).all()


def test_at_its_start_a_head_without_a_score_gives_all_levels_alike():
    head, _ = cumulative()
    at_zero = deep.CumulativeLogit().answer(head(torch.zeros(1, 5).double())["pain"])
    torch.testing.assert_close(at_zero, torch.full((1, 4), 0.25).double(), rtol=1e-6, atol=0)


def test_far_from_all_thresholds_the_loss_is_a_line_and_no_infinity():
    outputs = torch.tensor([[500.0, 499.0, 498.0], [-498.0, -499.0, -500.0]]).double()
    y = torch.tensor([0.0, 3.0])
    found = deep.CumulativeLogit().mean(outputs, y, torch.ones(2).double())
    assert found.item() == pytest.approx(500, rel=1e-6)


def test_a_fit_is_that_of_a_likelihood_maximised_by_another_program():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 2))
    latent = X @ [1.5, -1.0] + rng.logistic(size=400)
    y = np.digitize(latent, [-1.0, 0.5, 2.0])
    from scipy.optimize import minimize
    from scipy.special import expit

    def lost(p):
        cuts = np.concatenate([[-np.inf], p[2:3], p[2] + np.cumsum(np.exp(p[3:])), [np.inf]])
        f = X @ p[:2]
        return -np.log(expit(cuts[y + 1] - f) - expit(cuts[y] - f)).mean()

    expected = minimize(lost, np.zeros(5), method="BFGS").fun
    kind = Ordinal(("a", "b", "c", "d"))
    net = deep.HardSharing(()).build((Task("pain", kind),), 2).double()
    objective, optimizer = Objective(net.targets), torch.optim.LBFGS(net.parameters(), max_iter=200)
    table = torch.as_tensor(X), torch.as_tensor(y).double()[:, None], torch.ones(400, 1).double()

    def closure():
        optimizer.zero_grad()
        loss = objective(net(table[0]), *table[1:])[0].sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    assert closure().item() == pytest.approx(expected, abs=1e-5)


# -- funnels ------------------------------------------------------------------------------------


def test_without_a_step_before_it_is_the_cross_entropy_of_two_classes():
    f, y = 20 * random(50, 1, 1), (torch.arange(50.0) % 2).double()[:, None]
    certain = torch.cat([torch.full_like(f, 800.0), f], -1)  # the click is sure
    plain = deep.BinaryCrossEntropy().each(f, y)
    torch.testing.assert_close(deep.Funnel(("click",)).each(certain, y), plain)


def test_the_probability_of_both_is_the_product_and_losses_are_its_logs():
    f, loss = random(60, 3), deep.Funnel(("view", "click"))
    both = torch.sigmoid(f).prod(-1)
    torch.testing.assert_close(loss.answer(f), torch.stack([1 - both, both], -1))
    torch.testing.assert_close(loss.conditional(f), torch.sigmoid(f[:, 2]))
    for y, p in ((1.0, both), (0.0, 1 - both)):
        found = loss.each(f[:, None], torch.full((60, 1), y).double())[:, 0]
        torch.testing.assert_close(found, -p.log())


def shop(n=3000, seed=0):
    """Clicks, and purchases after them: both depend on the inputs, in unlike ways."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 3))
    click = rng.random(n) < 1 / (1 + np.exp(-(X[:, 0] - 1)))
    buy = click & (rng.random(n) < 1 / (1 + np.exp(-(X[:, 1] + X[:, 0]))))
    kinds = {"click": "binary", "buy": "binary"}
    return Tasks.from_arrays(X, np.column_stack([click, buy]), names=list(kinds), kinds=kinds)


def test_a_purchase_says_something_of_the_click_and_its_answer_is_of_all_rows():
    data = shop()
    loss = {"buy": deep.Funnel(("click",))}
    model = deep.DeepModel(deep.HardSharing(()), loss=loss, epochs=30, random_state=0).fit(data)
    click, buy = (model._outputs(data.X, name)[:, 1] for name in data.names)
    assert (buy <= click + 1e-12).all()  # nobody buys without a click
    assert buy.mean() == pytest.approx(data["buy"].y.mean(), abs=0.02)
    assert model.score(data) > 0.7
    # the same net, asked for both outputs: the answer is the product of its two steps
    Z = model._numbers(data.X)
    outputs = torch.cat([model._net(Z)[name] for name in data.names], -1)
    expected = torch.sigmoid(outputs).prod(-1).detach().numpy()
    np.testing.assert_allclose(buy, expected, rtol=1e-10)


def test_the_gradient_of_a_purchase_reaches_the_head_of_the_click():
    data = shop(50)
    net = deep.HardSharing(()).build(
        deep.targets.targets(data.tasks, {"buy": deep.Funnel(("click",))}), 3
    )
    objective = Objective(net.targets)
    Y, W = torch.as_tensor(data.Y).float(), torch.as_tensor(data.W).float()
    W[:, 0] = 0  # clicks are not looked at
    losses, present = objective(net(torch.as_tensor(data.X).float()), Y, W)
    losses.sum().backward()
    assert present.tolist() == [False, True]
    assert net.heads.linear.weight.grad.abs().sum(1).gt(0).all()


def test_a_loss_that_names_a_task_which_is_not_there_is_refused_by_name():
    tasks = (Task("buy", Binary()), Task("price", Regression()))
    for loss, words in (
        ({"buy": deep.Funnel(("click",))}, "'buy' needs the task 'click'"),
        ({"price": deep.Given(deep.SquaredError(), "sold")}, "'price' needs the task 'sold'"),
        ({"buy": deep.Given(deep.BinaryCrossEntropy(), "price")}, "needs classes"),
    ):
        with pytest.raises(TaskError, match=words):
            deep.HardSharing(()).build(deep.targets.targets(tasks, loss), 3)
