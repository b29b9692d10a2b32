"""Spans and their agreement, against a second scorer that decides at every boundary."""

import numpy as np
import pytest

from polytask.errors import DataError
from polytask.ops.spans import Mixed, Span, agreement, fitting, parted, spans


def by_boundaries(tags):
    """The same by two questions at every word: does a span end before it, does one start at it?"""
    found, open_at = [], None
    for i in range(len(tags) + 1):
        before, kind_before = parted(tags[i - 1]) if i else ("O", "")
        here, kind = parted(tags[i]) if i < len(tags) else ("O", "")
        ends = (before, here) in {("B", "B"), ("B", "O"), ("I", "B"), ("I", "O")}
        ends |= before in "ES" or (before in "BI" and here == "S")
        ends |= before != "O" and (kind_before != kind or here == "O")
        starts = here in "BS" or (before in "ESO" and here in "EI")
        starts |= here != "O" and kind_before != kind
        if open_at is not None and ends:
            found.append(Span(open_at, i, kind_before))
            open_at = None
        if starts:
            open_at = i
    return found


TAGS = np.array(["O", *(f"{p}-{k}" for p in "BIES" for k in ("NP", "VP"))])


def test_spans_are_those_of_a_scorer_that_decides_at_boundaries():
    rng = np.random.default_rng(0)
    for length in rng.integers(0, 12, size=500):
        tags = rng.choice(TAGS, length).tolist()
        assert spans(tags) == by_boundaries(tags)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("B-NP I-NP O", [(0, 2, "NP")]),
        ("I-NP I-NP O", [(0, 2, "NP")]),  # I at the start
        ("B-NP I-VP", [(0, 1, "NP"), (1, 2, "VP")]),  # the type changes inside
        ("I-NP B-NP", [(0, 1, "NP"), (1, 2, "NP")]),  # B after I of the same type
        ("O O", []),
    ],
)
def test_the_corners_of_the_rules(tags, expected):
    assert spans(tags.split()) == expected


def test_agreement_is_worked_out_by_hand():
    true = [["B-NP", "I-NP", "O", "B-VP"], ["B-NP", "O"]]
    said = [["B-NP", "I-NP", "B-NP", "B-PP"], ["B-NP", "O"]]
    found = agreement(true, said)  # 2 of 4 predicted are right, 2 of 3 true ones are found
    assert found == pytest.approx((2 / 4, 2 / 3, 4 / 7))


def test_an_empty_prediction_scores_nothing_and_no_nan():
    assert agreement([["B-NP"]], [["O"]]) == (0, 0, 0)
    assert agreement([["O"]], [["O"]]) == (0, 0, 0)


def test_lengths_that_differ_are_refused_with_the_sentence():
    with pytest.raises(DataError, match="Sentence 1 has 2 true tags and 1"):
        agreement([["O"], ["O", "O"]], [["O"], ["O"]])


@pytest.mark.parametrize(
    ("tags", "schemes"),
    [
        ("B-NP I-NP B-NP", ["BIO"]),
        ("I-NP B-NP I-VP", ["IOB1"]),
        ("B-NP I-NP E-NP S-NP", ["IOBES"]),
        ("B-NP I-NP L-NP U-NP", ["BILOU"]),
        ("B-NP", ["BIO"]),
        ("O", ["IOB1", "BIO", "IOBES", "BILOU"]),
    ],
)
def test_the_scheme_of_tags_is_found(tags, schemes):
    assert fitting([tags.split()]) == schemes


@pytest.mark.parametrize(
    ("first", "second", "word"),
    [
        ("B-NP O", "O I-NP", 1),
        ("B-NP I-NP O", "S-NP", 0),
        ("S-NP", "U-NP", 0),
        ("B-NP E-NP", "B-NP L-NP", 1),
    ],
)
def test_mixed_schemes_are_refused_at_the_word(first, second, word):
    with pytest.raises(Mixed, match="Sentence 1") as found:
        fitting([first.split(), second.split()])
    assert (found.value.sentence, found.value.word) == (1, word)


@pytest.mark.parametrize("tag", ["NP", "B-", "-NP", "BB-NP", ""])
def test_what_is_no_tag_is_refused(tag):
    with pytest.raises(DataError, match="such as O or B-NP"):
        spans([tag])
