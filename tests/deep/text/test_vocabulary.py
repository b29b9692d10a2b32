"""Words become numbers that the training sentences decide."""

import numpy as np
import pytest

from polytask.deep.text import Vocabulary
from polytask.deep.text.vocabulary import CASES, _case
from polytask.errors import DataError, ParameterError

TEXT = [("The", "cat", "sat"), ("the", "dog", "sat", "."), ("Cats", "purr")]


def test_words_are_counted_without_capitals_and_the_frequent_come_first():
    vocabulary = Vocabulary.of(TEXT, min_count=1)
    assert vocabulary.words[:2] == ("sat", "the")
    assert set(vocabulary.words) == {"sat", "the", ".", "cat", "cats", "dog", "purr"}
    assert Vocabulary.of(TEXT).words == ("sat", "the")
    assert Vocabulary.of(TEXT, min_count=3).words == ()


def test_endings_are_counted_over_words_and_known_for_unknown_words():
    vocabulary = Vocabulary.of([("running", "jumping")], min_count=2)
    assert vocabulary.words == () and vocabulary.endings == ("ing",)
    assert vocabulary(("Singing", "sung")).tolist() == [[1, 2, 3], [1, 1, 2]]


@pytest.mark.parametrize(
    ("word", "case"),
    [
        ("cat", "lower"),
        ("Cat", "Title"),
        ("I", "Title"),
        ("NATO", "UPPER"),
        ("iPad", "mIXed"),
        ("McCoy", "mIXed"),
        ("3rd", "digits"),
        ("...", "other"),
        ("e.g.", "lower"),
    ],
)
def test_the_writing_of_a_word(word, case):
    assert _case(word) == case


def test_numbers_are_inside_the_sizes_and_never_padding():
    vocabulary = Vocabulary.of(TEXT)
    numbers = np.concatenate([vocabulary(s) for s in [*TEXT, ("Never", "SEEN", "4x4", "!")]])
    assert numbers.min() >= 1
    assert (numbers < vocabulary.sizes).all()
    assert vocabulary.sizes[2] == len(CASES) + 2


def test_the_share_of_unknown_words():
    assert Vocabulary.of(TEXT).unknown([("the", "sat", "mat", "Sat")]) == 0.25


def test_what_is_nothing_is_refused():
    with pytest.raises(DataError, match="needs words"):
        Vocabulary.of([])
    with pytest.raises(ParameterError, match="letters >= 1"):
        Vocabulary((), (), 0)
