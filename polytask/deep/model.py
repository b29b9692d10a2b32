"""Nets that learn several tasks, as scikit-learn estimators."""

from polytask.deep.estimator import DeepEstimator
from polytask.model import Classifier, Regressor


class DeepModel(DeepEstimator, Regressor):
    r"""Learn several tasks with one net; numbers by default, every kind from a `Tasks`.

    Minimises ``sum_t lambda_t (1 / n_t) sum_i w_ti loss_ti`` by AdamW on batches of rows, where
    ``n_t`` is the weight of the task's labels in the batch and the ``lambda_t`` are the balancer's.
    The loss is the squared error for numbers, in units of the task's deviation, and the
    cross-entropy for classes.

    Parameters
    ----------
    sharing : Sharing
        Which parts of the net serve which task.
    balance : Balancer
        How much every task counts.
    loss : Loss or dict of task name -> Loss, optional
        In place of the loss of a task's kind.
    epochs : int, >= 1
        Most passes over the rows.
    batch_size : int, >= 1
        Most rows per step.
    learning_rate : float, > 0
    weight_decay : float, >= 0
        Of AdamW, on matrices only.
    patience : int, >= 1
        Epochs without a better held-out loss after which training stops; the best weights are kept.
    validation : float in [0, 1)
        Share of the rows (of the groups, where the table has them) that is held out to stop by.
        A table of which this leaves fewer than 10 rows is trained for all epochs.
    stop : {"mean", "each"}, name of a task, or Watch
        What a better held-out loss is: the mean over the tasks; that of one task, which the others
        help; or each task's own, at the price of a copy of the net per unlike best epoch.
    update : Update
        Accumulation, clipping, precision, a schedule of the learning rate, rates of tasks.
    scale : bool
        Inputs, and numbers to predict, in standard units inside.
    warm_start : bool
        A second fit begins with the weights and units of the first one, where the tasks and the
        columns are the same.
    random_state : int, RandomState or None
        Of the start, the held-out part, the batches and dropout. torch's own stream is not touched.
    device : str or torch.device, optional
        Where training computes; default: the processor.
    task_column : str or int, optional
        The column of X that names the task of a line.
    verbose : int
        Above 0: a line per epoch.

    Attributes
    ----------
    history_ : dict of arrays (epochs, T)
        ``losses``, ``weights`` and ``validation``, NaN where there was none.
    weights_ : dict of task name -> float
        Effective weights at the end of training.
    relation_ : Relation
        Cosine of the tasks' input sensitivities.
    couplings_ : dict of name -> Coupling
        What the sharing has learnt about the tasks: values, meaning, axes.
    n_iter_ : int
        Epochs that were run.

    Notes
    -----
    Categorical columns of a `Tasks` become vectors that are learnt for all tasks; a gap and a level
    that training did not see have vectors of their own. Gaps in numbers are refused: wrap the model
    in `Prepared`.

    A task without a label in a batch has no loss and no gradient there. Training is in float32;
    answers are computed in float64, so that the answer for a row does not depend on its neighbours.

    References
    ----------
    Caruana. Multitask learning. Machine Learning 28, 1997.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import deep
    >>> X = np.random.default_rng(0).normal(size=(200, 5))
    >>> Y = np.column_stack([np.sin(X[:, 0]), np.sin(X[:, 0]) + X[:, 1]])
    >>> Y[::3, 1] = np.nan
    >>> model = deep.DeepModel(deep.HardSharing(deep.mlp(32)), random_state=0).fit(X, Y)
    >>> bool(model.score(X, Y) > 0.9)
    True
    >>> model.relation_["y0", "y1"] > 0.3
    True
    """


class DeepClassifier(DeepEstimator, Classifier):
    r"""Learn several tasks of classes with one net; bare labels are classes.

    As `DeepModel`, whose parameters and attributes it has, with cross-entropy for every task.

    Attributes
    ----------
    classes_ : array, or list of arrays
        The classes of the one task, or of every task.

    References
    ----------
    Caruana. Multitask learning. Machine Learning 28, 1997.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from polytask import deep
    >>> X, y = load_iris(return_X_y=True)
    >>> model = deep.DeepClassifier(deep.HardSharing(deep.mlp(16)), random_state=0).fit(X, y)
    >>> model.predict_proba(X).shape
    (150, 3)
    >>> bool(model.score(X, y) > 0.9)
    True
    """
