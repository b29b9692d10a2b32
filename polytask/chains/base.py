"""What stacking and chains have in common: one estimator, used task after task."""

from abc import abstractmethod

from polytask.answers import Reader
from polytask.chains.columns import METAS, WAYS
from polytask.errors import ParameterError, require
from polytask.independent import Independent, for_classes, tags_like
from polytask.model import Model


class _OverTasks(Model):
    """Models that give an estimator the other tasks as more inputs."""

    @property
    def _bare_kind(self):
        return "class" if for_classes(self.estimator) else "infer"

    def _check(self):
        for name, known in (("meta", METAS), ("chain_method", WAYS)):
            value = getattr(self, name)
            require(value in known, f"{name} is one of {known}. Found {value!r}.", ParameterError)
        require(
            not isinstance(self.cv, int) or self.cv >= 2,
            f"cv needs at least 2 folds. Found {self.cv!r}. Or give a splitter of scikit-learn.",
            ParameterError,
        )

    @abstractmethod
    def _answering(self, X):
        """A function from the name of a task to its outputs for X ``(n, d)``."""

    def _outputs(self, X, name):
        return self._answering(X)(name)

    def _reader(self):
        return Reader(self)

    def grid(self, data):
        """The candidates of the estimator inside, where it is one of ours: one for all tasks."""
        return Independent(self.estimator).grid(data)

    def alone(self):
        """The estimator task by task."""
        return Independent(self.estimator)

    def __sklearn_tags__(self):
        return tags_like(super().__sklearn_tags__(), self.estimator)
