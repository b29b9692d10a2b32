"""Reproductions small enough for tests; each piece says how often it was done."""

import numpy as np

from polytask import Independent, Pooled, Tasks
from polytask.bayes import EmpiricalBayes
from polytask.linear import L2
from polytask.reproduce import Comparison, Gate, Piece, Reproduction, Row
from polytask.reproduce.among import Among, strengths


class Throws(Reproduction):
    """Three throws, five in the full form; ``broken`` are those that fail."""

    name, chapter, paper, protocol = "throws", "linear", "A paper.", "Three throws."

    def __init__(self, broken=(), low=0.0):
        self.broken, self.low, self.count = broken, low, {}

    def pieces(self, quick):
        return [
            Piece(f"throw {i}", (i,), lambda i=i: self._throw(i)) for i in range(3 if quick else 5)
        ]

    def _throw(self, i):
        self.count[i] = self.count.get(i, 0) + 1
        if i in self.broken:
            raise ValueError("the coin is gone")
        return {"value": float(np.random.default_rng(i).normal())}

    def rows(self, records):
        values = tuple(record.get("value") for record in records.values())
        return [Row("throws", "coin", "height", "m", values, 0.1, Gate(self.low, 9.0, seeds=5))]


class Small(Comparison):
    """Two splits of eight data sets of six rows; ridge, one model, empirical Bayes."""

    name, chapter, paper, protocol = "small", "linear", "A paper.", "Two splits."
    criterion = "overall_rmse"
    inner = 2

    def data(self):
        rng = np.random.default_rng(0)
        sets = {}
        for t in range(8):
            X = rng.normal(size=(6, 2))
            sets[f"t{t}"] = (X, X @ [1.0, 2.0] + t + 0.1 * rng.normal(size=6))
        return Tasks.stack(sets)

    def splits(self, data, quick):
        rows = np.arange(data.n_rows)
        both = {f"{k}": (rows[rows % 3 != k], rows[rows % 3 == k]) for k in range(2)}
        return {"0": both["0"]} if quick else both

    def models(self):
        ridge = Among(strengths(L2(), 1, 0.01, 3))
        return {
            "ridge": ridge,
            "pooled": Pooled(ridge, task_as_category=False),
            "plain": Independent(),
            "bayes": EmpiricalBayes(),
        }

    def rows(self, records):
        return [
            Row(name, name, "RMSE", "1", self.values(records, name, self.criterion))
            for name in self.models()
        ]
