"""Words as whole numbers: which word it is, how it ends, how it is written."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from polytask.errors import DataError, require

PADDING, UNKNOWN = 0, 1  # in every column; what is known begins at 2
CASES = ("lower", "Title", "UPPER", "mIXed", "digits", "other")


@dataclass(frozen=True)
class Vocabulary:
    """What is known about words, learnt from training sentences alone.

    A word becomes three whole numbers: the word itself without capitals, its last letters, and its
    writing (lower case, a capital first, capitals, mixed, with a digit, no letters). 0 is what
    sentences are padded with, 1 what is not known.

    Parameters
    ----------
    words, endings : tuple of str
        Known ones, from number 2.
    letters : int, >= 1
        Length of an ending.

    Examples
    --------
    >>> vocabulary = Vocabulary.of([("The", "dog", "barks"), ("the", "dog")])
    >>> vocabulary.words
    ('dog', 'the')
    >>> vocabulary(("Dog", "purrs")).tolist()
    [[2, 2, 3], [1, 1, 2]]
    >>> vocabulary.sizes
    (4, 4, 8)
    """

    words: tuple[str, ...]
    endings: tuple[str, ...]
    letters: int = 3

    def __post_init__(self):
        require(self.letters >= 1, f"Vocabulary needs letters >= 1. Found {self.letters}.")
        for name in ("words", "endings"):
            known = {one: i for i, one in enumerate(getattr(self, name), UNKNOWN + 1)}
            object.__setattr__(self, f"_{name}", known)

    @classmethod
    def of(cls, sentences, *, min_count=2, letters=3):
        """The words and endings that occur ``min_count`` times or more, the frequent ones first.

        Parameters
        ----------
        sentences : iterable of sequences of str
        min_count : int, >= 1
        letters : int, >= 1

        Raises
        ------
        DataError
            If there is no word at all.
        """
        words = Counter(word.lower() for sentence in sentences for word in sentence)
        require(words, "A vocabulary needs words. Found none.", DataError)
        endings: Counter = Counter()
        for word, count in words.items():
            endings[word[-letters:]] += count
        return cls(_often(words, min_count), _often(endings, min_count), letters)

    @property
    def sizes(self):
        """How many numbers there are in every column: what an `Embedding` takes."""
        return len(self.words) + 2, len(self.endings) + 2, len(CASES) + 2

    def __call__(self, sentence):
        """The numbers ``(length, 3)`` of a sentence, int64."""
        rows = [
            (
                self._words.get(word.lower(), UNKNOWN),
                self._endings.get(word[-self.letters :].lower(), UNKNOWN),
                CASES.index(_case(word)) + UNKNOWN + 1,
            )
            for word in sentence
        ]
        return np.array(rows, dtype=np.int64).reshape(-1, 3)

    def unknown(self, sentences):
        """Share of the words that are not known, in [0, 1]."""
        known = [word.lower() in self._words for sentence in sentences for word in sentence]
        return 1 - sum(known) / len(known)


def _often(counts, least):
    """Those that are counted often enough; the most frequent first, then by the alphabet."""
    kept = [one for one, count in counts.items() if count >= least]
    return tuple(sorted(kept, key=lambda one: (-counts[one], one)))


def _case(word):
    if any(letter.isdigit() for letter in word):
        return "digits"
    if not any(letter.isalpha() for letter in word):
        return "other"
    if word == word.lower():
        return "lower"
    if word == word.upper() and len(word) > 1:
        return "UPPER"
    return "Title" if word[1:] == word[1:].lower() else "mIXed"
