"""The whole path of a linear model: its answers at one strength after another."""

import copy
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from sklearn.base import clone

from polytask.errors import DataError, UnsupportedError, extra, require
from polytask.linear.estimator import _Linear
from polytask.linear.path.criteria import RULES, criterion
from polytask.linear.path.facts import facts, least_squares_noise
from polytask.linear.path.figure import coefficient_rows, figure
from polytask.linear.path.freedom import freedom
from polytask.linear.path.points import Point, losses
from polytask.linear.path.walk import lines_of, walk
from polytask.linear.problem import Problem
from polytask.tasks import Tasks

# A path ends where almost everything is explained, or no step explains more; not before SHORTEST.
FULL, SHORTEST = 0.999, 6


@dataclass(frozen=True, eq=False)
class LinearPath:
    """Fit a linear model along the strengths of its penalty, and choose one without new rows.

    Every point starts from the one before it; a single fit is a path of one. `LinearPath.of` makes
    it, ``path[k]`` is the fitted model of a point, `select` chooses by an information criterion.

    Attributes
    ----------
    points : tuple of K Point
        Line by line of the second strength, every line from the strongest to the weakest.
    alphas : array (K,)
    seconds : array (K,) or None
        Values of the second strength, where the penalty has one.
    df : array (K,)
        Degrees of freedom; NaN where no formula is known, and ``why`` says why.
    explained : array (K, T)
        Share of each task's null deviance that is explained.
    objective, gap : arrays (K,)

    Examples
    --------
    >>> from sklearn.datasets import load_linnerud
    >>> from polytask.linear import L21, LinearModel, LinearPath
    >>> X, Y = load_linnerud(return_X_y=True)
    >>> path = LinearPath.of(LinearModel(L21(), scale=True), X, Y, points=20)
    >>> len(path), path.df[[0, 3, -1]].round(1).tolist()
    (20, [0.0, 2.3, 9.0])
    >>> path.select("bic").penalty
    L21(alpha=4.07866)
    """

    model: _Linear
    data: Tasks
    problem: Problem
    points: tuple[Point, ...]

    @classmethod
    def of(
        cls,
        model,
        X,
        y=None,
        *,
        tasks=None,
        sample_weight=None,
        points=100,
        weakest=None,
        alphas=None,
        seconds=None,
        enough=1e-5,
    ):
        """The path of a model on data.

        Parameters
        ----------
        model : LinearModel or LinearClassifier
            Its penalty says what varies; its strength does not matter.
        X, y, tasks, sample_weight :
            As in ``model.fit``.
        points : int
            Strengths, geometric from the one that leaves nothing; for every value of the second.
        weakest : float, optional
            The last strength relative to the first's scale; default: the penalty's own (mostly
            1e-3).
        alphas : sequence of float, optional
            These strengths instead.
        seconds : sequence of float, optional
            Values of the second strength instead of the penalty's own.
        enough : float or None
            A line ends where a step explains less than this share more of what is explained, or
            99.9 % are explained. None: every point is solved.

        Returns
        -------
        LinearPath

        Raises
        ------
        ParameterError
            If points, alphas or seconds make no path.
        """
        require(points >= 1, f"A path needs points >= 1. Found points={points}.")
        model = clone(model)
        model._check()
        data = model._enter(X, y, tasks, sample_weight)
        problem = model._problem(data)
        wanted = {"points": points, "weakest": weakest, "alphas": alphas, "seconds": seconds}
        lines = lines_of(model._penalty(), problem, **wanted)
        enough = None if alphas is not None else enough
        found = [
            point
            for number, line in enumerate(lines)
            for point in _until(walk(model, problem, line, line=number), problem, enough)
        ]
        return cls(model, data, problem, tuple(found))

    # -- points -----------------------------------------------------------------------------

    def __len__(self):
        return len(self.points)

    def __getitem__(self, k):
        """The fitted model of point ``k``."""
        point = self.points[k]
        model = copy.copy(self.model).set_params(penalty=point.penalty)
        model.penalty_, model.solution_ = point.paid, point.solution
        model._show(self.data, self.problem, model.solution_)
        return model

    @property
    def alphas(self):
        return np.array([point.penalty.alpha for point in self.points])

    @property
    def seconds(self):
        name = self.points[0].penalty.second
        if name is None:
            return None
        return np.array([point.penalty.get_params()[name] for point in self.points])

    @property
    def objective(self):
        return np.array([point.kept.objective for point in self.points])

    @property
    def gap(self):
        return np.array([point.kept.gap for point in self.points])

    @cached_property
    def explained(self):
        null = losses(self.problem, np.zeros(self.problem.shape))
        return 1 - np.array([point.losses for point in self.points]) / np.where(null > 0, null, 1)

    @cached_property
    def coefs(self):
        """Coefficients ``(K, P, d)`` in the units of the inputs, all of them: K P d numbers."""
        d = self.data.n_features
        unit = 1.0 if self.problem.std is None else self.problem.std[:d]
        return np.stack([point.W[:d].T / unit for point in self.points])

    @property
    def intercepts(self):
        """Intercepts ``(K, P)``."""
        return np.stack([point.intercept for point in self.points])

    # -- choosing ---------------------------------------------------------------------------

    @cached_property
    def _freedom(self):
        found = [freedom(point.paid, self.problem, point.W) for point in self.points]
        return np.array([df for df, _ in found]), next((why for _, why in found if why), "")

    @property
    def df(self):
        return self._freedom[0]

    @property
    def why(self):
        """Why there are no degrees of freedom at some point; "" where there are."""
        return self._freedom[1]

    def criterion(self, rule, *, noise=None, gamma=1.0):
        """The values of an information criterion ``(K,)``, smaller is better.

        See `polytask.linear.path.criteria.criterion`. Where ``noise`` is not given, ``cp`` takes
        the residual variances of least squares, if every task has more labels than coefficients.
        """
        if rule == "cp" and noise is None:
            noise = least_squares_noise(self)
        return criterion(facts(self), rule, noise=noise, gamma=gamma)

    def select(self, rule="bic", *, noise=None, gamma=1.0):
        """The fitted model at the smallest value of a criterion; of equals, the simplest.

        Parameters
        ----------
        rule : {"aic", "bic", "ebic", "cp"}
        noise : float or array (T,), optional
            Variances of the noise.
        gamma : float
            Of the extended BIC.

        Returns
        -------
        model of the class that the path was made of

        Raises
        ------
        UnsupportedError
            If the degrees of freedom are not known, or the loss is no likelihood.
        """
        values = self.criterion(rule, noise=noise, gamma=gamma)
        used = np.array([len(point.rows) > 0 for point in self.points])
        require(
            bool(np.isfinite(values[used]).any()) or not used.any(),
            f"{rule} has no value on this path. {self.why or 'Its points follow the labels.'} "
            "Choose by cross-validation: LinearModelCV.",
            UnsupportedError,
        )
        return self[int(np.nanargmin(values))]

    # -- showing ----------------------------------------------------------------------------

    def to_frame(self):
        """A pandas frame with a row per point: strengths, features in use, df, criteria, gap."""
        columns = {"alpha": self.alphas}
        if self.seconds is not None:
            columns[self.points[0].penalty.second] = self.seconds
        columns |= {
            "features": [len(point.rows) for point in self.points],
            "df": self.df,
            "explained": self.explained.mean(axis=1),
            "objective": self.objective,
            "gap": self.gap,
            "iterations": [point.kept.iterations for point in self.points],
            "screened": [point.kept.screened for point in self.points],
            "excluded": [point.kept.excluded for point in self.points],
        }
        return extra("pandas", "data").DataFrame(columns | self._criteria())

    def _criteria(self):
        found = {}
        for rule in RULES:
            try:
                found[rule] = self.criterion(rule)
            except (UnsupportedError, DataError):
                continue  # this rule has no meaning here; the table shows the others
        return found

    def coefficients(self):
        """A pandas frame with a row per coefficient that is not zero, point by point."""
        return extra("pandas", "data").DataFrame(list(coefficient_rows(self)))

    def plot(self):
        """Sizes of the features' coefficients along the strengths, as a plotly figure.

        Raises
        ------
        MissingExtraError
            Without plotly.
        """
        return figure(self)


def _until(points, problem, enough):
    """The points up to the one that is enough."""
    null, last = problem.null.value, 0.0
    for k, point in enumerate(points, start=1):
        yield point
        explained = 1 - point.losses.sum() / null if null > 0 else 1.0
        little = enough is not None and explained - last < enough * explained
        if enough is not None and k >= SHORTEST and (explained > FULL or little):
            return
        last = explained
