"""`DeepModel` with its defaults beside boosted trees, ridge and the linear wing, on six tables.

    python benchmarks/tables.py                 three draws; about half an hour on one core
    python benchmarks/tables.py --quick         one draw of two tables
    python benchmarks/tables.py --only school adult --json FILE

Every method has the same training and test rows in every draw, and no option was chosen on a test
row: the net stops by a tenth of its training rows, ridge and the linear wing choose their strength
by cross-validation, the trees are as they come. The intervals are those of repeated splits
(`report.statistics.corrected_interval`), and the differences are paired.
"""

import argparse
import json
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegressionCV, RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, StandardScaler

from polytask import Independent, Pooled, deep, linear
from polytask.datasets import get
from polytask.inputs import Encoder
from polytask.report.metrics import auc
from polytask.reproduce.row import Row

ROWS, DRAWS = 8000, 3
STRENGTHS = np.logspace(-2, 4, 13)


@dataclass(frozen=True)
class Table:
    """A data set, how its rows are dealt and what is measured.

    Attributes
    ----------
    by : str or None
        As in `Tasks.split`.
    own : bool
        Whether tasks have rows of their own, so that one model of all rows is a rival too.
    metric : str
    """

    name: str
    by: str | None
    own: bool
    metric: str

    def parts(self, draw):
        """Training and test rows of a draw, `ROWS` of both at most."""
        data = get(self.name).load()
        train, test = data.split(0.25, seed=draw, by=self.by)
        return tuple(self._some(part, draw, n) for part, n in ((train, ROWS), (test, ROWS // 2)))

    def _some(self, data, draw, count):
        if data.n_rows <= count or self.own:
            return data
        return data.take(np.sort(np.random.default_rng(draw).permutation(data.n_rows)[:count]))


TABLES = (
    Table("school", "within", True, "share of variance"),
    Table("sarcos", "row", False, "mean R2"),
    Table("adult", "row", False, "mean AUC"),
    Table("tox21", "group", False, "mean AUC"),
    Table("atp1d", "row", False, "mean R2"),
    Table("landmine", "within", True, "mean AUC"),
)


def methods(table, classes, sparse, seed):
    """Models by name; all but the net see categories as columns of 0 and 1."""
    trees = (HistGradientBoostingClassifier if classes else HistGradientBoostingRegressor)(
        random_state=seed
    )
    scaler = MaxAbsScaler() if sparse else StandardScaler()
    plain = (
        LogisticRegressionCV(
            Cs=5,
            cv=3,
            scoring="neg_log_loss",
            max_iter=300,
            l1_ratios=(0,),
            use_legacy_attributes=False,
        )
        if classes
        else RidgeCV(STRENGTHS)
    )
    ours = linear.LinearModelCV(
        linear.LinearModel(linear.L21(), scale=True),
        points=12,
        folds=3,
        metric="log_loss" if classes else None,
    )
    found = {
        "DeepModel": deep.DeepModel(random_state=seed),
        "boosted trees per task": Independent(trees),
        "ridge per task": Independent(make_pipeline(scaler, plain)),
        "L21, ours": ours,
    }
    return found | ({"boosted trees, pooled": Pooled(trees)} if table.own else {})


def scored(table, model, test):
    """The number of a table for a fitted model."""
    outputs = model.predict_each(test)
    pairs = [(one.y, outputs[one.task.name]) for one in test if one.n]
    if table.metric == "mean AUC":
        return 100 * float(np.mean([auc(y, p[:, 1]) for y, p in pairs if len(set(y)) > 1]))
    if table.metric == "mean R2":
        return 100 * float(np.mean([1 - np.mean((y - p) ** 2) / np.var(y) for y, p in pairs]))
    y, p = (np.concatenate(side) for side in zip(*pairs))
    return 100 * float(1 - np.mean((y - p) ** 2) / np.var(y))


def drawn(table, draw):
    """``{method: (score, seconds)}`` of one draw."""
    parts = table.parts(draw)
    encoder = Encoder().fit(parts[0])
    numbers = [encoder.transform(part) for part in parts]
    classes = parts[0].kinds[0].classes is not None
    sparse = not isinstance(parts[0].X, np.ndarray)
    found = {}
    for name, model in methods(table, classes, sparse, draw).items():
        train, test = parts if name == "DeepModel" else numbers
        if name.startswith("boosted") and sparse:
            train, test = (part.with_(X=part.X.toarray()) for part in (train, test))
        start = time.process_time()
        model.fit(train)
        seconds = time.process_time() - start
        found[name] = scored(table, model, test), seconds
        print(f"{table.name} {draw} {name}: {found[name][0]:.1f} in {seconds:.1f} s", flush=True)
    return found


def rows(table, records, share=1 / 3):
    """A row per method, and one of the net's difference to every rival."""
    for name in records[0]:
        values = tuple(record[name][0] for record in records)
        yield Row(f"{table.name}: {name}", name, table.metric, "%", values, test_share=share)
    for name in records[0]:
        if name != "DeepModel":
            values = tuple(record["DeepModel"][0] - record[name][0] for record in records)
            label = f"{table.name}: DeepModel - {name}"
            yield Row(label, name, f"difference of {table.metric}", "", values, test_share=share)


def main():
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", nargs="*", choices=[table.name for table in TABLES])
    parser.add_argument("--draws", type=int, default=DRAWS)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)
    names = ("atp1d", "adult") if options.quick else options.only
    found, start = [], time.perf_counter()
    for table in TABLES:
        if not names or table.name in names:
            records = [drawn(table, draw) for draw in range(1 if options.quick else options.draws)]
            some = [row.to_dict() for row in rows(table, records)]
            seconds = {name: np.median([r[name][1] for r in records]) for name in records[0]}
            found += [row | {"seconds": seconds.get(row["method"])} for row in some]
    for row in found:
        ends = "" if row["low"] is None else f" [{row['low']:.1f}, {row['high']:.1f}]"
        print(f"{row['name']:48s} {row['measured']:6.1f}{ends}")
    if options.json:
        whole = {"name": "tables", "paper": None, "protocol": __doc__, "rows": found}
        whole["seconds"] = time.perf_counter() - start
        options.json.write_text(json.dumps(whole, indent=1))


if __name__ == "__main__":
    main()
