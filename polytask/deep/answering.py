"""From the outputs of a fitted net to answers in the units of the labels."""

import torch
from scipy import sparse

from polytask.deep.losses import Quantile
from polytask.deep.targets import asked, read
from polytask.deep.train import one_thread
from polytask.errors import UnsupportedError, require

# Rows at once.
CHUNK = 8192


class Answering:
    """What an estimator says with the net ``_net`` that it has learnt in the units ``_units``."""

    def predict_quantiles(self, X):
        """Quantiles of the tasks whose loss is `Quantile` or `OrderedQuantile`, at all its levels.

        Parameters
        ----------
        X : array (n, d), or Tasks

        Returns
        -------
        dict of task name -> array (n, Q)
            Columns as the loss's ``levels``, in units of the labels.

        Raises
        ------
        UnsupportedError
            If no task has such a loss.
        """
        X, _ = self._question(X, None)
        losses = {aim.name: aim.loss for aim in self._net.targets}
        named = [name for name, loss in losses.items() if isinstance(loss, Quantile)]
        require(
            named,
            "Quantiles need a loss of quantiles, such as loss=OrderedQuantile((0.1, 0.5, 0.9)). "
            f"Found {self.loss!r}.",
            UnsupportedError,
        )
        return {n: self._labels(n, losses[n].quantiles(self._raw(X, n))) for n in named}

    def _outputs(self, X, name):
        loss = self._net.targets[self.task_names_.index(name)].loss
        answer = loss.answer(self._raw(X, name))
        return self._labels(name, answer) if answer.ndim == 1 else answer.numpy()

    @torch.no_grad()
    def _raw(self, X, name):
        """What the net says of a task ``(n, o)``, behind the outputs that its loss reads."""
        aims = self._net.targets
        names = asked(aims, (name,))
        parts = [self._numbers(X[i : i + CHUNK]) for i in range(0, X.shape[0], CHUNK)]
        with one_thread(self._net):
            return torch.cat([read(aims, self._net(part, names))[name] for part in parts])

    def _labels(self, name, numbers):
        """Numbers of a net in units of a task's labels."""
        t, unit = self.task_names_.index(name), self._units.labels
        return numbers.numpy() * unit.std[t] + unit.mean[t]

    def _numbers(self, X):
        X = X.toarray() if sparse.issparse(X) else X
        return torch.as_tensor(self._units.inputs.transform(X), dtype=torch.float64)
