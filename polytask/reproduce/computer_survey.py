"""Computer survey: 190 persons rate 20 computers, a task per person."""

import numpy as np

from polytask import Pooled, Tasks
from polytask.bayes import EmpiricalBayes
from polytask.datasets import get
from polytask.linear import (
    ASO,
    L1,
    L2,
    L21,
    ConvexASO,
    ConvexClustered,
    L1Linf,
    MeanRegularised,
    SquaredTraceNorm,
    TraceNorm,
)
from polytask.reproduce.among import Among, strengths, text
from polytask.reproduce.comparison import Comparison, difference
from polytask.reproduce.row import Gate, Row

SEEDS, QUICK = 10, 2
PROFILES = 20
TRAINING = {"A": 15, "B": 8}  # profiles of each person that are trained on

# Per method: the published RMSE and our gate, protocol A.
TABLE = {
    "independent ridge": (3.88, None),
    "pooled ridge": (2.35, Gate(2.3, 2.6, SEEDS, quick=True)),
    "mean-regularised": (None, None),
    "L21": (2.01, None),
    "trace norm": (1.93, Gate(None, 2.0, SEEDS, quick=True)),
    "empirical Bayes": (1.90, Gate(None, 1.95, SEEDS, quick=True)),
}
# Not in the paper: what its successors would say of the same persons.
BESIDE = {
    "lasso": strengths(L1(), 3, 0.1, 5),
    "L1Linf": strengths(L1Linf(), 100, 10, 4),
    "plain trace norm": strengths(TraceNorm(), 10, 0.3, 6),
    "ASO": strengths(ASO(h=1), 30, 0.3, 5),
    "ConvexASO": strengths(ConvexASO(h=1), 10, 0.3, 6),
    "clustered": strengths(ConvexClustered(clusters=2), 10, 1, 3),
}


class ComputerSurvey(Comparison):
    """RMSE on held-out profiles.

    Examples
    --------
    >>> ComputerSurvey().criterion
    'overall_rmse'
    """

    name = "computer-survey"
    chapter = "linear"
    paper = (
        "Argyriou, Evgeniou, Pontil. Convex multi-task feature learning. Machine Learning 73, "
        "2008 (independent 3.88, pooled 2.35, feature selection 2.01, feature learning 1.93, "
        "hierarchical Bayes 1.90). Data: Lenk, DeSarbo, Green, Young. Marketing Science 15, 1996."
    )
    protocol = (
        "All 190 persons with complete ratings (the paper has 180 and does not say which). A: for "
        "every person 15 random profiles of 20 are trained on, 10 seeds, RMSE over the other 950 "
        "ratings. B: 8 of 20, RMSE over 2,280; printed only. Strengths by 5-fold cross-validation "
        "inside the training ratings, folds dealt within persons, smallest RMSE. A free intercept "
        "per person, plain sum of squares. Ridge per person comes near the paper's "
        "3.88 at a fixed strength of 0.01 (3.81 on one seed); chosen over the grid it is far "
        "better, and it is printed without a gate. Methods that the paper "
        "does not have stand beside without a bound. --quick: two seeds."
    )
    criterion = "overall_rmse"

    def data(self):
        """A row per rating: what is held out is a rating, not a profile."""
        table = get("computer_survey").load()
        return Tasks.stack({one.task.name: (table.X, one.y) for one in table})

    def splits(self, data, quick):
        """Per person another draw of profiles; protocols take turns."""
        persons = data.n_tasks
        found = {}
        for name, training in TRAINING.items():
            for seed in range(QUICK if quick else SEEDS):
                draws = np.random.default_rng([seed, training]).random((persons, PROFILES))
                mask = (draws.argsort(axis=1).argsort(axis=1) < training).ravel()
                found[f"{name} {seed}"] = (np.flatnonzero(mask), np.flatnonzero(~mask))
        return found

    def models(self):
        ridge = strengths(L2(), 10, 1e-3)
        mean = [
            penalty
            for ratio in (100, 10, 1, 0.1)
            for penalty in strengths(MeanRegularised(ratio=ratio), 30, 0.03, 8)
        ]
        return {
            "independent ridge": Among(ridge),
            "pooled ridge": Pooled(Among(ridge), task_as_category=False),
            "mean-regularised": Among(tuple(mean)),
            "L21": Among(strengths(L21(), 30, 0.1)),
            "trace norm": Among(strengths(SquaredTraceNorm(), 1, 1e-3)),
            "empirical Bayes": EmpiricalBayes(),
            **{name: Among(penalties) for name, penalties in BESIDE.items()},
        }

    def rows(self, records):
        main = {name: self._row(records, "A", name, *facts) for name, facts in TABLE.items()}
        more = [self._row(records, "A", name, None, None) for name in BESIDE]
        more += [self._row(records, "B", name, None, None) for name in (*TABLE, *BESIDE)]
        best = difference(main["empirical Bayes"], main["trace norm"], gate=Gate(None, 0.0, SEEDS))
        return [*main.values(), best, *more]

    def _row(self, records, protocol, name, published, gate):
        values = self.values(records, name, self.criterion, among=f"{protocol} ")
        label = name if protocol == "A" else f"{name}, {protocol}"
        share = (PROFILES - TRAINING[protocol]) / TRAINING[protocol]
        model = text(self.models()[name])
        return Row(label, model, "RMSE", "points of 0 to 10", values, published, gate, share)
