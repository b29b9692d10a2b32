"""Linear models whose strength is chosen by cross-validation."""

from typing import ClassVar

from polytask.linear.model import LinearClassifier, LinearModel
from polytask.linear.path.search import _LinearCV
from polytask.model import Classifier, Regressor

REPEATED = "folds are dealt by row, so that a repeated row may be on both sides; a weight is not"


class LinearModelCV(Regressor, _LinearCV):
    """Fit a linear model at the strength that held-out rows choose.

    Every fold's training part is fitted along one path of strengths; the strength with the smallest
    mean error on the held-out rows, or the strongest within one standard error of it, is fitted on
    all rows. Splits, standardised errors, rows with gaps and groups are those of `report.compare`.

    Parameters
    ----------
    model : LinearModel or Penalty, optional
        Its options are kept, its strength is chosen. Default: ``LinearModel()``.
    points : int
        Strengths, geometric; for every value of the second one.
    weakest : float, optional
        The last strength relative to the scale of the problem; default: the penalty's own.
    alphas : sequence of float, optional
        These strengths instead.
    seconds : sequence of float, optional
        Values of the second strength (`Split`: the own part's, `ElasticNet`: ``l1_ratio``, ...);
        default: the penalty's own.
    folds : int, or list of (train, test)
        Row numbers or masks where folds are given.
    by : {"within", "row", "group", "time"}, optional
        How rows are dealt; see `Tasks.folds`.
    metric : str, optional
        Default: mean squared error over the variance of the task's training labels, or one minus
        the default metric of the task's kind; the mean over tasks.
    select : {"min", "1se"}
        The smallest mean error, or the strongest within one standard error of it.
    alpha_per_task : bool
        A strength for every task, where the penalty ties none (`L1`, `L2`, `ElasticNet`,
        `PerTask`).
    task_column : str or int, optional
        The column of X that names the task of a line.
    random_state : int
        Of the dealing.
    n_jobs : int, optional
        Workers for folds, as in joblib. It never changes a number.

    Attributes
    ----------
    model_ : LinearModel
        Fitted on all rows.
    alpha_ : float, or array (T,) with ``alpha_per_task``
    best_penalty_, best_index_ : what was chosen, and its place among the K candidates; a tuple and
        an array with ``alpha_per_task``
    best_error_ : float
    alphas_ : array (K,)
        Falling; ``penalties_`` are the candidates themselves.
    cv_errors_ : array (folds, K)
    cv_task_errors_ : array (folds, K, T)
    cv_mean_, cv_se_ : arrays (K,)
    coef_, intercept_, outputs_, relation_, objective_, dual_gap_, n_iter_
        Of ``model_``.

    Notes
    -----
    Work that folds share is done once: with more rows than features, second moments are made for
    each fold, and a training part has the sum of the others'.

    References
    ----------
    Breiman, Friedman, Olshen, Stone. Classification and regression trees. 1984. Section 3.4.3.
    Friedman, Hastie, Tibshirani. Regularization paths for generalized linear models via coordinate
    descent. Journal of Statistical Software 2010.

    Examples
    --------
    >>> from sklearn.datasets import load_linnerud
    >>> from polytask.linear import L21, LinearModel, LinearModelCV
    >>> X, Y = load_linnerud(return_X_y=True)
    >>> model = LinearModelCV(LinearModel(L21(), scale=True), points=20, select="1se").fit(X, Y)
    >>> model.best_penalty_
    L21(alpha=12.1395)
    """

    _plain = LinearModel
    _expected_failed_checks: ClassVar[dict[str, str]] = {
        "check_sample_weight_equivalence_on_dense_data": REPEATED,
        "check_sample_weight_equivalence_on_sparse_data": REPEATED,
    }


class LinearClassifierCV(Classifier, _LinearCV):
    """Fit linear classifiers at the strength that held-out rows choose.

    As `LinearModelCV`, for bare labels that are classes.

    Parameters
    ----------
    model : LinearClassifier or Penalty, optional
    points, weakest, alphas, seconds, folds, by, metric, select, alpha_per_task, task_column, \
random_state, n_jobs
        As in `LinearModelCV`.

    Attributes
    ----------
    model_ : LinearClassifier
        Fitted on all rows; the rest as in `LinearModelCV`.
    classes_ : array, or a list of arrays for several label columns

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from polytask.linear import L2, LinearClassifierCV
    >>> X, y = load_iris(return_X_y=True)
    >>> LinearClassifierCV(L2(), points=5).fit(X, y == 2).score(X, y == 2) > 0.95
    True
    """

    _plain = LinearClassifier
