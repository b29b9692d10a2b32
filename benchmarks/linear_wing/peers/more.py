"""Peers on sparse tables, in float32, and with the logistic loss."""

import numpy as np

from linear_wing.peers.base import Peer
from linear_wing.peers.python import MOST, _adelie, _grpnet, _scikit_learn, _skglm


def _liblinear(case, _, tol):
    from sklearn.linear_model import LogisticRegression

    X, Y = case.tables[0]
    C = case.scale / case.strengths[0]
    model = LogisticRegression(
        C=C, l1_ratio=1, solver="liblinear", fit_intercept=False, tol=tol, max_iter=MOST
    )
    return [model.fit(X, Y[:, 0]).coef_.T]


def _celer_logistic(case, _, tol):
    from celer import LogisticRegression

    X, Y = case.tables[0]
    C = case.scale / case.strengths[0]
    model = LogisticRegression(C=C, tol=tol, fit_intercept=False)
    return [model.fit(X, Y[:, 0]).coef_.T]


def _skglm_logistic(case, _, tol):
    from skglm import SparseLogisticRegression

    X, Y = case.tables[0]
    model = SparseLogisticRegression(case.strengths[0], tol=tol, fit_intercept=False)
    return [model.fit(X, Y[:, 0]).coef_.T]


def _adelie_logistic(case, _, tol):
    import adelie

    X, Y = case.tables[0]
    glm = adelie.glm.binomial(np.ascontiguousarray(Y[:, 0]))
    options = {"irls_tol": tol}
    state = _grpnet(X, glm, np.array(case.strengths), case.n_features, tol, **options)
    return [state.betas.toarray().T]


def _adelie_sparse(case, data, tol):
    import adelie

    Y = np.ascontiguousarray(case.tables[0][1])
    d, T = case.n_features, case.n_tasks
    glm, strengths = adelie.glm.multigaussian(Y), np.array(case.strengths) / T
    state = _grpnet(adelie.matrix.sparse(data, method="naive"), glm, strengths, d, tol)
    return [beta.reshape(d, T) for beta in state.betas.toarray()]


def _celer_single(case, _, tol):
    from celer.homotopy import mtl_path

    X, Y = case.tables[0]
    return [mtl_path(X, Y, alphas=np.asarray(case.strengths), tol=tol, max_iter=100)[1][:, :, 0].T]


MORE = (
    Peer("scikit-learn", "logistic", _liblinear, needs="sklearn"),
    Peer("celer", "logistic", _celer_logistic, needs="celer"),
    Peer("skglm", "logistic", _skglm_logistic, needs="skglm"),
    Peer("adelie", "logistic", _adelie_logistic, needs="adelie"),
    Peer("scikit-learn", "sparse", _scikit_learn, needs="sklearn"),
    Peer("skglm", "sparse", _skglm, needs="skglm"),
    Peer("adelie", "sparse", _adelie_sparse, lambda case: case.tables[0][0], "adelie"),
    Peer("scikit-learn", "float32", _scikit_learn, needs="sklearn"),
    Peer("celer", "float32", _celer_single, needs="celer"),
    Peer("skglm", "float32", _skglm, needs="skglm"),
    Peer("adelie", "float32", _adelie, needs="adelie"),
)
