"""What losses of numbers are smallest at: means, medians, quantiles; counts and depths."""

import numpy as np
import pytest
import torch
from scipy import stats

from polytask import deep
from polytask.errors import ParameterError, UnsupportedError
from polytask.kinds import DenseNumbers, Regression


def best(loss, y, grid):
    """The constant out of a grid with the smallest mean loss."""
    ones = torch.ones(len(y), dtype=torch.float64)
    values = [loss.mean(torch.full((len(y), 1), f), y, ones).item() for f in grid.tolist()]
    return grid[int(np.argmin(values))].item()


def sample(n=1001):
    return torch.as_tensor(np.random.default_rng(0).gamma(2.0, size=n))


@pytest.mark.parametrize(
    ("loss", "answer"),
    [
        (deep.SquaredError(), lambda y: y.mean()),
        (deep.AbsoluteError(), lambda y: y.median()),
        (deep.Quantile((0.8,)), lambda y: y.quantile(0.8)),
        (deep.OrderedQuantile((0.3,)), lambda y: y.quantile(0.3)),
        (deep.HuberError(100.0), lambda y: y.mean()),
        (deep.HuberError(1e-3), lambda y: y.median()),
    ],
)
def test_the_best_constant_is_the_statistic_that_it_predicts(loss, answer):
    y, grid = sample(), torch.linspace(0, 6, 601, dtype=torch.float64)
    assert best(loss, y, grid) == pytest.approx(answer(y).item(), abs=2e-2)


def test_the_best_constant_of_counts_is_the_log_of_their_mean():
    y = torch.as_tensor(np.random.default_rng(0).poisson(2.5, 100)).double()
    grid = torch.linspace(0.5, 1.5, 101, dtype=torch.float64)
    found = best(deep.PoissonDeviance(), y, grid)
    assert found == pytest.approx(y.mean().log().item(), abs=6e-3)


def test_the_poisson_deviance_is_twice_the_gap_between_two_log_likelihoods():
    y, means = torch.tensor([[0.0], [3.0]]).double(), np.exp([0.3, -0.2])
    f = torch.as_tensor(np.log(means)).reshape(2, 1, 1)
    found = deep.PoissonDeviance().each(f, y)[:, 0].numpy()
    best_of, here = (stats.poisson.logpmf([0, 3], m) for m in ([1e-300, 3], means))
    np.testing.assert_allclose(found, 2 * (best_of - here), rtol=1e-12)


@pytest.mark.parametrize("loss", [deep.Quantile(), deep.OrderedQuantile()])
def test_all_levels_are_learnt_at_once_and_the_answer_is_the_middle_one(loss):
    y = sample(2000)
    outputs = torch.zeros(1, 1, 3, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([outputs], lr=0.05)
    for _ in range(600):
        optimizer.zero_grad()
        loss.each(outputs.expand(len(y), 1, 3), y[:, None]).mean().backward()
        optimizer.step()
    found = loss.quantiles(outputs.detach())[0, 0]
    expected = y.quantile(torch.tensor(loss.levels, dtype=torch.float64))
    torch.testing.assert_close(found, expected, atol=0.05, rtol=0)
    assert loss.answer(outputs)[0, 0] == found[1]


def test_ordered_quantiles_never_cross_and_have_the_loss_of_free_ones():
    outputs = 5 * torch.randn(200, 1, 3, generator=torch.Generator().manual_seed(0)).double()
    ordered, y = deep.OrderedQuantile(), torch.ones(200, 1).double()
    assert (ordered.quantiles(outputs).diff(dim=-1) > 0).all()
    free = deep.Quantile().each(ordered.quantiles(outputs), y)
    torch.testing.assert_close(ordered.each(outputs, y), free)


def test_hubers_error_is_square_inside_and_absolute_outside():
    r = torch.tensor([0.2, -0.7, 3.0, -9.0]).double()
    found = deep.HuberError(0.7).each(r[:, None, None], torch.zeros(4, 1).double())[:, 0]
    by_hand = torch.tensor([0.2**2 / 2, 0.7**2 / 2, 0.7 * (3 - 0.35), 0.7 * (9 - 0.35)]).double()
    torch.testing.assert_close(found, by_hand)


def test_vectors_have_the_mean_over_their_components():
    f, y = torch.tensor([[[1.0, 4.0]]]), torch.tensor([[[0.0, 1.0]]])
    losses = (deep.SquaredError(), deep.AbsoluteError(), deep.Offsets())
    assert [one.each(f, y).item() for one in losses] == [5.0, 2.0, 2.0]
    with pytest.raises(UnsupportedError, match=r"DenseNumbers\(2\)"):
        deep.Offsets().width(Regression())
    assert deep.Offsets().width(DenseNumbers(2)) == 2


def test_depths_are_learnt_by_their_inverse_and_the_sky_is_far():
    loss = deep.InverseDepth(farthest=50.0)
    y = torch.tensor([2.0, torch.inf, 0.0])  # a wall, the sky, a gap
    value = loss.mean(torch.tensor([[0.4], [0.1], [9.0]]), y, torch.tensor([1.0, 1.0, 0.0]))
    assert value.item() == pytest.approx((0.1 + 0.1) / 2)
    assert loss.answer(torch.tensor([[0.5], [-1.0]])).tolist() == [2.0, 50.0]


def test_beyond_the_limit_all_distances_are_one():
    loss = deep.BoundaryDistance(4.0)
    f = torch.tensor([[[4.0]], [[1.0]]])
    assert loss.each(f, torch.tensor([[90.0], [2.0]]))[:, 0].tolist() == [0.0, 1.0]
    assert loss.answer(torch.tensor([[7.0], [-1.0], [3.0]])).tolist() == [4.0, 0.0, 3.0]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: deep.Quantile((0.9, 0.1)), "increasing levels"),
        (lambda: deep.Quantile(()), "increasing levels"),
        (lambda: deep.OrderedQuantile((0.0, 0.5)), "OrderedQuantile needs increasing levels"),
        (lambda: deep.HuberError(0.0), "delta > 0"),
        (lambda: deep.BoundaryDistance(0), "limit > 0"),
        (lambda: deep.InverseDepth(-1), "farthest > 0"),
    ],
)
def test_options_out_of_range_are_refused_by_name(make, words):
    with pytest.raises(ParameterError, match=words):
        make()
