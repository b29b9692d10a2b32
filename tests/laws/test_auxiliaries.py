"""What every maker of auxiliary tasks obeys; found by walking the package."""

import pickle

import numpy as np
import pytest
from laws.found import classes
from scipy import sparse

from polytask import Tasks
from polytask.auxiliary import Auxiliary

ALL = [one for kind in classes(Auxiliary) for one in kind.examples()]
every = pytest.mark.parametrize("auxiliary", ALL, ids=repr)


def table(seed=0, n=300, d=8):
    """Counts in sequences of ten; labels of two tasks on some rows."""
    rng = np.random.default_rng(seed)
    X = rng.poisson(0.7, size=(n, d)).astype(float)
    Y = np.column_stack([X[:, :4].sum(axis=1), X[:, 4:].sum(axis=1)]) + rng.normal(size=(n, 2))
    Y[rng.random((n, 2)) < 0.5] = np.nan
    return Tasks.from_arrays(X, Y, groups=np.arange(n) // 10)


@every
def test_labels_that_were_given_are_untouched(auxiliary):
    data = table()
    made = auxiliary(data)
    assert made.names[:2] == data.names
    for name in data.names:
        np.testing.assert_array_equal(made[name].rows, data[name].rows)
        np.testing.assert_array_equal(made[name].y, data[name].y)
        assert made[name].task == data[name].task
    np.testing.assert_array_equal(made.X[: data.n_rows], data.X)


@every
def test_new_tasks_are_auxiliary_and_have_labels(auxiliary):
    made = auxiliary(table())
    new = list(made)[2:]
    assert new
    for one in new:
        assert one.task.role == "auxiliary"
        assert one.n >= 20
        assert np.all(np.diff(one.rows) > 0) and one.rows[-1] < made.n_rows
        assert np.isfinite(one.y).all() and np.ptp(one.y) > 0


@every
def test_a_copy_of_a_row_is_in_the_group_of_the_row(auxiliary):
    data = table()
    made = auxiliary(data)
    copies = made.n_rows // data.n_rows
    assert made.n_rows == copies * data.n_rows
    np.testing.assert_array_equal(made.groups, np.tile(data.groups, copies))


@every
def test_the_same_table_gives_the_same_tasks(auxiliary):
    one, two = auxiliary(table()), auxiliary(table())
    assert one.checksum() == two.checksum()
    assert auxiliary(table(seed=1)).checksum() != one.checksum()


@every
def test_sparse_and_dense_tables_have_the_same_rows(auxiliary):
    data = table()
    thin = auxiliary(data.with_(X=sparse.csr_matrix(data.X)))
    wide = auxiliary(data)
    assert sparse.issparse(thin.X)
    np.testing.assert_array_equal(thin.X.toarray(), wide.X)


@every
def test_nothing_of_rows_that_were_left_out_is_seen(auxiliary):
    data = table()
    train = data.take(np.arange(200))
    other = table()
    other.X[200:] += 5
    assert auxiliary(other.take(np.arange(200))).checksum() == auxiliary(train).checksum()


@every
def test_an_auxiliary_is_a_value(auxiliary):
    assert pickle.loads(pickle.dumps(auxiliary)) == auxiliary
    assert hash(auxiliary) == hash(auxiliary.replace())
