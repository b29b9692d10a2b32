"""Cross-validation of one model: a table split x task x metric."""

from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from polytask.errors import extra
from polytask.report.budget import Deadline
from polytask.report.lines import seeded
from polytask.report.parallel import results
from polytask.report.plan import draw
from polytask.report.run import Recipe, fitted


@dataclass(frozen=True)
class Table:
    """Scores by split, task and metric.

    Attributes
    ----------
    rows : tuple of dict
        ``split, task, metric, value, n, note``; ``value`` is None where it is undefined and
        ``note`` says why; ``n`` counts the test labels.

    Examples
    --------
    >>> row = {"split": 0, "task": "maths", "metric": "r2", "value": 0.25, "n": 9, "note": ""}
    >>> print(Table((row, row | {"split": 1, "value": 0.75})))
    maths  r2  0.5 (sd 0.35) over 2 splits
    """

    rows: tuple

    def of(self, task, metric):
        """The values per split ``(J,)``; NaN where undefined."""
        found = [r["value"] for r in self.rows if (r["task"], r["metric"]) == (task, metric)]
        return np.array([np.nan if value is None else value for value in found])

    def to_frame(self):
        """A pandas frame with these rows."""
        return extra("pandas", "data").DataFrame(list(self.rows))

    def __str__(self):
        pairs = dict.fromkeys((row["task"], row["metric"]) for row in self.rows)
        width = [max(len(pair[i]) for pair in pairs) for i in range(2)]
        return "\n".join(
            f"{task:<{width[0]}}  {metric:<{width[1]}}  {_mean(self.of(task, metric))}"
            for task, metric in pairs
        )


def _mean(values):
    found = values[np.isfinite(values)]
    if not len(found):
        return "undefined"
    spread = f" (sd {found.std(ddof=1):.2g})" if len(found) > 1 else ""
    return f"{found.mean():.4g}{spread} over {len(found)} splits"


def cross_validate(
    model,
    data,
    *,
    metric=None,
    folds=5,
    repeats=1,
    splits=None,
    by=None,
    inner=None,
    select="min",
    seed=0,
    n_jobs=None,
    impute="refuse",
    categories="onehot",
    class_weight=None,
):
    """Fit and score one model on every split.

    Parameters
    ----------
    model : Model
    data : Tasks
    inner : int, optional
        Inner folds that choose hyperparameters from the model's grid; default: it is fitted as it
        is written.
    metric, folds, repeats, splits, by, select, seed, n_jobs, impute, categories, class_weight :
        As in `compare`.

    Returns
    -------
    Table
        A row per split, task and metric.

    Raises
    ------
    Exception
        What the model raises.

    Examples
    --------
    >>> from sklearn.datasets import load_linnerud
    >>> from polytask import Independent, Tasks, report
    >>> X, Y = load_linnerud(return_X_y=True)
    >>> table = report.cross_validate(Independent(), Tasks.from_arrays(X, Y), folds=4)
    >>> table.of("y0", "rmse").shape
    (4,)
    """
    recipe = Recipe(metric, select, impute, categories, class_weight)
    recipe.criterion.refuse_strangers(data.kinds)
    drawn = draw(data, folds=folds, repeats=repeats, splits=splits, by=by, inner=inner, seed=seed)
    model = seeded(model, type(model).__name__, seed)
    found = dict(results(_scores, [(data, model, one, recipe) for one in drawn], n_jobs=n_jobs))
    return Table(
        tuple({"split": drawn[i].number} | row for i in range(len(drawn)) for row in found[i])
    )


def _scores(data, model, split, recipe):
    with threadpool_limits(1):
        return fitted(data, model, split, recipe, Deadline())["scores"]
