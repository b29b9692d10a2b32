"""Reviews of four kinds of goods: separate models, one model, and what lies between."""

from functools import cache

import numpy as np
from sklearn.preprocessing import normalize

from polytask.datasets import get
from polytask.reproduce.row import Gate, Row
from polytask.reproduce.simulation import Simulation, against

HELD = 500  # reviews per domain that choose the strength
TEST = 2000  # of every domain
ONE = 1e9  # so strong that there is one model
STRENGTHS = (0.0, 3.0, 10.0, 30.0, 100.0, ONE)
EPOCHS = 100


class SentimentDomains(Simulation):
    """Is there a strength between separate models and one for all that beats both?

    Examples
    --------
    >>> SentimentDomains().settings
    ('50 reviews', '100 reviews', '200 reviews')
    """

    name = "sentiment-domains"
    chapter = "sharing"
    paper = (
        "Duong, Cohn, Bird, Cook. Low resource dependency parsing: cross-lingual parameter sharing "
        "in a neural network parser. ACL 2015 (parsing; the claim: sharing helps most where labels "
        "are few). Data: Blitzer, Dredze, Pereira. ACL 2007."
    )
    protocol = (
        "Four domains as tasks, 50, 100 or 200 labelled reviews of each, drawn from its 2,000 "
        "training reviews; 5,000 words and pairs, log(1 + count), rows at length one. Logistic "
        "models, SoftSharing to the mean by exact steps, 100 steps of AdamW at 0.01 over all rows. "
        "Strengths 0 (separate), 3 to 100, 1e9 (one model); the one with the least mean error on "
        "500 other training reviews per domain and draw is taken. Error on 2,000 test reviews per "
        "domain, the same in all draws; mean of the four domains. Ten draws. Gate: below separate "
        "models; the difference from one model is reported. --quick: one draw."
    )
    settings = ("50 reviews", "100 reviews", "200 reviews")
    seeds, few = 10, 1

    def measure(self, setting, rng):
        train, held, test = dealt(rng, int(setting.split()[0]))
        fitted = [shared(train, strength) for strength in STRENGTHS]
        return {
            "held": [error(model, held) for model in fitted],
            "test": [error(model, test) for model in fitted],
        }

    def rows(self, records):
        for setting in self.settings:
            lists = self.values(records, setting, "test")
            separate, one = (tuple(None if v is None else v[at] for v in lists) for at in (0, -1))
            best = self.at_best(records, setting, "test", by="held")
            for name, values, text in (
                ("separate", separate, "SoftSharing((), heads=0)"),
                ("best strength", best, "SoftSharing((), heads=strength, step='proximal')"),
                ("one model", one, "SoftSharing((), heads=1e9, step='proximal')"),
            ):
                yield Row(f"{name}, {setting}", text, "error", "%", values)
            name = f"best against separate, {setting}"
            yield against(name, best, separate, metric="error, points", gate=GATE)
            yield against(f"best against one, {setting}", best, one, metric="error, points")


GATE = Gate(None, 0.0, quick=True)


@cache
def reviews():
    """Training and test reviews of all domains."""
    facts = get("amazon_sentiment")
    table, parts = facts.load(), facts.parts()
    X = table.X.copy().astype(np.float64)
    X.data = np.log1p(X.data)
    table = table.with_(X=normalize(X))
    train, test = (table.take(parts[part]) for part in ("train", "test"))
    rng = np.random.default_rng(0)
    few = [rng.permutation(one.rows)[:TEST] for one in test]
    return train, test.take(np.sort(np.concatenate(few)))


def dealt(rng, n):
    """``n`` reviews of every domain to train on, others to choose by, and those of the test."""
    pool, test = reviews()
    orders = [rng.permutation(one.rows) for one in pool]
    train, held = (
        pool.take(np.sort(np.concatenate([order[part] for order in orders])))
        for part in (slice(n), slice(n, n + HELD))
    )
    return train.with_(X=train.X.toarray()), held, test


def shared(train, strength):
    """Four logistic models that are drawn together so much."""
    from polytask import deep

    sharing = deep.SoftSharing((), heads=strength, step="proximal")
    options = {"epochs": EPOCHS, "batch_size": train.n_rows, "learning_rate": 0.01}
    model = deep.DeepModel(sharing, validation=0, scale=False, random_state=0, **options)
    return model.fit(train)


def error(model, data):
    """Percent of reviews that are read wrongly, mean over domains."""
    answers = model.predict_each(data)
    wrong = [np.mean((answers[one.task.name][:, 1] > 0.5) != one.y) for one in data]
    return 100 * float(np.mean(wrong))
