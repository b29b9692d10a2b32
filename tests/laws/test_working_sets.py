"""What leaving features out obeys: over every penalty and form of data that a solver takes."""

from dataclasses import replace

import numpy as np
import pytest
from laws.found import classes
from scipy import sparse

from polytask import Tasks
from polytask.linear import LinearClassifier, LinearModel
from polytask.linear.build import build
from polytask.linear.penalties import Penalty
from polytask.linear.solvers import Solver, automatic

TOL = 1e-9
D = 24
RNG = np.random.default_rng(0)


def table(n, d=D):
    """Inputs with means, and outputs ``(n, 3)`` that few of them make."""
    X = RNG.normal(size=(n, d)) + 1
    W = np.zeros((d, 3))
    W[:3] = RNG.normal(size=(3, 3))
    return X, X @ W + 0.5 * RNG.normal(size=(n, 3))


def labelled(F, classes):
    """Numbers, or two classes, each of which every output has."""
    return (np.median(F, axis=0) < F).astype(float) if classes else F


def shared(n, classes, form=np.asarray, share=1.0):
    X, F = table(n)
    X *= RNG.random(X.shape) < share
    return Tasks.from_arrays(form(X), labelled(F, classes), kinds="class" if classes else None)


def own(classes):
    sets = {}
    for t, n in enumerate((14, 9, 20)):
        X, F = table(n)
        sets[f"t{t}"] = X, labelled(F, classes)[:, t]
    return Tasks.stack(sets, kinds="class" if classes else None)


def holes(classes):
    X, F = table(40)
    Y = labelled(F, classes)
    Y[RNG.random(Y.shape) < 0.25] = np.nan
    return Tasks.from_arrays(X, Y, kinds="class" if classes else None)


FORMS = {
    "few rows": lambda classes: shared(15, classes),
    "many rows": lambda classes: shared(60, classes),
    "own rows": own,
    "holes": holes,
    "sparse": lambda classes: shared(20, classes, sparse.csr_array, 0.3),
}
DATA = {
    (form, loss): make(loss == "logistic")
    for form, make in FORMS.items()
    for loss in ("squared", "logistic")
}
PROBLEMS = {key: build(data) for key, data in DATA.items()}
LEAVING = [
    solver for one in classes(Solver) for solver in one.examples() if hasattr(solver, "first")
]
PENALTIES = [next(iter(one.examples())) for one in classes(Penalty)]


def scaled(penalty, problem, share=0.3):
    """The penalty at a share of the strength that leaves nothing."""
    top = penalty.alpha_max(problem.null.gradient)
    return penalty.replace(alpha=share * top)


CASES = [
    (solver, penalty, key)
    for solver in LEAVING
    for penalty in PENALTIES
    for key, problem in PROBLEMS.items()
    if penalty.alpha > 0
    and solver.refuses(problem, penalty.bound(problem.outputs)) is None
    # working sets are for what is chosen: with a quadratic share only at great strength
    and np.isfinite(penalty.alpha_max(problem.null.gradient))
    # what another form is chosen for is another solver's affair
    and automatic(problem, penalty.bound(problem.outputs)) == solver
]
cases = pytest.mark.parametrize(("solver", "penalty", "key"), CASES, ids=repr)


def test_every_form_of_data_has_a_solver_that_leaves_features_out():
    assert {key for _, _, key in CASES} == set(PROBLEMS)
    assert len({type(solver) for solver, _, _ in CASES}) >= 2
    assert len({type(penalty) for _, penalty, _ in CASES}) >= 7


@cases
def test_leaving_features_out_changes_no_answer(solver, penalty, key):
    problem = PROBLEMS[key]
    one = scaled(penalty, problem).bound(problem.outputs)
    some = replace(solver, first=2).solve(problem, one, tol=TOL)
    every = replace(solver, first=D).solve(problem, one, tol=TOL)
    assert some.converged and every.screened == 0
    assert 0 <= some.screened <= D - np.count_nonzero(some.W.any(axis=1))
    assert abs(some.objective - every.objective) <= 1.1 * TOL * problem.null.value


@cases
def test_a_warm_start_ends_where_a_cold_one_does(solver, penalty, key):
    problem = PROBLEMS[key]
    near = scaled(penalty, problem, 0.5).bound(problem.outputs)
    one = scaled(penalty, problem, 0.2).bound(problem.outputs)
    start = solver.solve(problem, near, tol=TOL).W
    warm = replace(solver, first=2).solve(problem, one, start=start, tol=TOL)
    cold = replace(solver, first=2).solve(problem, one, tol=TOL)
    assert abs(warm.objective - cold.objective) <= 1.1 * TOL * problem.null.value


@cases
def test_a_path_gives_the_numbers_of_single_fits(solver, penalty, key):
    kind = LinearModel if key[1] == "squared" else LinearClassifier
    data, problem = DATA[key], PROBLEMS[key]
    candidates = [{"penalty": scaled(penalty, problem, share)} for share in (0.6, 0.4, 0.25)]
    model = kind(solver=solver, tol=TOL)
    for one, params in zip(model.fit_path(data, candidates), candidates, strict=True):
        alone = kind(solver=solver, tol=TOL, **params).fit(data)
        assert one.solution_.converged
        assert 0 <= one.solution_.excluded <= D - np.count_nonzero(one.solution_.W.any(axis=1))
        assert abs(one.objective_ - alone.objective_) <= 1.1 * TOL * problem.null.value
