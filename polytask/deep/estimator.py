"""What the estimators of the deep wing have in common: units, held-out part, training, answers."""

import numpy as np
from sklearn.base import clone
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from polytask.deep.answering import CHUNK, Answering
from polytask.deep.balance import Equal
from polytask.deep.data import Table, Units
from polytask.deep.front import Front, opened
from polytask.deep.sharing import HardSharing
from polytask.deep.similarity import similarity
from polytask.deep.stop import watching
from polytask.deep.targets import targets
from polytask.deep.train import History, Update, one_thread, steps
from polytask.deep.train.patience_each import BestOfEach
from polytask.errors import DataError, UnsupportedError, require
from polytask.independent import Independent
from polytask.relation import Relation
from polytask.tasks import Tasks

# Fewer held-out rows say too little to stop by.
FEWEST_HELD = 10
SEEDS = 2**31 - 1


class DeepEstimator(Answering):
    """Fits a net on all tasks of a table; mixed into a `Model`.

    Training is in float32. The fitted net is kept in float64, so that the answer for a row does not
    depend on the rows that are asked beside it.
    """

    _teacher = None  # the model whose shared part a new task stands on, while it is fitted
    _tuned = False  # whether that part goes on learning

    _expected_failed_checks = {
        "check_parameters_default_constructible": (
            "defaults are slots, frozen values: with None, sharing__dropout could not be searched"
        ),
    }

    def __init__(
        self,
        sharing=HardSharing(),  # noqa: B008  frozen
        balance=Equal(),  # noqa: B008  frozen
        *,
        loss=None,
        epochs=100,
        batch_size=64,
        learning_rate=3e-3,
        weight_decay=0.01,
        patience=20,
        validation=0.1,
        stop="mean",
        update=Update(),  # noqa: B008  frozen
        scale=True,
        warm_start=False,
        random_state=None,
        device=None,
        task_column=None,
        verbose=0,
    ):
        self.sharing = sharing
        self.balance = balance
        self.loss = loss
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.patience = patience
        self.validation = validation
        self.stop = stop
        self.update = update
        self.scale = scale
        self.warm_start = warm_start
        self.random_state = random_state
        self.device = device
        self.task_column = task_column
        self.verbose = verbose

    # -- fitting ----------------------------------------------------------------------------

    def _fit(self, data):
        self._check()
        self.inputs_ = data.inputs if self._teacher is None else self._teacher.inputs_
        start, cut, order = check_random_state(self.random_state).randint(SEEDS, size=3).tolist()
        # rows without a label say nothing, and must not move a draw
        data = data.take(np.flatnonzero(data.row_weight))
        if not self._goes_on(data):
            self._units = self._units_of(data)
        net = self._learnt(self.sharing, data, (start, cut, order), self.stop)
        with one_thread(net):
            self._net = net.eval().cpu().double()
            self.relation_ = self._related(data)

    def _units_of(self, data):
        units = self._standard(data) if self.scale else Units.own(data)
        if self._teacher is not None:
            return Units(self._teacher._units.inputs, units.labels)
        return Units(Front.over(units.inputs, data.inputs), units.labels)

    def _goes_on(self, data):
        """Whether a fit begins where the last one ended: with the same tasks and columns."""
        return bool(
            self.warm_start
            and hasattr(self, "_net")
            and [aim.task for aim in self._net.targets] == list(data.tasks)
            and len(self._units.inputs.mean) == data.n_features
        )

    def _learnt(self, sharing, data, seeds, stop):
        """The trained net of a sharing, after that which it has to follow."""
        start, cut, order = seeds
        net = self._started(sharing, start).to(self.device or "cpu")
        if self._teacher is not None:
            self._stand_on(self._teacher, net)
        elif self._goes_on(data):
            net.load_state_dict(self._net.state_dict())
        elif sharing.before() is not None:
            net.follow(self._learnt(sharing.before(), data, seeds, "mean"))
        with one_thread(net):
            return self._train(net, data, cut, order, stop)

    def _related(self, data):
        """What the net has learnt of the tasks, or what their outputs have in common."""
        learnt = self._net.relation()
        if learnt is not None:
            return Relation(learnt[0], data.names, learnt[1])
        return similarity(*opened(self._net, self._numbers(data.X[:CHUNK])))

    def _standard(self, data):
        return Units.standard(data, targets(data.tasks, self.loss))

    def _check(self):
        name = type(self).__name__
        for option in ("epochs", "batch_size", "patience"):
            value = getattr(self, option)
            require(value >= 1, f"{name} needs {option} >= 1. Found {option}={value}.")
        require(
            self.learning_rate > 0,
            f"{name} needs learning_rate > 0. Found learning_rate={self.learning_rate}.",
        )
        require(
            0 <= self.validation < 1,
            f"{name} needs validation in [0, 1). Found validation={self.validation}.",
        )
        require(
            not (self.warm_start and self.stop == "each"),
            f"{name} goes on from one net, and stop='each' keeps several. Take stop='mean' with "
            "warm_start=True.",
        )

    def _stand_on(self, teacher, net):
        require(
            net.shared(),
            f"A new task needs a shared part to stand on, and {self.sharing!r} has none. "
            "Fit the new task by itself.",
            UnsupportedError,
        )
        try:
            net.adopt(teacher._net)
        except UnsupportedError as refusal:
            name = type(self.sharing).__name__
            raise UnsupportedError(f"{name} takes no new task here. {refusal}") from None
        if not self._tuned:
            net.keep_shared()

    def _train(self, net, data, cut, order, stop):
        like = next(net.parameters())
        train, held = self._hold_out(data, cut)
        history, patience = History(), watching(stop, net, self.patience)
        for step in steps(
            net,
            Table.of(train, like, units=self._units),
            self.balance,
            epochs=self.epochs,
            batch_size=self.batch_size,
            learning_rate=self.learning_rate,
            weight_decay=self.weight_decay,
            validation=held and Table.of(held, like, units=self._units),
            update=self.update,
            seed=order,
        ):
            history.add(step)
            self._tell(step)
            if patience.over(step):
                break
        best = patience.restore() or net
        self._places = best.places if isinstance(best, BestOfEach) else None
        self.history_ = history.arrays()
        self.n_iter_ = step.epoch
        return best

    def _hold_out(self, data, seed):
        """Training part, and the part that early stopping watches, or None."""
        if int(self.validation * data.n_rows) < FEWEST_HELD:
            return data, None
        grouped = data.groups is not None and len(np.unique(data.groups)) > 1
        return data.split(self.validation, seed=seed, by="group" if grouped else "row")

    def _tell(self, step):
        if self.verbose and step.ends_epoch:
            held = (
                ""
                if not step.validation
                else f", held out {np.mean([*step.validation.values()]):.4g}"
            )
            loss = step.losses[step.present].mean()
            print(f"epoch {step.epoch}: loss {loss:.4g}{held}")  # noqa: T201  asked for

    # -- what the method offers -------------------------------------------------------------

    def adapt(self, X, y=None, *, sample_weight=None, tune=False):
        """A model of a *new* task that begins with what this model shares; this one stays as it is.

        Parameters
        ----------
        X : array (n, d), or Tasks
        y : array (n,)
        sample_weight : array (n,), optional
        tune : bool
            What is shared goes on learning from where it stands; by default it is held fixed, and
            the task learns what is its own. The sharing says what that is.

        Returns
        -------
        A fitted model of the same class that knows the new task only.

        Raises
        ------
        UnsupportedError
            If the sharing shares nothing, or only what has a part for every task.
        DataError
            If X has other columns.
        """
        check_is_fitted(self)
        found = getattr(X, "n_features", None) or np.shape(X)[1]
        require(
            found == self.n_features_in_,
            f"A new task needs the {self.n_features_in_} input columns of the old ones. "
            f"Found {found} columns.",
            DataError,
        )
        X = X if isinstance(X, Tasks) or not self._categories() else self._inputs(X)
        new = clone(self).set_params(task_column=None, warm_start=False)
        new._teacher, new._tuned = self, tune
        new.fit(X, y, sample_weight=sample_weight)
        del new._teacher, new._tuned
        return new

    def grid(self, data):
        """Three strengths of weight decay, the strongest first."""
        return [{"weight_decay": decay} for decay in (1.0, 0.1, 0.01)]

    def alone(self):
        """The same net per task."""
        return Independent(clone(self))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags
