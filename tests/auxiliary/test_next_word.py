import numpy as np
import pytest
from scipy import sparse

from polytask import Tasks
from polytask.auxiliary import NextWord
from polytask.errors import DataError, ParameterError

# two sentences of words 0, 1, 2
TEXT = np.array([0, 1, 2, 1, 2, 0, 1, 1])
SENTENCE = np.array([0, 0, 0, 0, 1, 1, 1, 1])


def table(order=None, **options):
    at = np.arange(8) if order is None else order
    X = sparse.csr_matrix(np.eye(3)[TEXT[at]])
    return Tasks.from_arrays(X, np.arange(8.0), groups=SENTENCE[at], **options)


def test_the_next_word_of_the_same_sentence_is_asked_for():
    made = NextWord(targets=1, least=1)(table())
    one = made["next has x1"]
    # the last word of a sentence has no next one
    assert one.rows.tolist() == [0, 1, 2, 4, 5, 6]
    assert one.y.tolist() == [1, 0, 1, 0, 1, 1]


def test_the_word_before_too():
    one = NextWord(targets=3, least=1, ahead=-1)(table())["row -1 has x1"]
    assert one.rows.tolist() == [1, 2, 3, 5, 6, 7]
    assert one.y.tolist() == [0, 1, 0, 0, 0, 1]


def test_time_orders_the_rows_of_a_sentence():
    order = np.array([3, 6, 0, 2, 7, 1, 5, 4])
    made = NextWord(targets=1, least=1)(table(order, time=order))
    one = made["next has x1"]
    following = dict(zip(order[one.rows].tolist(), one.y.tolist()))
    assert following == {0: 1, 1: 0, 2: 1, 4: 0, 5: 1, 6: 1}


def test_rare_words_are_not_asked_for():
    made = NextWord(least=2)(table())
    assert made.names == ("y0", "next has x1")


def test_a_table_without_sequences_is_refused():
    with pytest.raises(DataError, match="Found no groups"):
        NextWord()(Tasks.from_arrays(np.eye(3), np.arange(3.0)))
    with pytest.raises(ParameterError, match="ahead that is not 0"):
        NextWord(ahead=0)
