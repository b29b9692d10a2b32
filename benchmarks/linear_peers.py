"""Ourselves and the peers of the linear benchmark: each solves a `Case` at a tolerance.

A peer gives the coefficients ``(d, T)`` of every strength. What it makes of the arrays before it is
timed (`prepare`) is the form in which its own users would hold their data.
"""

import shutil
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from scipy import sparse

# Named in the survey of peers; there is no adapter for them here.
WITHOUT_ADAPTER = {"adelie": "adelie", "mutar": "mutar"}
PROGRAMS = {"glmnet": "Rscript", "RMTL": "Rscript", "MALSAR": "octave"}
MOST = 100_000  # epochs: a peer is stopped by its tolerance, not by this


@dataclass(frozen=True)
class Peer:
    """A solver of somebody, for cases where tasks share rows, or have their own.

    Attributes
    ----------
    name, package : str
    shared : bool
        Which cases it takes.
    prepare : callable
        ``(case) -> data``, not timed.
    solve : callable
        ``(data, case, tol) -> list of W (d, T)``, timed.
    """

    name: str
    package: str
    shared: bool
    prepare: callable
    solve: callable

    @property
    def installed(self):
        """Whether its package is here."""
        return find_spec(self.package) is not None


def absent():
    """Lines that name the peers which are not run."""
    lines = [f"{one.name}: {one.package} is not installed" for one in PEERS if not one.installed]
    for name, package in WITHOUT_ADAPTER.items():
        why = "has no adapter here" if find_spec(package) else "is not installed"
        lines.append(f"{name}: {why}")
    for name, program in PROGRAMS.items():
        why = "has no adapter here" if shutil.which(program) else f"needs {program}, not installed"
        lines.append(f"{name}: {why}")
    return lines


def _ours_shared(case, _, tol):
    from polytask import Tasks
    from polytask.linear import L21, LinearModel

    X, Y = case.tables[0]
    model = LinearModel(L21(case.strengths[0]), fit_intercept=False, tol=tol)
    if len(case.strengths) == 1:
        return [model.fit(X, Y).coef_.T]
    path = model.fit_path(
        Tasks.from_arrays(X, Y), [{"penalty": L21(alpha)} for alpha in case.strengths]
    )
    return [one.coef_.T for one in path]


def _ours_own(case, data, tol):
    from polytask.linear import L21, LinearModel

    # omega_t / n_t = T / N for every task
    alpha = case.strengths[0] * len(case.tables) / data.n_rows
    model = LinearModel(L21(alpha), fit_intercept=False, task_weight="size", tol=tol)
    return [model.fit(data).coef_.T]


def _stacked(case):
    from polytask import Tasks

    return Tasks.stack({f"t{t}": table for t, table in enumerate(case.tables)})


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


def _block_diagonal(case):
    """One design for all tasks, columns of one feature side by side: a group per feature."""
    T, d = len(case.tables), case.tables[0][0].shape[1]
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


OURS = {
    True: Peer("polytask", "polytask", True, lambda case: None, _ours_shared),
    False: Peer("polytask", "polytask", False, _stacked, _ours_own),
}
PEERS = (
    Peer("scikit-learn", "sklearn", True, lambda case: None, _scikit_learn),
    Peer("celer", "celer", True, lambda case: None, _celer),
    Peer("skglm", "skglm", True, lambda case: None, _skglm),
    Peer("skglm, block-diagonal", "skglm", False, _block_diagonal, _skglm_groups),
    Peer("celer, block-diagonal", "celer", False, _block_diagonal, _celer_groups),
)
