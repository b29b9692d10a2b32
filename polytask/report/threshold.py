"""The probability from which a binary task says "yes", chosen on training rows."""

import numpy as np

from polytask.report.metrics import METRICS, Undefined

MOST = 200  # thresholds tried: more changes a metric of labels by less than half a per cent of rows


def thresholds(held_out, metrics):
    """Thresholds by (task name, metric name) from held-out outcomes of the training part.

    Parameters
    ----------
    held_out : iterable of Outcome
        Of binary tasks, on inner folds: rows of the training part, by models that did not see
        them. Several of one task are put together.
    metrics : iterable of str
        Names; those that are not given labels have no threshold.

    Returns
    -------
    dict
        Pairs that are absent keep 0.5.
    """
    named = [METRICS[name] for name in metrics if METRICS[name].takes == "label"]
    chosen = {}
    for name, (y, p, weight) in _by_task(held_out).items():
        for metric in named:
            chosen[name, metric.name] = best_threshold(y, p, weight, metric=metric)
    return chosen


def _by_task(held_out):
    parts: dict[str, list] = {}
    for one in held_out:
        weight = np.ones(one.n) if one.weight is None else one.weight
        parts.setdefault(one.task.name, []).append((one.y, one.output[:, 1], weight))
    return {name: tuple(map(np.concatenate, zip(*rows))) for name, rows in parts.items()}


def best_threshold(y, p, weight=None, *, metric):
    """The threshold in [0, 1] on probabilities ``(n,)`` with the best value of a metric of labels.

    Of equals, the nearest to 1/2; 1/2 where the metric is undefined on all of these rows.

    Examples
    --------
    >>> best_threshold([0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4], metric=METRICS["accuracy"])
    0.25
    """
    p = np.asarray(p, dtype=np.float64)
    best, best_value = 0.5, -np.inf
    for candidate in sorted(_candidates(p), key=lambda at: abs(at - 0.5)):
        try:
            value = metric(y, np.column_stack([1 - p, p]), weight, threshold=candidate)
        except Undefined:
            return 0.5
        if value > best_value:
            best, best_value = float(candidate), value
    return best


def _candidates(p):
    steps = np.unique(p)
    if len(steps) > MOST:
        steps = np.unique(np.quantile(steps, np.linspace(0, 1, MOST)))
    return np.concatenate([[0.5], (steps[:-1] + steps[1:]) / 2])
