"""Which inputs which tasks use: shared by several, own to one, or unused."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from polytask.errors import require
from polytask.report.criterion import Criterion
from polytask.report.metrics import Undefined
from polytask.report.outcome import outcomes

NEGLIGIBLE = 1e-6  # of a task's largest: below it a coefficient is rounding, not use
MOST = 200  # features that a report lists, the most important first


@dataclass(frozen=True)
class Features:
    """The inputs of a fitted model, with what each task makes of them.

    Attributes
    ----------
    names : tuple of d str
    tasks : tuple of T str
    importance : array (T, d)
        Importance of a feature to a task.
    uses : bool array (T, d)
    meaning : str
        What the numbers are.

    Examples
    --------
    >>> weight = np.array([[2.0, 0.0], [1.0, 0.0]])
    >>> print(Features(("age", "eye"), ("maths", "music"), weight, weight > 0, "weight"))
    feature  sharing  tasks (weight)
    age      shared   maths 2, music 1
    eye      unused
    """

    names: tuple[str, ...]
    tasks: tuple[str, ...]
    importance: np.ndarray
    uses: np.ndarray
    meaning: str

    @property
    def sharing(self):
        """Per feature ``"shared"`` (two tasks or more), ``"own"`` (one) or ``"unused"``."""
        count = self.uses.sum(axis=0)
        return tuple(("unused", "own", "shared")[min(int(c), 2)] for c in count)

    def records(self):
        """Rows ``feature, shared, tasks, importance``, the most important first."""
        sharing, largest = self.sharing, np.max(self.importance, axis=0)
        return [
            {
                "feature": self.names[j],
                "shared": sharing[j],
                "tasks": [t for t, used in zip(self.tasks, self.uses[:, j]) if used],
                "importance": dict(zip(self.tasks, self.importance[:, j].tolist())),
            }
            for j in np.argsort(-largest, kind="stable")
        ]

    def to_frame(self):
        """A pandas frame: a row per feature, a column per task, and ``shared``."""
        from polytask.errors import extra

        pandas = extra("pandas", "data")
        frame = pandas.DataFrame(self.importance.T, index=self.names, columns=self.tasks)
        return frame.assign(shared=self.sharing)

    def __str__(self):
        width = max(map(len, (*self.names, "feature")))
        lines = [f"{'feature':<{width}}  sharing  tasks ({self.meaning})"]
        for row in self.records():
            used = sorted(row["tasks"], key=lambda task: -row["importance"][task])
            text = ", ".join(f"{task} {row['importance'][task]:.3g}" for task in used[:6])
            more = f", and {len(used) - 6} more" if len(used) > 6 else ""
            lines.append(f"{row['feature']:<{width}}  {row['shared']:<7}  {text}{more}".rstrip())
        return "\n".join(lines)


def features(model, data, *, method=None, repeats=5, metric=None, seed=0):
    """Which inputs which tasks of a fitted model use.

    Parameters
    ----------
    model : Model, fitted
    data : Tasks
        Rows to judge on: held-out ones show what generalises.
    method : {"coefficients", "permutation"}, optional
        ``coefficients``: the length of a task's coefficients times the standard deviation of the
        feature; a task uses a feature whose number is not negligible beside its largest.
        ``permutation``: how much the task's error grows when the feature's values are shuffled; a
        task uses a feature whose mean growth is more than two standard errors over the repeats.
        Default: coefficients where the model has ``coef_``.
    repeats : int, >= 2
        Shuffles per feature.
    metric : str, optional
        Whose error is looked at; default: the kind's.
    seed : int

    Returns
    -------
    Features

    References
    ----------
    Breiman. Random forests. Machine Learning 45, 2001 (permutation importance).

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LinearRegression
    >>> from polytask import Independent, Tasks, report
    >>> X = np.random.default_rng(0).normal(size=(60, 3))
    >>> data = Tasks.from_arrays(X, np.column_stack([X[:, 0], X[:, 0] + X[:, 1]]))
    >>> report.features(Independent(LinearRegression()).fit(data), data).sharing
    ('shared', 'own', 'unused')
    """
    method = method or ("coefficients" if _has_coefficients(model) else "permutation")
    require(
        method in ("coefficients", "permutation"),
        f"method is 'coefficients' or 'permutation'. Found {method!r}.",
    )
    if method == "permutation":
        return _permuted(model, data, repeats, Criterion(metric), np.random.default_rng(seed))
    require(
        _has_coefficients(model),
        f"{type(model).__name__} has no coefficients per input. Use method='permutation'.",
    )
    return _by_coefficients(model, data)


def _has_coefficients(model):
    coef = np.asarray(getattr(model, "coef_", ()))
    return coef.ndim == 2 and coef.shape[1] == model.n_features_in_


def _by_coefficients(model, data):
    coef = np.abs(np.asarray(model.coef_)) * _spread(data.X)
    names, of = tuple(model.task_names_), _task_of_outputs(model)
    importance = np.array([np.sqrt((coef[of == name] ** 2).sum(axis=0)) for name in names])
    largest = importance.max(axis=1, keepdims=True)
    uses = importance > NEGLIGIBLE * np.where(largest > 0, largest, 1.0)
    return Features(data.feature_names, names, importance, uses, "|coefficient| x spread")


def _task_of_outputs(model):
    """The task of every row of ``coef_``."""
    found = getattr(model, "outputs_", None)
    if found is None:
        return np.repeat(model.task_names_, [task.kind.width for task in model.tasks_])
    return np.array([one if isinstance(one, str) else one[0] for one in found])


def _spread(X):
    """Standard deviation of every column ``(d,)``, dense or sparse."""
    if not sparse.issparse(X):
        return np.std(X, axis=0, dtype=np.float64)
    mean = np.asarray(X.mean(axis=0)).ravel()
    square = np.asarray(X.multiply(X).mean(axis=0)).ravel()
    return np.sqrt(np.maximum(square - mean**2, 0))


def _permuted(model, data, repeats, criterion, rng):
    require(repeats >= 2, f"features needs repeats >= 2. Found {repeats}.")
    plain = _errors(model, data, criterion, data)
    tasks = tuple(name for name, error in plain.items() if error is not None)
    growth = np.empty((repeats, len(tasks), data.n_features))
    for j in range(data.n_features):
        for r in range(repeats):
            shuffled = _errors(model, _shuffled(data, j, rng), criterion, data)
            growth[r, :, j] = [shuffled[name] - plain[name] for name in tasks]
    mean, se = growth.mean(axis=0), growth.std(axis=0, ddof=1) / np.sqrt(repeats)
    # errors have no unit here, so what is below NEGLIGIBLE is rounding
    uses = mean > np.maximum(2 * se, NEGLIGIBLE)
    return Features(data.feature_names, tasks, mean, uses, "growth of the error")


def _shuffled(data, j, rng):
    order = rng.permutation(data.n_rows)
    if sparse.issparse(data.X):
        X = data.X.tolil(copy=True)
        X[:, j] = data.X[order][:, [j]]
        return data.with_(X=X.tocsr())
    X = np.array(data.X)
    X[:, j] = X[order, j]
    return data.with_(X=X)


def _errors(model, data, criterion, plain):
    errors = {}
    for one in outcomes(model, data, plain):
        metric = criterion.of(one.task.kind)
        try:
            error = one.error(metric)
            errors[one.task.name] = error
        except Undefined:
            errors[one.task.name] = None
    return errors


def linear_view(model, train):
    """Rows of `Features.records` from coefficients, at most `MOST`; None where there are none."""
    if not _has_coefficients(model):
        return None
    return _by_coefficients(model, train).records()[:MOST]
