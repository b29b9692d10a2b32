"""One matrix, named, with a meaning."""

import numpy as np
import pytest
from sklearn.metrics.pairwise import rbf_kernel

from polytask import Descriptors, Relation
from polytask.errors import DataError, ParameterError

BLOCKS = np.kron(np.eye(2), np.full((3, 3), 0.9)) + 0.1 * np.eye(6)
SHUFFLED = [0, 3, 1, 4, 2, 5]
NAMES = tuple("adbecf")


def shuffled():
    return Relation(BLOCKS[np.ix_(SHUFFLED, SHUFFLED)], NAMES, "similarity")


def test_the_order_puts_similar_tasks_side_by_side():
    order = shuffled().order()
    named = "".join(NAMES[i] for i in order)
    assert sorted(order) == list(range(6))
    assert {frozenset(named[:3]), frozenset(named[3:])} == {frozenset("abc"), frozenset("def")}


def test_groups_find_the_blocks():
    assert {frozenset(g) for g in shuffled().groups(2)} == {frozenset("abc"), frozenset("def")}
    assert sum(map(len, shuffled().groups(3))) == 6


def test_an_entry_is_found_by_name():
    assert shuffled()["a", "b"] == pytest.approx(0.9)
    with pytest.raises(DataError, match="'z'"):
        shuffled()["a", "z"]


def test_the_cosine_of_coefficients_is_by_hand():
    relation = Relation.of_coefficients(np.array([[3.0, 4.0], [4.0, 3.0], [0.0, 0.0]]), "abc")
    assert relation["a", "b"] == pytest.approx(24 / 25)
    assert relation["a", "c"] == 0 and relation["c", "c"] == 1


def test_descriptors_become_a_relation_through_a_kernel():
    known = Descriptors(("age",), [[0.0], [1.0], [5.0]])
    relation = Relation.from_descriptors("abc", known, lambda a, b: rbf_kernel(a, b, gamma=1))
    assert relation["a", "b"] == pytest.approx(np.exp(-1))


def test_the_frame_has_names_on_both_sides():
    frame = shuffled().to_frame()
    assert frame.loc["a", "b"] == pytest.approx(0.9)
    assert list(frame.columns) == list(NAMES)


def test_the_plot_is_ordered_and_says_what_it_means():
    figure = shuffled().plot()
    assert set(figure.data[0].x[:3]) in ({"a", "b", "c"}, {"d", "e", "f"})
    assert figure.data[0].colorbar.title.text == "similarity"


def test_the_text_names_tasks_and_meaning():
    assert str(shuffled()).startswith("similarity:")
    assert "and 8 more" in str(Relation(np.eye(20), map(str, range(20)), "x"))


def test_a_value_cannot_be_changed_and_must_fit_its_names():
    with pytest.raises(ValueError, match="read-only"):
        shuffled().matrix[0, 0] = 3
    with pytest.raises(DataError, match=r"\(2, 2\)"):
        Relation(np.eye(3), "ab", "x")
    with pytest.raises(ParameterError, match="k=0"):
        shuffled().groups(0)
