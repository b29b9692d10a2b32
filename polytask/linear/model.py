"""Linear models of several tasks: a datafit per task, one penalty on all coefficients, a solver."""

from polytask.linear.chunked import _Chunked
from polytask.linear.estimator import _Linear
from polytask.model import Classifier, Regressor


class LinearModel(Regressor, _Chunked):
    r"""Fit linear models of several tasks together.

    Minimises, over coefficients W ``(d, P)`` and free intercepts b ``(P,)``,

    ``sum_t (omega_t / n_t) sum_i w_ti loss_t(y_ti, x_i' w_t + b_t) + penalty(W)``

    with ``n_t = sum_i w_ti``. With shared inputs and no gaps ``L21(a)`` is scikit-learn's
    ``MultiTaskLasso(alpha=a)``, ``L1(a)`` its ``Lasso(alpha=a)``, ``L2(a)`` its
    ``Ridge(alpha=a * n)``.

    Parameters
    ----------
    penalty : Penalty, optional
        What is paid for coefficients, and how tasks are tied. Default: ``L2(0.1)``.
    datafit : "auto", Datafit, or dict of task name -> Datafit
        "auto" is the loss of each task's kind: `Squared`, `Logistic`, `Multinomial`, `Poisson` or
        `Cox`; kinds may mix. `Huber`, `SquaredHinge` and `Hinge` are asked for by name. A dict
        gives tasks losses of their own; the others keep theirs.
    solver : "auto" or Solver
        "auto" follows from what penalty and datafits say of themselves; the rules are written at
        `polytask.linear.solvers.automatic`.
    fit_intercept : bool or "penalised"
        True: a free intercept per output, never penalised. "penalised": the coefficient of a
        column of ones, which the penalty prices like any other, as the last feature.
    scale : bool
        Divide every column by its standard deviation before the penalty sees it; a row weighs once
        however many labels it has. ``coef_`` stays in the units of the inputs.
    task_weight : {"equal", "size"}, mapping of task name -> float, or array (T,)
        ``omega_t = 1``; ``n_t T / N``; or your own, positive. Tasks that a mapping does not name
        count 1.
    unknown_task : {"error", "mean"}
        A task that was not there at fitting: an error, or the mean of all tasks (the learned mean
        where the penalty has one).
    tol : float, > 0
        Converged when the certificate is at most ``tol`` times the objective at W = 0.
    max_iter : int
    warm_start : bool
        Start the next ``fit`` from the last coefficients.
    task_column : str or int, optional
        The column of X that names the task of a line.
    verbose : int
        1 prints a line per fit.

    Attributes
    ----------
    coef_ : array (P, d)
        A row per output; with one output per task ``(T, d)``.
    intercept_ : array (P,)
    outputs_ : tuple of P (task name, class or None)
    solution_ : Solution
        With ``objective``, ``gap``, ``converged`` and the certificate's name.
    objective_, dual_gap_ : float
    n_iter_ : int
    penalty_ : Penalty
        The penalty that was paid, for these outputs.
    relation_ : Relation
        Cosine of the tasks' coefficients, NaN where their outputs differ in number.
    scale_ : array (d,)
        What columns were divided by; ones without ``scale``.
    storage_ : str
        The number type in which the inputs were held: "float32" inputs stay what they are, are
        read in blocks, and all sums are float64.
    memory_ : int
        Bytes beside the inputs, as estimated before the fit began.
    moments_ : Moments
        What was learned from so far, after ``partial_fit`` or a fit on `Moments`.
    task_names_ : tuple of T str
    tasks_ : tuple of T Task
    n_features_in_ : int
    feature_names_in_ : array of d str
        Where the inputs had names.
    mean_, features_, rank_, structure_, clusters_, ...
        What the penalty learned: the common part ``(d,)`` (`MeanRegularised`), directions
        ``(d, k)`` and their number (`TraceNorm`, `SquaredTraceNorm`), a structure ``(h, d)``
        (`ASO`, `ConvexASO`), groups of tasks (`ConvexClustered`), and what its own page names.
    shared_coef_, own_coef_ : array (P, d)
        The two parts of ``coef_`` under `Split`.

    Notes
    -----
    More rows than memory: ``partial_fit``, or a fit on `Moments` of chunks; squared losses only.

    A new task: ``adapt`` where the penalty shares something; ``unknown_task="mean"`` assumes that
    it is like the average of the old ones. A task without labels gets what the penalty says of it
    (`MeanRegularised`: the mean, others: zero) and the mean intercept of tasks of its kind. With
    a penalised intercept the last row of ``solution_.W`` is ``intercept_``; a new task's intercept
    is free.

    Examples
    --------
    >>> from polytask.linear import L21, LinearModel
    >>> X, Y = [[0.0, 1.0], [1.0, 0.0], [2.0, 1.0], [3.0, 0.0]], [[0, 1], [2, 3], [4, 5], [6, 7]]
    >>> model = LinearModel(L21(0.5)).fit(X, Y)
    >>> model.coef_.round(3)
    array([[1.717, 0.   ],
           [1.717, 0.   ]])
    >>> model.solution_.converged
    True
    """


class LinearClassifier(Classifier, _Linear):
    """Fit linear classifiers of several tasks together.

    As `LinearModel`, for bare labels that are classes: the logistic loss for two classes, the
    multinomial loss for more, or support vector machines with ``datafit=SquaredHinge()`` and
    ``Hinge()``. ``LogisticRegression(C=c)`` of scikit-learn is ``L2(1 / (c n))``.

    Parameters
    ----------
    penalty, datafit, solver, fit_intercept, scale, task_weight, unknown_task, tol, max_iter, \
warm_start, task_column, verbose
        As in `LinearModel`.

    Attributes
    ----------
    coef_, intercept_, outputs_, solution_, objective_, dual_gap_, n_iter_, penalty_, relation_
        As in `LinearModel`.
    classes_ : array, or a list of arrays for several label columns

    Examples
    --------
    >>> from polytask.linear import L2, LinearClassifier
    >>> X, y = [[0.0], [1.0], [2.0], [3.0]], ["no", "no", "yes", "yes"]
    >>> LinearClassifier(L2(0.1)).fit(X, y).predict([[0.5], [2.5]])
    array(['no', 'yes'], dtype='<U3')
    """
