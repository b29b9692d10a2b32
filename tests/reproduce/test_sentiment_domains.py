"""The table of reviews: who sees which, what chooses the strength, and its gate."""

import numpy as np
import pytest

from polytask.reproduce import get, sentiment_domains


def test_other_reviews_than_those_of_the_test_choose_the_strength():
    one = get("sentiment-domains")
    count = len(sentiment_domains.STRENGTHS)
    held, test = np.full(count, 40.0), np.linspace(30, 23, count)
    held[3] = 20.0

    def rows(test):
        numbers = {"status": "ok", "held": held.tolist(), "test": test.tolist()}
        records = {f"{s} | {k}": numbers for s in one.settings for k in range(3)}
        return {row.name: row for row in one.rows(records)}

    found = rows(test)
    assert found["best strength, 50 reviews"].values == (test[3],) * 3
    assert found["separate, 50 reviews"].values == (30.0,) * 3
    assert found["one model, 200 reviews"].values == (23.0,) * 3
    assert found["best against separate, 50 reviews"].holds
    assert found["best against one, 50 reviews"].measured > 0
    assert not rows(test[::-1])["best against separate, 50 reviews"].holds


@pytest.mark.data("amazon_sentiment")
def test_no_review_has_two_parts():
    train, held, test = sentiment_domains.dealt(np.random.default_rng(0), 50)
    assert (train.n_rows, held.n_rows, test.n_rows) == (200, 2000, 8000)
    assert train.n_labels.tolist() == [50] * 4 and held.n_labels.tolist() == [500] * 4
    np.testing.assert_allclose(np.linalg.norm(train.X, axis=1), 1)
    seen = {row.tobytes() for row in train.X}
    assert not seen & {row.tobytes() for row in held.X[:500].toarray()}


@pytest.mark.data("amazon_sentiment")
def test_a_strength_without_bound_makes_one_model(monkeypatch):
    pytest.importorskip("torch")
    monkeypatch.setattr(sentiment_domains, "EPOCHS", 20)
    train, held, _ = sentiment_domains.dealt(np.random.default_rng(0), 50)
    model = sentiment_domains.shared(train, sentiment_domains.ONE)
    answers = [model._outputs(held.X[:20], name) for name in train.names]
    for one in answers[1:]:
        np.testing.assert_allclose(one, answers[0], atol=1e-4)
    assert 0 < sentiment_domains.error(model, held) < 50
