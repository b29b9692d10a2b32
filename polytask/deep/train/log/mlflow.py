"""Metrics in MLflow."""

import re

from polytask.deep.train.log.base import Sink, facts
from polytask.errors import extra

# What MLflow takes in the name of a metric.
STRANGE = re.compile(r"[^\w\-. :/]")


class MLflow(Sink):
    """Write metrics into the active run of MLflow, or into a new one that ends with the training.

    What MLflow refuses in the name of a task becomes ``_``.

    Parameters
    ----------
    parameters : dict, optional
        What the run is said to have been: settings, a model's ``repr``.

    Raises
    ------
    MissingExtraError
        Without ``polytask[log]``.

    Examples
    --------
    >>> for step in deep.logged(run, deep.MLflow({"net": repr(sharing)})):  # doctest: +SKIP
    ...     pass
    """

    def __init__(self, parameters=None):
        self._mlflow = extra("mlflow", "log")
        self._own = self._mlflow.active_run() is None
        if self._own:
            self._mlflow.start_run()
        if parameters:
            self._mlflow.log_params(parameters)

    def write(self, step):
        """A point per metric."""
        values = {STRANGE.sub("_", name): value for name, value in facts(step).items()}
        self._mlflow.log_metrics(values, step=step.number)

    def close(self):
        """End the run, where it was started here."""
        if self._own:
            self._mlflow.end_run()
