"""One table with holes."""

import numpy as np
import pytest
from scipy import sparse

from polytask import Descriptors, Tasks
from polytask.errors import DataError, TaskError

X = np.arange(12.0).reshape(6, 2)
Y = np.array([[1, np.nan], [2, 5], [3, np.nan], [4, 6], [5, 7], [6, np.nan]])


def test_a_matrix_with_gaps_becomes_row_lists():
    data = Tasks.from_arrays(X, Y, names=["a", "b"])
    assert data["b"].rows.tolist() == [1, 3, 4]
    assert data["b"].y.tolist() == [5, 6, 7]
    assert np.array_equal(data.Y, Y, equal_nan=True)
    assert not data.shared


def test_shared_inputs_are_recognised_and_never_copied():
    data = Tasks.from_arrays(X, np.ones((6, 3)))
    assert data.shared
    assert data.X is X
    assert data.table("y1")[0] is X


def test_separate_sets_are_views_of_the_stack():
    data = Tasks.stack({"a": (X[:2], [1, 2]), "b": (X[2:], [3, 4, 5, 6])})
    assert np.shares_memory(data.table("b")[0], data.X)
    assert data["b"].rows.tolist() == [2, 3, 4, 5]


def test_a_weight_of_zero_is_a_gap():
    data = Tasks.from_arrays(X, np.ones((6, 2)), weight=[[1, 0]] * 5 + [[0, 2]])
    assert data["y0"].rows.tolist() == [0, 1, 2, 3, 4]
    assert data["y1"].w.tolist() == [2]
    assert data.row_weight.tolist() == [1, 1, 1, 1, 1, 2]


def test_a_row_counts_once_for_scaling_however_many_labels_it_has():
    data = Tasks.from_arrays(X, Y)
    assert data.row_weight.tolist() == [1] * 6
    alone = Tasks.from_arrays(X, Y[:, 1], allow_empty=False)
    assert alone.row_weight.tolist() == [0, 1, 0, 1, 1, 0]


def test_taking_rows_keeps_tasks_that_lose_their_labels():
    part = Tasks.from_arrays(X, Y).take([0, 2])
    assert part.n_labels.tolist() == [2, 0]
    assert part["y0"].y.tolist() == [1, 3]


def test_keep_orders_tasks_and_their_descriptors():
    known = Descriptors(("age",), [[10.0], [20.0]])
    data = Tasks.from_arrays(X, Y, names=["a", "b"], descriptors=known).keep("b")
    assert data.names == ("b",)
    assert data.descriptors.values.tolist() == [[20.0]]


def test_main_says_which_tasks_help():
    data = Tasks.from_arrays(X, Y, names=["a", "b"]).main("b")
    assert [task.role for task in data.tasks] == ["auxiliary", "main"]


def test_sparse_inputs_stay_sparse():
    data = Tasks.from_arrays(sparse.csr_matrix(X), Y)
    assert sparse.issparse(data.table("y1")[0])
    assert data.take([0, 1]).X.shape == (2, 2)


def test_the_checksum_follows_the_data():
    a, b = Tasks.from_arrays(X, Y), Tasks.from_arrays(X, Y)
    assert a.checksum() == b.checksum()
    assert a.checksum() != Tasks.from_arrays(X + 1e-12, Y).checksum()
    assert a.checksum() != Tasks.from_arrays(X, Y, names=["a", "b"]).checksum()


def test_the_text_counts_labels_aloud():
    assert "y1: regression, labels 3 of 6 (50%)" in repr(Tasks.from_arrays(X, Y))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Tasks.from_arrays(X, Y[:3]), "Labels need shape"),
        (lambda: Tasks.from_arrays(X, Y, names=["a"]), "2 task names"),
        (lambda: Tasks.from_arrays(X, Y, names=["a", "a"]), "'a'"),
        (lambda: Tasks.from_arrays(X, Y, weight=[1, 2]), r"sample_weight needs shape \(6,\)"),
        (lambda: Tasks.from_arrays(X, Y, weight=[-1] * 6), "not negative"),
        (lambda: Tasks.from_arrays(X, Y, groups=[1]), "groups"),
        (lambda: Tasks.from_arrays(X, np.full((6, 1), np.nan)), "y0"),
        (lambda: Tasks.from_arrays(X, np.full(6, np.inf)), "infinity"),
        (lambda: Tasks.stack({}), "Found none"),
        (lambda: Tasks.stack({"a": (X, [1]), "b": (X, [1] * 6)}), "'a'"),
        (lambda: Tasks.stack({"a": (X, [1] * 6), "b": (X[:, :1], [1] * 6)}), "widths"),
        (lambda: Tasks.from_arrays(X, Y, descriptors=Descriptors(("k",), [[1]])), "row per task"),
    ],
)
def test_a_wrong_table_is_refused_in_words(make, words):
    with pytest.raises(DataError, match=words):
        make()


def test_an_unknown_task_is_named_with_the_choices():
    with pytest.raises(TaskError, match=r"'c'.*'a', 'b'"):
        Tasks.from_arrays(X, Y, names=["a", "b"])["c"]


def test_tasks_with_descriptors_may_be_empty():
    known = Descriptors(("age",), [[10.0], [20.0]])
    Y2 = np.column_stack([Y[:, 0], np.full(6, np.nan)])
    assert Tasks.from_arrays(X, Y2, descriptors=known).n_labels.tolist() == [6, 0]


def test_numbers_sort_by_value_and_text_after_them():
    data = Tasks.of(X, np.arange(6.0), tasks=[10, 9, 2.0, 10, 9, 2])
    assert data.names == ("2", "9", "10")


def test_nothing_may_come_beside_a_tasks():
    with pytest.raises(DataError, match="beside it"):
        Tasks.of(Tasks.from_arrays(X, Y), y=Y)
