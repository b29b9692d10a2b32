"""Inputs made orthonormal inside groups of features, as Yuan and Lin's group lasso has them."""

import numpy as np
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from polytask.linear.penalties.feature_groups import groups_of
from polytask.linear.penalties.group_lasso import GroupLasso

# Directions of a group that are shorter than this part of its longest one carry nothing.
NOTHING = 1e-10


class OrthonormalGroups(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """Take `GroupLasso` on fitted values: its price is then ``|X_g W_g|_F / sqrt(n)`` per group.

    Every group of columns becomes one without mean whose Gram over n is the identity; features in
    no group are standardised. A group of lower rank is filled up with zeros.

    Parameters
    ----------
    groups : tuple of tuples of int
        As in `GroupLasso`; give both the same.

    Attributes
    ----------
    mean_ : array (d,)
    matrix_ : array (d, d)
        ``transform(X) = (X - mean_) @ matrix_``.

    Notes
    -----
    This is the standardised group lasso. It does not depend on how a group is coded (which level
    of a category is left out, which basis a polynomial has); the plain one does. Where tasks have
    their own rows, the groups are orthonormal over all rows together.

    References
    ----------
    Yuan, Lin. Model selection and estimation in regression with grouped variables. JRSS B 2006.
    Simon, Tibshirani. Standardization and the group lasso penalty. Statistica Sinica 2012.
    Survey: block-sparse regularisation.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 4.0], [3.0, 9.0]])
    >>> Z = OrthonormalGroups(groups=((0, 1),)).fit_transform(X)
    >>> (Z.T @ Z / len(Z)).round(6) + 0.0
    array([[1., 0.],
           [0., 1.]])
    """

    def __init__(self, groups=()):
        self.groups = groups

    def fit(self, X, y=None):
        """Learn the change of basis of every group from X ``(n, d)``."""
        X = validate_data(self, X, dtype=np.float64)
        label = groups_of(GroupLasso(groups=self.groups), X.shape[1]).label
        self.mean_ = X.mean(axis=0)
        self.matrix_ = np.zeros((X.shape[1], X.shape[1]))
        order = np.argsort(label, kind="stable")
        for group in np.split(order, np.flatnonzero(np.diff(label[order])) + 1):
            self.matrix_[np.ix_(group, group)] = _basis(X[:, group] - self.mean_[group])
        return self

    def transform(self, X):
        """The inputs in the new basis ``(n, d)``."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        return (X - self.mean_) @ self.matrix_

    def coefficients(self, coef):
        """Coefficients ``(P, d)`` of the new inputs as those of the old ones."""
        check_is_fitted(self)
        return np.asarray(coef) @ self.matrix_.T


def _basis(X):
    """A matrix that makes the columns of X orthonormal over n; zero where X has no such column."""
    _, s, Vt = np.linalg.svd(X, full_matrices=False)
    matrix = np.zeros((X.shape[1], X.shape[1]))
    kept = s > NOTHING * max(s.max(initial=0), np.finfo(np.float64).tiny)
    matrix[:, : kept.sum()] = Vt[kept].T * (np.sqrt(len(X)) / s[kept])
    return matrix
