"""The table of low supervision: the same sentences for all ways, and gates that can fail."""

import numpy as np
import pytest

from polytask.reproduce import get, low_supervision
from polytask.reproduce.low_supervision import FORMS, WAYS, Form


def records(scores, seeds, prefix=""):
    return {
        f"{prefix}{way} | {seed}": {"status": "ok", "f1": score + seed}
        for way, score in zip(WAYS, scores, strict=True)
        for seed in range(seeds)
    }


def test_a_row_says_by_how_much_the_first_layer_is_better():
    one = get("low-supervision")
    rows = {row.name: row for row in one.rows(records((80.0, 84.0, 85.0), 3))}
    assert rows["POS at layer 1 - POS at layer 3"].values == (1.0, 1.0, 1.0)
    assert all(row.holds for row in rows.values() if row.gate)
    assert rows["POS at layer 1"].published == 95.56
    worse = {row.name: row.holds for row in one.rows(records((80.0, 84.0, 84.4), 3))}
    assert worse["POS at layer 1 - POS at layer 3"] is False
    few = [row.holds for row in one.rows(records((80.0, 84.0, 85.0), 2)) if row.gate]
    assert few == [None] * 3


def test_the_quick_form_has_rows_of_its_own():
    one = get("low-supervision")
    quick, full = ({piece.name for piece in one.pieces(form)} for form in (True, False))
    assert len(quick) == 3 and quick < full
    rows = {row.name: row.holds for row in one.rows(records((20.0, 22.0, 50.0), 1, "small, "))}
    assert rows["small, POS at layer 3 - no POS"] is False
    assert rows["small, POS at layer 1 - no POS"] is True
    assert rows["small, POS at layer 1 - POS at layer 3"] is None


@pytest.mark.data("conll2000")
def test_all_ways_of_a_seed_see_the_same_short_sentences():
    drawn = [low_supervision._drawn(np.random.default_rng(3), FORMS[True]) for _ in range(2)]
    assert [part.n_rows for part in drawn[0]] == [200, 100, 300]
    for one, other in zip(*drawn, strict=True):
        assert one.X == other.X
        assert max(len(sentence) for sentence in one.X) <= 40
    assert not set(drawn[0][0].X) & set(drawn[0][2].X)


@pytest.mark.data("conll2000")
@pytest.mark.parametrize("way", WAYS)
def test_a_tagger_of_every_way_is_trained_and_judged(way):
    form = Form(train=24, held=8, test=8, width=4, rate=1e-2, steps=50)
    data = low_supervision._drawn(np.random.default_rng(0), form)
    assert 0 <= low_supervision._tagger(way, form, data, 0) <= 1
