"""The simulated comparison behind the example report: models, scores, intervals."""

from dataclasses import dataclass, field

import numpy as np
from scipy import stats

EXAMS = ("maths", "physics", "chemistry", "biology", "history", "languages", "music", "sport")
METRIC = "explained variance (within task)"
CANDIDATES = (0.001, 0.01, 0.1, 1.0, 10.0)
BASELINE = "Independent"

# name, printed text, mean gain in units of the metric, spread of the gain over tasks, seconds
METHODS = (
    (BASELINE, "Independent(Ridge())", 0.0, 0.0, 0.41),
    ("Pooled", "Pooled(Ridge(), task_as_category=True)", -0.018, 0.030, 0.22),
    ("L21", "LinearModel(L21(alpha=0.02))", 0.006, 0.006, 3.9),
    ("TraceNorm", "LinearModel(TraceNorm(alpha=0.05))", 0.016, 0.010, 6.3),
    ("MeanRegularised", "LinearModel(MeanRegularised(alpha=0.1))", 0.022, 0.014, 2.7),
    ("EmpiricalBayes", "EmpiricalBayes()", 0.027, 0.012, 18.4),
)
PAPERS = {
    "L21": ["Argyriou, Evgeniou, Pontil. Multi-task feature learning. NIPS 2006."],
    "TraceNorm": ["Argyriou, Evgeniou, Pontil. Convex multi-task feature learning. ML 2008."],
    "MeanRegularised": ["Evgeniou, Pontil. Regularized multi-task learning. KDD 2004."],
    "EmpiricalBayes": ["Heskes. Empirical Bayes for learning to learn. ICML 2000."],
}


@dataclass
class World:
    """What the simulated comparison is made of."""

    tasks: tuple
    splits: int = 10
    seed: int = 0
    failed: tuple = ()
    not_tried: tuple = ()
    undefined: tuple = ()
    rng: np.random.Generator = field(init=False)

    def __post_init__(self):
        self.rng = np.random.default_rng(self.seed)

    @property
    def tried(self):
        return [m for m in METHODS if m[0] not in self.failed + self.not_tried]


def values_of(world):
    """Scores (models, tasks, splits): a task's level, a split's luck, a method's gain on it."""
    T, k = len(world.tasks), world.splits
    level = world.rng.uniform(0.12, 0.42, size=(T, 1))
    luck = world.rng.normal(0, 0.03, size=(T, k))
    values = {}
    for name, _, gain, spread, _ in world.tried:
        own = world.rng.normal(gain, spread, size=(T, 1))
        values[name] = level + luck + own + world.rng.normal(0, 0.008, size=(T, k)) * (gain != 0)
    for t in world.undefined:
        for value in values.values():
            value[world.tasks.index(t)] = np.nan
    return values


def interval(difference):
    """Mean, ends of the 95 % interval and p of the corrected resampled t (Nadeau, Bengio)."""
    k = len(difference)
    mean = difference.mean()
    se = np.sqrt((1 / k + 1 / 3) * difference.var(ddof=1))
    half = stats.t.ppf(0.975, k - 1) * se
    return mean, mean - half, mean + half, 2 * stats.t.sf(abs(mean) / se, k - 1)
