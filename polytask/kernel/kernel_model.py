"""Any model on the features of a kernel."""

from itertools import groupby

import numpy as np
from scipy import sparse
from sklearn.base import clone

from polytask.answers import Reader
from polytask.errors import ParameterError, require
from polytask.independent import Independent, tags_like
from polytask.kernel.kernels import RBF, Kernel
from polytask.model import Model
from polytask.ops.nystrom import WAYS, Nystrom
from polytask.ops.scale import Scale


class KernelModel(Model):
    r"""Fit a model of several tasks on the features of a kernel instead of the inputs.

    Rows of *all* tasks are landmarks; their span in the space of the kernel has an orthonormal
    basis, and coordinates in it are the inputs of the model inside. What the tasks share there
    (directions, with ``SquaredTraceNorm``; a mean; a few features) is then a function of the inputs
    that need not be linear. With ``LinearModel(SquaredTraceNorm())`` inside this is the kernelised
    multi-task feature learning of Argyriou, Evgeniou and Pontil: by the representer theorem the
    solution over all of the kernel's space is the one over these coordinates.

    Parameters
    ----------
    model : Model, optional
        Fitted on the features; default `Independent`: ridge, or logistic regression, per task.
        Its answer should not change when coordinates are rotated: ridge, mean, trace norms, graphs
        and clusters of tasks do, lasso and group lasso do not.
    kernel : Kernel
    landmarks : int, optional
        At most so many rows; None takes as many as span them all, and is exact.
    choose : {"pivoted", "kmeans++", "uniform"}
        How landmarks are chosen: the row that the others explain least, so that no row is left far
        out; rows far from each other; or any, which with few landmarks often explain more of most
        rows.
    scale : bool
        Bring columns to variance 1 first: distances depend on units.
    tol : float, > 0
        Rows that the others explain up to this part of their squared length add no landmark.
    random_state : int, optional
        Of landmarks that are drawn.
    task_column : str or int, optional
        The column of X that names the task of a line.

    Attributes
    ----------
    model_ : the fitted model
    map_ : Nystrom
        Landmarks and the basis of their span.
    relation_ : Relation
        That of the model inside, where it has one.

    Raises
    ------
    ParameterError
        If an option is out of its range.

    Notes
    -----
    Cost: O(n r) values of the kernel and O(n r^2), r landmarks; 8 n r bytes of features. With
    ``LinearModel`` inside, its own Grams come on top (8 T r^2 bytes where tasks have their own
    rows). Only rows with a label are landmarks. A new task: `adapt` of the model inside.

    References
    ----------
    Argyriou, Evgeniou, Pontil. Convex multi-task feature learning. Machine Learning 2008.
    Section 5, algorithm 2 (pivots of a Cholesky factor where the paper has Gram and Schmidt).
    Survey: block-sparse regularisation.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask.linear import LinearModel, SquaredTraceNorm
    >>> X = np.linspace(-3, 3, 40)[:, None]
    >>> Y = np.column_stack([np.sin(X[:, 0]), -2 * np.sin(X[:, 0])])
    >>> model = KernelModel(LinearModel(SquaredTraceNorm(1e-3)), RBF(gamma=0.5)).fit(X, Y)
    >>> model.predict([[np.pi / 2]]).round(1)
    array([[ 1., -2.]])
    """

    def __init__(
        self,
        model=None,
        kernel=RBF(),  # noqa: B008  a frozen value
        *,
        landmarks=None,
        choose="pivoted",
        scale=False,
        tol=1e-10,
        random_state=None,
        task_column=None,
    ):
        self.model = model
        self.kernel = kernel
        self.landmarks = landmarks
        self.choose = choose
        self.scale = scale
        self.tol = tol
        self.random_state = random_state
        self.task_column = task_column

    @property
    def _bare_kind(self):
        return "infer" if self.model is None else self.model._bare_kind

    def _inner(self):
        return (
            Independent() if self.model is None else clone(self.model).set_params(task_column=None)
        )

    # -- fitting ----------------------------------------------------------------------------

    def _fit(self, data):
        self._look(data)
        self._keep(self._inner().fit(self._table(data)))

    def _look(self, data):
        """Everything that is learnt from the inputs alone."""
        self._check()
        seen = data.row_weight > 0
        X = data.X if seen.all() else data.X[np.flatnonzero(seen)]
        self._std = Scale.of(X, data.row_weight[seen]).std if self.scale else None
        self.map_ = Nystrom.of(
            self._scaled(X),
            self.kernel,
            count=self.landmarks,
            way=self.choose,
            tol=self.tol,
            seed=self.random_state or 0,
        )

    def _check(self):
        good = isinstance(self.kernel, Kernel)
        for name, fine, wish in (
            ("kernel", good, "to be a Kernel such as RBF()"),
            ("landmarks", self.landmarks is None or self.landmarks >= 1, "at least 1, or None"),
            ("choose", self.choose in WAYS, f"one of {WAYS}"),
            ("tol", self.tol > 0, "> 0"),
        ):
            found = getattr(self, name)
            require(fine, f"KernelModel needs {name} {wish}. Found {found!r}.", ParameterError)

    def _scaled(self, X):
        X = X.tocsr() if sparse.issparse(X) else np.asarray(X, dtype=np.float64)
        return X if self._std is None else Scale(np.zeros_like(self._std), self._std).spread(X)

    def _features(self, X):
        return self.map_.features(self._scaled(X), self.kernel)

    def _table(self, data):
        return data.with_(X=self._features(data.X), inputs=None)

    def _keep(self, fitted):
        self.model_ = fitted
        if hasattr(fitted, "relation_"):
            self.relation_ = fitted.relation_

    # -- answers ----------------------------------------------------------------------------

    def _outputs(self, X, name):
        return self._answering(X)(name)

    def _answering(self, X):
        Z = self._features(X)
        return lambda name: self.model_._outputs(Z, name)

    def _reader(self):
        return Reader(self)

    def _known(self, names):
        self.model_._known(names)

    def adapt(self, X, y, *, sample_weight=None):
        """A model of a new task by the model inside, on the features of the old landmarks.

        Parameters
        ----------
        X : array (n, d)
        y : array (n,)
        sample_weight : array (n,), optional
        """
        inner = self.model_.adapt(self._features(self._inputs(X)), y, sample_weight=sample_weight)
        new = clone(self)
        new.__dict__ |= {k: v for k, v in self.__dict__.items() if k.endswith("_") or k == "_std"}
        new.tasks_, new.task_names_, new._form = inner.tasks_, inner.task_names_, inner._form
        new._keep(inner)
        return new

    # -- what the method offers -------------------------------------------------------------

    def grid(self, data):
        """Kernels from the smoothest, each with the candidates of the model inside."""
        self._check()
        found = []
        shell = clone(self)
        shell._look(data)
        for kernel in self.kernel.grid(shell.map_.landmarks):
            shell.kernel = kernel
            shell._look(data)
            for candidate in self._inner().grid(shell._table(data)):
                inner = {f"model__{key}": value for key, value in candidate.items()}
                found.append({"kernel": kernel} | inner)
        return found

    def fit_path(self, data, candidates):
        """Features once per kernel, then the path of the model inside."""
        for kernel, some in groupby(candidates, lambda one: one.get("kernel", self.kernel)):
            some = list(some)
            if any(
                key != "kernel" and not key.startswith("model__") for one in some for key in one
            ):
                yield from super().fit_path(data, some)
                continue
            shell = clone(self).set_params(kernel=kernel)
            shell._of_tasks(data)
            shell.tasks_, shell.task_names_ = data.tasks, data.names
            shell._look(data)
            yield from self._along(shell, data, some)

    def _along(self, shell, data, candidates):
        inner = [
            {key.removeprefix("model__"): value for key, value in one.items() if key != "kernel"}
            for one in candidates
        ]
        path = self._inner().fit_path(shell._table(data), inner)
        for params, fitted in zip(candidates, path, strict=True):
            out = clone(self).set_params(**params)
            out.__dict__ |= {
                k: v for k, v in shell.__dict__.items() if k not in out.get_params(False)
            }
            out._keep(fitted)
            if self._bare_kind == "class":
                out.classes_ = fitted.classes_
            yield out

    def alone(self):
        """The model inside in its per-task form, on the same features."""
        inner = self._inner().alone()
        return None if inner is None else clone(self).set_params(model=inner)

    def __sklearn_tags__(self):
        tags = tags_like(super().__sklearn_tags__(), self._inner())
        tags.input_tags.sparse = True
        return tags
