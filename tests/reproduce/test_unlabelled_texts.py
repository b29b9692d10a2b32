"""The table of unlabelled texts: who sees which rows, and that the gain is the difference."""

import numpy as np
import pytest

from polytask.reproduce import get, unlabelled_texts


def test_the_gain_is_what_the_error_falls_by():
    one = get("unlabelled-texts")
    records = {
        f"{name} | {seed}": {"status": "ok", "L2": 33.0 + seed, "ASO": 30.0}
        for name in one.settings
        for seed in range(3)
    }
    rows = {row.name: row for row in one.rows(records)}
    assert rows["gain, books"].values == (3.0, 4.0, 5.0)
    assert rows["error left, books"].measured == pytest.approx(np.mean([30 / 33, 30 / 34, 30 / 35]))
    assert len(one.pieces(False)) == 40 and len(one.pieces(True)) == 2
    assert all(row.gate is None for row in rows.values())


@pytest.mark.data("amazon_sentiment")
def test_training_and_test_reviews_are_those_of_the_domain():
    train, test = unlabelled_texts.texts("books")
    assert (train.n_rows, test.n_rows) == (2000, 4465)
    assert train.names == ("books",) and train["books"].n == 2000
    lengths = np.sqrt(np.asarray(train.X.multiply(train.X).sum(axis=1)).ravel())
    np.testing.assert_allclose(lengths, 1)


@pytest.mark.data("newsgroups")
def test_postings_are_dealt_once():
    train, test = unlabelled_texts.texts("comp_vs_sci_1")
    assert (train.n_rows, test.n_rows, train.n_features) == (1200, 675, 2000)
    assert 0.4 < train["comp_vs_sci_1"].y.mean() < 0.6


@pytest.mark.data("amazon_sentiment")
def test_the_structure_does_not_know_the_labels(monkeypatch):
    train, test = unlabelled_texts.texts("books")
    small = train.take(np.arange(300))
    flipped = small.with_(
        labels=[type(one)(one.task, one.rows, 1 - one.y, one.weight) for one in small]
    )
    monkeypatch.setattr(unlabelled_texts, "MASKING", unlabelled_texts.MASKING.replace(targets=30))
    found = []
    for table in (small, flipped):
        monkeypatch.setattr(unlabelled_texts, "texts", lambda name, table=table: (table, test))
        found.append(unlabelled_texts.structure.__wrapped__("books"))
    np.testing.assert_array_equal(*found)
    assert found[0].shape == (20, 5000)
