"""Rows are ordered within their query, and nowhere else."""

import numpy as np
import pytest
import torch

from polytask import Tasks, deep
from polytask.deep.data import Table
from polytask.errors import DataError, ParameterError

GROUPS = torch.tensor([0, 0, 0, 1, 1, 2])


def example():
    f = torch.randn(6, 1, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    return f, torch.tensor([2.0, 0, 1, 3, 3, 5]).double(), torch.ones(6).double()


def test_pairs_by_hand():
    f, y, w = example()
    s = f[:, 0]
    pairs = [(0, 1), (0, 2), (2, 1)]  # the second query is a tie, the third has one row
    expected = torch.stack([torch.log1p(torch.exp(s[j] - s[i])) for i, j in pairs]).mean()
    torch.testing.assert_close(deep.PairwiseRanking().mean(f, y, w, GROUPS), expected)


def test_lists_by_hand():
    f, y, w = example()
    each = []
    for rows in ([0, 1, 2], [3, 4], [5]):
        p, q = torch.softmax(y[rows] / 0.5, 0), torch.softmax(f[rows, 0], 0)
        each.append((p * (p / q).log()).sum())
    found = deep.ListwiseRanking(0.5).mean(f, y, w, GROUPS)
    torch.testing.assert_close(found, torch.stack(each).mean())


def test_of_two_rows_a_list_with_sharp_labels_is_a_pair():
    f = torch.randn(8, 1, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    y, w, groups = torch.tensor([1.0, 0] * 4).double(), torch.ones(8).double(), torch.arange(8) // 2
    pairs = deep.PairwiseRanking().mean(f, y, w, groups)
    torch.testing.assert_close(deep.ListwiseRanking(1e-3).mean(f, y, w, groups), pairs)


@pytest.mark.parametrize("loss", [deep.PairwiseRanking(), deep.ListwiseRanking()])
def test_a_constant_per_query_changes_nothing(loss):
    f, y, w = example()
    shift = torch.tensor([3.0, -8.0, 100.0]).double()[GROUPS][:, None]
    one, other = (loss.mean(out, y, w, GROUPS) for out in (f, f + shift))
    torch.testing.assert_close(one, other, rtol=1e-10, atol=1e-12)
    assert loss.mean(f, y, w).item() != pytest.approx(one.item())  # one query is another thing


def queries(n_queries=60, size=8, seed=0):
    """Relevance follows one column inside a query; a level of the query's own hides it outside."""
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(n_queries), size)
    X = rng.normal(size=(len(group), 4))
    X[:, 1] += 10 * rng.normal(size=n_queries)[group]
    latent = X[:, 0] + 0.3 * rng.normal(size=len(group))
    y = np.zeros(len(group))
    for q in range(n_queries):
        rows = group == q
        y[rows] = np.minimum(latent[rows].argsort().argsort() // 2, 3)
    order = rng.permutation(len(group))
    kinds = {"relevance": "ranking"}
    return Tasks.from_arrays(
        X[order], y[order], names=list(kinds), kinds=kinds, groups=group[order]
    )


@pytest.mark.parametrize("loss", [deep.PairwiseRanking(), deep.ListwiseRanking()])
def test_a_model_learns_the_order_and_is_judged_by_query(loss):
    train, test = queries().split(0.25, seed=0)
    assert not set(train.groups) & set(test.groups)
    model = deep.DeepModel(deep.HardSharing(()), loss=loss, epochs=30, random_state=0).fit(train)
    guess = np.random.default_rng(0).normal(size=test.n_rows)
    kind = test.tasks[0].kind
    assert kind.score(test["relevance"].y, guess, groups=test.groups) < 0.75
    assert model.score(test) > 0.9


def test_batches_are_of_whole_queries_and_see_every_row_once():
    data = queries()
    table = Table.of(data, torch.zeros(1))
    generator = torch.Generator().manual_seed(0)
    for picks in (table.batches(30, generator), table.chunks(30)):
        assert torch.equal(torch.cat(list(picks)).sort().values, torch.arange(data.n_rows))
        for pick in picks:
            seen, count = table.batch(pick).groups.unique(return_counts=True)
            assert (count == 8).all() and len(pick) <= 30 and len(seen) >= 1


def test_ranking_without_queries_is_refused_at_the_door():
    with pytest.raises(DataError, match="the query of every row"):
        Tasks.from_arrays(np.eye(3), [0, 1, 2], kinds="ranking")
    with pytest.raises(ParameterError, match="temperature > 0"):
        deep.ListwiseRanking(0.0)
