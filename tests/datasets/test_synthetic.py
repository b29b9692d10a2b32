"""Synthetic tasks: the planted relation is exact, and the labels are what the docstring says."""

import numpy as np
import pytest

from polytask import datasets
from polytask.errors import ParameterError
from polytask.relation import Relation


@pytest.mark.parametrize("overlap", [0.0, 0.3, 1.0])
def test_the_planted_relation_is_the_cosine_of_the_planted_coefficients(overlap):
    made = datasets.Synthetic(n_tasks=6, clusters=3, overlap=overlap, seed=5)
    found = Relation.of_coefficients(made.coef(), made.relation().names)
    assert np.allclose(found.matrix, made.relation().matrix, atol=1e-12)
    assert np.allclose(np.linalg.norm(made.coef(), axis=1), 1, atol=1e-12)


def test_without_noise_a_line_goes_through_every_label():
    made = datasets.Synthetic(noise=0.0, n=30)
    data = made.load()
    for t, name in enumerate(data.names):
        X, y, _ = data.table(name)
        assert np.allclose(X @ made.coef()[t], y, atol=1e-12)


def test_noise_is_in_units_of_the_signal():
    made = datasets.Synthetic(n_tasks=2, clusters=1, n=20000, noise=0.5)
    data = made.load()
    X, y, _ = data.table("task 1")
    # standard errors at 20,000 rows: below 1 %
    assert np.var(X @ made.coef()[1]) == pytest.approx(1, rel=0.05)
    assert np.std(y - X @ made.coef()[1]) == pytest.approx(0.5, rel=0.03)


def test_every_task_has_its_own_rows():
    data = datasets.Synthetic(n_tasks=3, clusters=1, n=7).load()
    assert [labels.rows.tolist() for labels in data] == [
        list(range(7)),
        list(range(7, 14)),
        list(range(14, 21)),
    ]


def test_the_seed_decides():
    one, again, other = (datasets.Synthetic(seed=seed).load().checksum() for seed in (1, 1, 2))
    assert one == again != other


@pytest.mark.parametrize(
    "options",
    [
        {"n_tasks": 0},
        {"clusters": 9},
        {"d": 2},
        {"n": 0},
        {"noise": -1.0},
        {"overlap": 1.5},
    ],
)
def test_options_out_of_range_are_refused(options):
    with pytest.raises(ParameterError, match=f"Synthetic needs {next(iter(options))}"):
        datasets.Synthetic(**options)
