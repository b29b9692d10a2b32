"""What every solver obeys with every penalty and loss that it takes; found by walking."""

import warnings

import numpy as np
import pytest
from laws.found import classes
from linear import losses, oracle
from sklearn.exceptions import ConvergenceWarning

from polytask.errors import UnsupportedError
from polytask.linear import L1, L2, MCP, GraphFused, LinearModel, Weighted
from polytask.linear.build import build
from polytask.linear.penalties import Penalty
from polytask.linear.solvers import Solver, automatic

SOLVERS = [solver for one in classes(Solver) for solver in one.examples()]
PENALTIES = [next(iter(one.examples())) for one in classes(Penalty)]
TOL = 1e-8


def data(word):
    """Own rows per task, of every kind; without a task that has one class only."""
    if word in NAMED or word in ("poisson", "cox"):
        kind = losses.LOSSES[word][1]
        sets = losses.tables(kind)
        if kind == "binary":
            sets = {name: flipped(sets[name]) for name in "ad"}
        return losses.stacked(sets, kind)
    numbers, sorts, many = oracle.regression(), oracle.binary(), oracle.multiclass()
    sets = {
        "squared": numbers,
        "logistic": {"a": flipped(sorts["a"]), "d": flipped(sorts["d"])},
        "multinomial": many,
        "mixed": {"n": numbers["a"], "s": flipped(sorts["d"])},
    }[word]
    kinds = {"squared": "regression", "logistic": "binary", "multinomial": "multiclass"}
    names = dict.fromkeys(sets, kinds.get(word)) if word in kinds else None
    return oracle.tasks(sets, names or {"n": "regression", "s": "binary"})


def flipped(table):
    """Classes that no line separates: without a penalty there is an optimum then."""
    X, y = table
    return X, np.where(np.arange(len(y)) % 3 == 0, 1 - y, y)


def taken(solver, *first):
    """A loss and a penalty that the solver takes, the first ones where it can."""
    pairs = ((word, one) for word in LOSSES for one in (*first, *PENALTIES))
    return next(
        (word, one)
        for word, one in pairs
        if solver.refuses(PROBLEMS[word], one.bound(PROBLEMS[word].outputs)) is None
    )


# losses that no kind asks for by itself
NAMED = {word: losses.LOSSES[word][0] for word in ("huber", "squared_hinge", "hinge")}
LOSSES = ("squared", "logistic", "multinomial", "mixed", "poisson", "cox", *NAMED)
PROBLEMS = {word: build(data(word), scale=True, datafit=NAMED.get(word, "auto")) for word in LOSSES}
# every solver that takes smooth losses sees one with a kink as one that it refuses
TAKEN = {
    word: [one for one in SOLVERS if one.kinks or not PROBLEMS[word].kinked] for word in LOSSES
}
TRIPLES = [
    (solver, penalty, word)
    for word in LOSSES
    for solver in TAKEN[word]
    for penalty in PENALTIES
    if solver.refuses(PROBLEMS[word], penalty.bound(PROBLEMS[word].outputs)) is None
]
triples = pytest.mark.parametrize(("solver", "penalty", "word"), TRIPLES, ids=repr)


@triples
def test_a_solver_reaches_the_optimum_that_it_proves(solver, penalty, word):
    problem = PROBLEMS[word]
    penalty = penalty.bound(problem.outputs)
    solution = solver.solve(problem, penalty, tol=TOL, max_iter=100_000)
    best = automatic(problem, penalty).solve(problem, penalty, tol=1e-10, max_iter=100_000)
    assert solution.converged
    assert solution.gap <= TOL * problem.null.value
    assert solution.objective == pytest.approx(best.objective, abs=1.1 * TOL * problem.null.value)
    value = problem.at(solution.W).value + penalty.value(solution.W)
    assert solution.objective == pytest.approx(value, rel=1e-12)


