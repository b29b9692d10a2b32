"""Fits without rows: from sufficient statistics, and from chunks as they come."""

from sklearn.utils.metaestimators import available_if

from polytask.door.of import of
from polytask.errors import DataError, require
from polytask.inputs import needed
from polytask.linear.estimator import _Linear
from polytask.linear.moments import Moments
from polytask.tasks import Tasks


def _squared(model):
    """Whether no other loss is asked for: statistics suffice for the squared one alone."""
    named = model.datafit.values() if isinstance(model.datafit, dict) else (model.datafit,)
    return all(fit == "auto" or getattr(fit, "name", None) == "squared" for fit in named)


class _Chunked(_Linear):
    """A linear model that also learns from `Moments`, and by ``partial_fit``."""

    __metadata_request__partial_fit = {"tasks": True}

    def fit(self, X, y=None, *, tasks=None, sample_weight=None):
        """Learn all tasks together.

        Parameters
        ----------
        X : Tasks, Moments, or array, sparse matrix or data frame (n, d)
        y : array (n,) or (n, T), NaN where a label is missing
        tasks : sequence (n,) of names, optional
            The task of every line; then ``y`` is ``(n,)``.
        sample_weight : array (n,), or (n, T) where ``y`` has that shape

        Returns
        -------
        self

        Raises
        ------
        DataError, TaskError, UnsupportedError
        """
        self.__dict__.pop("moments_", None)
        if not isinstance(X, Moments):
            return super().fit(X, y, tasks=tasks, sample_weight=sample_weight)
        require(
            y is None and tasks is None and sample_weight is None,
            "Moments bring their labels and weights. Found y, tasks or sample_weight beside them.",
            DataError,
        )
        self._columns_of(X)
        return self._learn(X)

    @available_if(_squared)
    def partial_fit(self, X, y=None, *, tasks=None, sample_weight=None):
        """Learn from this chunk and all chunks before it: exactly the fit on all their rows.

        For squared losses only. What is kept of a chunk is its `Moments`, so that memory does not
        grow with the number of rows. After every chunk the model is ready; where only the last
        one matters, add up `Moments` and ``fit`` them once.

        Parameters
        ----------
        X, y, tasks, sample_weight
            As in ``fit``. A task may lack labels in a chunk, and new ones may come.

        Returns
        -------
        self

        Raises
        ------
        DataError, TaskError
            If columns or kinds of tasks are not those of the chunks before.
        UnsupportedError
            If a task has another loss than the squared one.

        Notes
        -----
        The first chunk after ``fit(X, y)`` begins anew, because rows are not kept; after
        ``fit(moments)`` chunks are added to those moments.
        """
        before = getattr(self, "moments_", None)
        moments = Moments.of(self._chunk(X, y, tasks, sample_weight, before))
        return self._learn(moments if before is None else before + moments)

    def _chunk(self, X, y, tasks, sample_weight, before):
        if isinstance(X, Tasks):
            if before is None:
                return self._of_tasks(of(X, y, tasks=tasks, sample_weight=sample_weight))
            require(not needed(X), "A chunk needs inputs of numbers, without gaps.", DataError)
            return X
        kinds = self._bare_kind if before is None else before.kinds_by_name
        options = {"reset": before is None, "kinds": kinds, "allow_empty": True}
        return self._of_arrays(X, y, tasks, sample_weight, **options)

    def _learn(self, moments):
        start = self.solution_.W if hasattr(self, "moments_") else None
        self.moments_, self.tasks_, self.task_names_ = moments, moments.tasks, moments.names
        self._given = (None, start)
        self._fit(moments)
        return self
