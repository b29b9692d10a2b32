"""What a fitted net of the deep wing answers, and how it is kept in a file."""

import copy

import numpy as np
import torch
from scipy import sparse
from sklearn.utils.validation import check_is_fitted

from polytask.answers import none
from polytask.deep.front import built
from polytask.deep.losses import Quantile
from polytask.deep.targets import asked, read, targets
from polytask.deep.train import Stream, one_thread
from polytask.deep.train.patience_each import BestOfEach
from polytask.door.columns import coded
from polytask.errors import DataError, UnsupportedError, require

# Rows at once at prediction.
CHUNK = 8192


class Answering:
    """The side of a deep estimator that reads its net; mixed in before a `Model`."""

    # -- inputs -----------------------------------------------------------------------------

    def _of_tasks(self, data):
        """Categories are welcome, with gaps; numbers have none."""
        if not data.has_categories:
            return super()._of_tasks(data)
        for j, column in enumerate(data.inputs):
            gaps = column.levels is None and int(np.isnan(data.X[:, j]).sum())
            require(
                not gaps,
                f"Input column {column.name!r} has {gaps} gaps in {data.n_rows} rows. Fill or drop "
                f"it, or use Prepared({type(self).__name__}(...), impute='median').",
                DataError,
            )
        self._columns_of(data)
        return data

    def _categories(self):
        return any(column.levels is not None for column in self.inputs_)

    def _inputs(self, X):
        """Codes ``(n, d)`` from a data frame by column name, or from an array by position."""
        check_is_fitted(self)
        if not self._categories():
            return super()._inputs(X)
        X = coded(X, self.inputs_) if hasattr(X, "columns") else np.asarray(X, dtype=np.float64)
        require(
            X.ndim == 2 and X.shape[1] == self.n_features_in_,
            f"Expected {self.n_features_in_} input columns. Found shape {X.shape}.",
            DataError,
        )
        return X

    def _numbers(self, X):
        X = X.toarray() if sparse.issparse(X) else X
        return torch.as_tensor(self._units.inputs.transform(X), dtype=torch.float64)

    # -- what was learnt --------------------------------------------------------------------

    @property
    def couplings_(self):
        """What ties the tasks, a dict of name -> `Coupling`: values, meaning, axes."""
        check_is_fitted(self)
        return self._net.couplings()

    @property
    def weights_(self):
        """Effective weight of every task at the end of training, a dict."""
        check_is_fitted(self)
        return dict(zip(self.task_names_, self.history_["weights"][-1].tolist()))

    # -- answers ----------------------------------------------------------------------------

    def _outputs(self, X, name):
        return self._answers(X, (name,))[name]

    def _all(self, X):
        return self._answers(X, self.task_names_)

    def _answers(self, X, names):
        """Answers for these tasks, a dict, by one pass through the net."""
        return {name: self._answer(name, outputs) for name, outputs in self._raw(X, names).items()}

    def _answer(self, name, outputs):
        answer = self._net.targets[self.task_names_.index(name)].loss.answer(outputs)
        return self._labels(name, answer) if answer.ndim == 1 else answer.numpy()

    @torch.no_grad()
    def _raw(self, X, names):
        """What the net says of these tasks ``(n, o)``, behind what their losses read."""
        aims = self._net.targets
        wanted, parts = asked(aims, names), []
        with one_thread(self._net):
            for i in range(0, X.shape[0], CHUNK):
                found = read(aims, self._net(self._numbers(X[i : i + CHUNK]), wanted))
                parts.append([found[name] for name in names])
        return {name: torch.cat(one) for name, one in zip(names, zip(*parts), strict=True)}

    def _labels(self, name, numbers):
        """Numbers of a net in units of a task's labels."""
        t, unit = self.task_names_.index(name), self._units.labels
        return numbers.numpy() * unit.std[t] + unit.mean[t]

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
        return {
            name: self._labels(name, losses[name].quantiles(out))
            for name, out in self._raw(X, tuple(named)).items()
        }

    def predict_each(self, data):
        """As of every model; tasks that share rows are answered together."""
        known = [one for one in data if one.n and one.task.name in getattr(self, "task_names_", ())]
        if sum(one.n for one in known) < 2 * data.n_rows or data.n_features != self.n_features_in_:
            return super().predict_each(data)
        found = self._answers(data.X, tuple(one.task.name for one in known))
        rest = {one.task.name: none(one.task.kind) for one in data if not one.n}
        return rest | {one.task.name: found[one.task.name][one.rows] for one in known}

    # -- files ------------------------------------------------------------------------------

    def _started(self, sharing, seed):
        """The net of a sharing at its start."""
        aims = targets(self.tasks_, self.loss)
        with Stream(seed):
            return built(sharing, aims, self.n_features_in_, self._units.inputs)

    def _state(self):
        """The weights of the net by name; every other fact is a plain value already."""
        # they were trained in float32, so nothing is lost
        return {name: value.float().numpy() for name, value in self._net.state_dict().items()}

    def _restore(self, state):
        """Build the net again, and give it these weights."""
        net = self._started(self.sharing, 0)
        if self._places is not None:
            count = 1 + max(self._places.values())
            net = BestOfEach([copy.deepcopy(net) for _ in range(count)], self._places)
        net.load_state_dict({name: torch.as_tensor(np.asarray(v)) for name, v in state.items()})
        self._net = net.eval().double()
