"""Small models and tables for the tests of the comparison."""

import os
import signal
from pathlib import Path

import numpy as np
from sklearn.linear_model import LinearRegression

from polytask import Independent, Model, Tasks


def related(n=80, T=3, d=4, *, gaps=0.3, noise=0.5, seed=0):
    """Tasks with nearly the same coefficients, and holes."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    Y = X @ (rng.normal(size=(d, 1)) + 0.1 * rng.normal(size=(d, T)))
    Y += noise * rng.normal(size=Y.shape)
    Y[rng.uniform(size=Y.shape) < gaps] = np.nan
    return Tasks.from_arrays(X, Y, names=[f"task {t}" for t in range(T)])


def classed(n=120, T=2, *, seed=0, offset=1.0):
    """Binary tasks, class 1 the rarer."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 3))
    Y = (X[:, :1] + 0.5 * rng.normal(size=(n, T)) > offset).astype(float)
    return Tasks.from_arrays(X, Y, names=[f"class {t}" for t in range(T)], kinds="binary")


class Shrunk(Model):
    """Coefficients of a ridge per task, drawn by ``pull`` to their mean over the tasks."""

    def __init__(self, alpha=1.0, *, pull=0.5, task_column=None):
        self.alpha = alpha
        self.pull = pull
        self.task_column = task_column

    def _fit(self, data):
        W = {one.task.name: self._ridge(*data.table(one.task.name)) for one in data if one.n}
        mean = np.mean(list(W.values()), axis=0)
        self.W_ = {name: self.pull * mean + (1 - self.pull) * w for name, w in W.items()}
        self.coef_ = np.array([self.W_.get(name, mean)[:-1] for name in data.names])

    def _ridge(self, X, y, w):
        X = np.column_stack([X, np.ones(len(X))])
        return np.linalg.solve(
            X.T @ (w[:, None] * X) + self.alpha * np.eye(X.shape[1]), X.T @ (w * y)
        )

    def _outputs(self, X, name):
        return X @ self.W_[name][:-1] + self.W_[name][-1]

    def grid(self, data):
        return [{"alpha": alpha} for alpha in (100.0, 10.0, 1.0, 0.1)]

    def alone(self):
        return Shrunk(self.alpha, pull=0.0) if self.pull else None


class Broken(Model):
    """Fails at fitting, as a method may on some table."""

    def __init__(self, message="no decomposition", *, task_column=None):
        self.message = message
        self.task_column = task_column

    def _fit(self, data):
        raise np.linalg.LinAlgError(self.message)

    def _outputs(self, X, name):
        raise NotImplementedError


class Counted(Independent):
    """Writes a line per fit to the file ``$FITS``, and dies where ``$KILL_AT`` fits were made."""

    def __init__(self, estimator=None, *, task_column=None):
        super().__init__(estimator, task_column=task_column)

    def _fit(self, data):
        super()._fit(data)
        log = Path(os.environ["FITS"])
        with log.open("a") as file:
            file.write(f"{data.n_rows}\n")
        if len(log.read_text().splitlines()) == int(os.environ.get("KILL_AT", -1)):
            os.kill(os.getpid(), signal.SIGKILL)

    def alone(self):
        return Independent(LinearRegression())
