"""The form of a table follows from work and memory, and changes no answer."""

import numpy as np
import pytest

from polytask import Tasks
from polytask.errors import TooLargeError
from polytask.linear import L21, LinearModel, Moments, form, moments, of_moments
from polytask.linear.build import build
from polytask.linear.gram_part import GramPart
from polytask.linear.table_part import TablePart

RNG = np.random.default_rng(0)
X = RNG.normal(size=(300, 60))
Y = X[:, :4] + RNG.normal(size=(300, 4))
HOLES = np.where(RNG.random(Y.shape) < 0.3, np.nan, Y)


@pytest.fixture
def memory(monkeypatch):
    """A machine with so many bytes left."""

    def left(size):
        for module in (form, moments, of_moments):
            monkeypatch.setattr(module, "available", lambda: size)

    return left


def test_grams_that_do_not_fit_leave_the_place_to_rows(memory):
    data = Tasks.from_arrays(X, HOLES)
    usual = LinearModel(L21(0.1), tol=1e-10).fit(data)
    assert isinstance(build(data).parts[0], GramPart)
    rows = 8 * (form.BESIDE_ROWS * 300 * 4 + form.BESIDE_COEFFICIENTS * 60 * 4)
    assert form.gram_bytes(4, 60) > rows
    memory(rows)
    (part,) = build(data).parts
    assert isinstance(part, TablePart)
    other = LinearModel(L21(0.1), tol=1e-10).fit(data)
    np.testing.assert_allclose(other.coef_, usual.coef_, atol=1e-6)
    assert other.memory_ != usual.memory_


def test_what_does_not_fit_at_all_is_said_before_it_is_spent(memory):
    memory(1000)
    for labels in (Y, HOLES):
        with pytest.raises(TooLargeError, match=r"needs about .* kB beside.*1.0 kB are free"):
            LinearModel(L21(0.1)).fit(X, labels)
    with pytest.raises(MemoryError, match=r"moments of 4 tasks.*select some"):
        Moments.of(X, HOLES)
    memory(None)
    assert build(Tasks.from_arrays(X, Y)).memory > 0
    gathered = Moments.of(X, HOLES)
    memory(1000)
    with pytest.raises(TooLargeError, match="statistics of Moments: 300 rows"):
        LinearModel(L21(0.1)).fit(gathered)


def test_the_estimate_is_in_the_message_of_a_table_that_no_machine_holds():
    # three Grams of a million columns would be 24 TB; rows are few, coefficients take 80 MB
    wide = np.broadcast_to(np.ones(1), (3, 1_000_000))
    data = Tasks.from_arrays(np.ascontiguousarray(wide[:, :2]), np.arange(3.0))
    data = data.with_(X=wide, inputs=[type(data.inputs[0])("x")] * 1_000_000)
    plan = form.form_of(data, np.array([True]), np.array([0]), alike=True)
    assert not plan.grams and plan.memory < 1e9
    with pytest.raises(TooLargeError, match=r"24000 GB"):
        Moments.of(data)


def test_the_estimate_bounds_what_is_spent():
    import tracemalloc

    n, d, T = 4000, 200, 30
    A = RNG.normal(size=(n, d))
    B = np.where(RNG.random((n, T)) < 0.3, np.nan, A[:, :T] + RNG.normal(size=(n, T)))
    data = Tasks.from_arrays(A, B)
    model = LinearModel(L21(0.05), tol=1e-4)
    model.fit(data)
    tracemalloc.start()
    model.fit(data)
    spent = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # blocks of rows, and what the result keeps, are a few MB whatever the data
    assert 0.3 * model.memory_ < spent < model.memory_ + 8e6


def test_what_is_left_is_known_here():
    from polytask.ops.memory import available

    free = available()
    assert free is None or free > 1e6
