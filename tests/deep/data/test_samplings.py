"""How often each data set is seen: exact counts where they are promised, chances elsewhere."""

from collections import Counter

import pytest
import torch
from scipy import stats

from polytask import deep
from polytask.deep.data.sampling import Size
from polytask.errors import ParameterError, TaskError

SIZES = {"main": Size(160, 16), "a": Size(90, 9), "b": Size(40, 4)}


def counts(sampling, sizes=SIZES, epochs=1, epoch=1):
    order = torch.Generator().manual_seed(0)
    return Counter(name for _ in range(epochs) for name in sampling.plan(sizes, epoch, order))


@pytest.mark.parametrize("ratio", [0.0, 0.1, 0.29, 0.5, 0.8, 3.0])
def test_the_ratio_of_the_paper_is_floor_of_alpha_n1_batches_of_others(ratio):
    seen = counts(deep.MixtureRatio("main", ratio))
    assert seen["main"] == 16
    assert seen["a"] + seen["b"] == min(int(ratio * 16 + 1e-9), 13)
    assert seen["a"] <= 9 and seen["b"] <= 4, "without replacement"


@pytest.mark.parametrize(
    ("ratio", "main", "others"),
    [(0, 16, 0), (0.1, 16, 1), (0.5, 16, 6), (1, 16, 13), (2, 6, 13), (13, 1, 13), (0.82, 16, 10)],
)
def test_the_ratio_of_the_code_counts_in_others_and_thins_the_target_above_1(ratio, main, others):
    seen = counts(deep.MixtureRatioOfOthers("main", ratio))
    assert (seen["main"], seen["a"] + seen["b"]) == (main, others)


def test_a_ratio_of_29_hundredths_of_100_batches_is_29():
    sizes = {"main": Size(100, 100), "other": Size(100, 100)}
    assert counts(deep.MixtureRatio("main", 0.29), sizes)["other"] == 29


def test_others_are_drawn_from_their_union_in_every_epoch_anew():
    seen = counts(deep.MixtureRatio("main", 0.25), epochs=2000)
    found = stats.chisquare([seen["a"], seen["b"]], [8000 * 9 / 13, 8000 * 4 / 13])
    assert found.pvalue > 1e-3


def test_proportional_is_every_batch_once():
    assert counts(deep.Proportional()) == {"main": 16, "a": 9, "b": 4}


def test_uniform_draws_are_uniform():
    seen = counts(deep.Uniform(), epochs=345)  # 29 draws each: ten thousand
    assert sum(seen.values()) > 10_000
    assert stats.chisquare([seen[name] for name in SIZES]).pvalue > 1e-3


@pytest.mark.parametrize(
    ("sampling", "epoch", "exponent"),
    [
        (deep.Temperature(1.0), 1, 1.0),
        (deep.Temperature(5.0), 1, 0.2),
        (deep.Temperature(float("inf")), 1, 0.0),
        (deep.Annealed(epochs=5), 1, 1.0),
        (deep.Annealed(epochs=5), 3, 0.6),
        (deep.Annealed(epochs=5), 99, 0.2),
    ],
)
def test_draws_follow_a_power_of_the_size(sampling, epoch, exponent):
    seen = counts(sampling, epochs=345, epoch=epoch)
    chances = torch.tensor([size.rows**exponent for size in SIZES.values()]).double()
    expected = chances / chances.sum() * sum(seen.values())
    assert stats.chisquare([seen[name] for name in SIZES], expected).pvalue > 1e-3


def test_round_robin_takes_turns_until_the_longest_or_the_shortest_is_over():
    assert counts(deep.RoundRobin()) == {"main": 16, "a": 16, "b": 16}
    plan = deep.RoundRobin("shortest").plan(SIZES, 1, None)
    assert plan == ["main", "a", "b"] * 4


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: deep.MixtureRatio("a", -1), "ratio >= 0"),
        (lambda: deep.MixtureRatioOfOthers("a", -1), "ratio >= 0"),
        (lambda: deep.Temperature(0), "temperature > 0"),
        (lambda: deep.Annealed(1), "epochs >= 2"),
        (lambda: deep.Annealed(3, start=-1), "exponents >= 0"),
        (lambda: deep.RoundRobin("noon"), "until out of"),
    ],
)
def test_options_out_of_range_are_refused(make, message):
    with pytest.raises(ParameterError, match=message):
        make()


def test_a_target_that_is_not_there_is_named():
    for one in (deep.MixtureRatio, deep.MixtureRatioOfOthers):
        with pytest.raises(TaskError, match=r"no data set 'c'.*'main'"):
            one("c").plan(SIZES, 1, None)
