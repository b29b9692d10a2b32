"""Peers that are Python packages."""

import numpy as np
from scipy import sparse

from linear_wing.peers.base import Peer, equal_sizes, stacked

MOST = 100_000  # epochs: a peer is stopped by its tolerance, not by this


def _scikit_learn(case, _, tol):
    from sklearn.linear_model import MultiTaskLasso

    X, Y = case.tables[0]
    model = MultiTaskLasso(fit_intercept=False, tol=tol, max_iter=MOST, warm_start=True)
    return [model.set_params(alpha=a).fit(X, Y).coef_.T.copy() for a in case.strengths]


def _celer(case, _, tol):
    from celer.homotopy import mtl_path

    X, Y = case.tables[0]
    coef = mtl_path(X, Y, alphas=np.asarray(case.strengths), tol=tol, max_iter=100)[1]
    return [coef[:, :, i].T for i in range(len(case.strengths))]


def _skglm(case, _, tol):
    from skglm.datafits import QuadraticMultiTask
    from skglm.penalties import L2_1
    from skglm.solvers import MultiTaskBCD

    X, Y = case.tables[0]
    solver = MultiTaskBCD(tol=tol, fit_intercept=False, max_iter=100)
    W, found = None, []
    for alpha in case.strengths:
        XW = None if W is None else X @ W
        W = solver.solve(X, Y, QuadraticMultiTask(), L2_1(alpha), W, XW)[0]
        found.append(W.copy())
    return found


def _adelie(case, _, tol):
    import adelie

    X, Y = case.tables[0]
    d, T = case.n_features, case.n_tasks
    # its loss is divided by the number of responses
    state = _grpnet(
        X, adelie.glm.multigaussian(np.ascontiguousarray(Y)), np.array(case.strengths) / T, d, tol
    )
    return [beta.reshape(d, T) for beta in state.betas.toarray()]


def _grpnet(X, glm, strengths, d, tol, **options):
    import adelie

    return adelie.grpnet(
        X,
        glm,
        lmda_path=strengths,
        penalty=np.ones(d),
        intercept=False,
        early_exit=False,
        progress_bar=False,
        tol=tol,
        **options,
    )


def _mutar(case, data, tol):
    from mutar import GroupLasso

    X, Y = data
    scale = 1.0 if case.shared else 1 / Y.shape[1]
    found = []
    for alpha in case.strengths:
        model = GroupLasso(alpha * scale, fit_intercept=False, tol=tol, max_iter=MOST)
        found.append(model.fit(X, Y).coef_)
    return found


def _mutar_dirty(case, data, tol):
    from mutar import DirtyModel

    X, Y = data
    alpha = case.strengths[0] / Y.shape[1]
    model = DirtyModel(
        alpha, alpha * case.price.own, fit_intercept=False, tol=tol, max_iter=MOST
    ).fit(X, Y)
    return [(model.coef_shared_, model.coef_specific_)]


def block_diagonal(case):
    """One design for all tasks, columns of one feature side by side: a group per feature."""
    T, d = case.n_tasks, case.n_features
    X = sparse.block_diag([X for X, _ in case.tables], "csc")
    order = np.arange(T * d).reshape(T, d).T.ravel()
    return X[:, order], np.concatenate([y for _, y in case.tables]), T


def _skglm_groups(case, data, tol):
    from skglm.datafits.group import QuadraticGroup
    from skglm.penalties import WeightedGroupL2
    from skglm.solvers import GroupBCD

    X, y, T = data
    groups, d = np.arange(X.shape[1], dtype=np.int32), X.shape[1] // T
    starts = (T * np.arange(d + 1)).astype(np.int32)
    penalty = WeightedGroupL2(case.strengths[0] / len(y), np.ones(d), starts, groups)
    solver = GroupBCD(tol=tol, max_iter=1000)
    return [solver.solve(X, y, QuadraticGroup(starts, groups), penalty)[0].reshape(d, T)]


def _celer_groups(case, data, tol):
    from celer import GroupLasso

    X, y, T = data
    model = GroupLasso(T, case.strengths[0] / len(y), tol=tol, fit_intercept=False)
    return [model.fit(X, y).coef_.reshape(-1, T)]


def _adelie_groups(case, data, tol):
    import adelie

    X, y, T = data
    d = X.shape[1] // T
    state = _grpnet(
        adelie.matrix.sparse(X, method="naive"),
        adelie.glm.gaussian(y),
        np.array(case.strengths) / len(y),
        d,
        tol,
        groups=T * np.arange(d),
    )
    return [state.betas.toarray()[0].reshape(d, T)]


SHARED, OWN = "rows, shared", "rows, own"
WAY = "block-diagonal"
PYTHON = (
    Peer("scikit-learn", SHARED, _scikit_learn, needs="sklearn"),
    Peer("celer", SHARED, _celer, needs="celer"),
    Peer("skglm", SHARED, _skglm, needs="skglm"),
    Peer("adelie", SHARED, _adelie, needs="adelie"),
    Peer("mutar", SHARED, _mutar, stacked, "mutar", lambda case: len(case.strengths) == 1),
    Peer(f"skglm, {WAY}", OWN, _skglm_groups, block_diagonal, "skglm"),
    Peer(f"celer, {WAY}", OWN, _celer_groups, block_diagonal, "celer"),
    Peer(f"adelie, {WAY}", OWN, _adelie_groups, block_diagonal, "adelie"),
    Peer("mutar", OWN, _mutar, stacked, "mutar", equal_sizes),
    Peer("mutar", "dirty-l2", _mutar_dirty, stacked, "mutar", equal_sizes),
)