@triples
def test_the_solution_is_a_fixed_point_of_the_proximal_step(solver, penalty, word):
    problem = PROBLEMS[word]
    penalty = penalty.bound(problem.outputs)
    solution = solver.solve(problem, penalty, tol=1e-10, max_iter=100_000)
    if problem.kinked:
        pytest.skip("a slope says nothing at a kink: its proof is the duality gap, see above")
    step = 1 / problem.steepness
    moved = penalty.prox(solution.W - step * problem.at(solution.W).gradient, step)
    # the step moves by at most sqrt(2 gap / L); the gap is 1e-10 of the null objective
    bound = np.sqrt(2 * step * max(solution.gap, 1e-13 * problem.null.value))
    assert np.linalg.norm(moved - solution.W) <= bound + 1e-9


@triples
def test_starting_at_the_optimum_ends_there(solver, penalty, word):
    problem = PROBLEMS[word]
    penalty = penalty.bound(problem.outputs)
    cold = solver.solve(problem, penalty, tol=TOL, max_iter=100_000)
    warm = solver.solve(problem, penalty, start=cold.W, tol=TOL, max_iter=100_000)
    # an interior point begins away from the border, wherever the optimum was
    assert warm.iterations <= 2 or solver.kinks
    assert abs(warm.objective - cold.objective) <= TOL * problem.null.value


@pytest.mark.parametrize("solver", SOLVERS, ids=repr)
def test_what_a_solver_does_not_take_it_refuses_by_name(solver):
    refused = []
    for penalty in PENALTIES:
        for word in LOSSES:
            problem = PROBLEMS[word]
            bound = penalty.bound(problem.outputs)
            if solver.refuses(problem, bound) is not None:
                refused.append((penalty, word))
                with pytest.raises(UnsupportedError, match=type(solver).__name__):
                    solver.solve(problem, bound)
    if type(solver).__name__ == "ProximalGradient":
        assert not any(penalty.convex and PROBLEMS[word].bounded for penalty, word in refused)
    else:
        assert refused


@pytest.mark.parametrize("word", [word for word in LOSSES if not PROBLEMS[word].kinked])
@pytest.mark.parametrize("penalty", PENALTIES, ids=repr)
def test_the_automatic_choice_is_never_refused(penalty, word):
    problem = PROBLEMS[word]
    bound = penalty.bound(problem.outputs)
    assert automatic(problem, bound).refuses(problem, bound) is None


@pytest.mark.parametrize("solver", SOLVERS, ids=repr)
def test_not_converging_is_said_with_the_value_the_target_and_the_knob(solver):
    weighted = Weighted(L1(0.01), features=((0, 2.0),))
    word, penalty = taken(solver, L1(0.05), L2(0.01), MCP(0.01), weighted, GraphFused(0.01))
    if solver.refuses(PROBLEMS["logistic"], penalty) is None:
        word = "logistic"
    problem = PROBLEMS[word]
    if type(solver).__name__ == "Direct":
        pytest.skip("it does not iterate")
    with pytest.warns(ConvergenceWarning, match=r"is \d.*target is 1\.000e-12.*max_iter \(now 1\)"):
        solution = solver.solve(problem, penalty, tol=1e-12, max_iter=1)
    assert not solution.converged
    assert solution.gap > 1e-12 * problem.null.value


@pytest.mark.parametrize("solver", SOLVERS, ids=repr)
def test_a_solver_can_be_named_in_the_model(solver):
    word, penalty = taken(solver, L2(0.1), L1(0.05))
    options = {"datafit": NAMED.get(word, "auto")}
    model = LinearModel(penalty, solver=solver, tol=1e-10, **options).fit(data(word))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        again = LinearModel(penalty, **options).fit(data(word))
    # a ridge of 0.1 holds coefficients to sqrt(2 * 1e-6 / 0.1) where the default tolerance ends
    np.testing.assert_allclose(model.coef_, again.coef_, atol=5e-3)
    assert model.objective_ == pytest.approx(again.objective_, rel=1e-6)
