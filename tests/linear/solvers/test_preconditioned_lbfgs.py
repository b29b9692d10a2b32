import warnings

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning

from polytask import Tasks
from polytask.errors import UnsupportedError
from polytask.linear import (
    L21,
    ConvexASO,
    ConvexClustered,
    LinearModel,
    PreconditionedLBFGS,
    ProximalGradient,
    ProximalNewton,
)
from polytask.linear.build import build
from polytask.linear.solvers.automatic import automatic

PENALTIES = (ConvexClustered(0.2, 3, between=0.05), ConvexASO(0.2, h=2, eta=0.05))


def uneven(seed=0, T=12, d=8):
    """Tasks with own rows, columns from a hundredth to a hundred, one without variance."""
    rng = np.random.default_rng(seed)
    unit = np.geomspace(0.01, 100, d)
    sets = {}
    for t in range(T):
        X = rng.normal(size=(10 + t, d)) * unit
        X[:, 3] = 1.0
        sets[f"t{t:02d}"] = (X, X @ (rng.normal(size=d) / unit) + rng.normal(size=10 + t))
    return Tasks.stack(sets)


@pytest.mark.parametrize("penalty", PENALTIES, ids=repr)
def test_unlike_columns_take_tens_of_steps_where_gradients_take_thousands(penalty):
    data = uneven()
    fast = LinearModel(penalty, solver=PreconditionedLBFGS(), tol=1e-8).fit(data)
    assert fast.solution_.converged
    assert fast.n_iter_ < 300
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        slow = LinearModel(penalty, solver=ProximalGradient(), tol=1e-8, max_iter=3000).fit(data)
    assert not slow.solution_.converged
    assert fast.objective_ < slow.objective_


@pytest.mark.parametrize("penalty", PENALTIES, ids=repr)
def test_shared_rows_have_one_set_of_coordinates(penalty):
    rng = np.random.default_rng(1)
    X, Y = rng.normal(size=(40, 6)), rng.normal(size=(40, 5))
    fast = LinearModel(penalty, solver=PreconditionedLBFGS(), tol=1e-10).fit(X, Y)
    slow = LinearModel(penalty, solver=ProximalGradient(), tol=1e-10).fit(X, Y)
    np.testing.assert_allclose(fast.coef_, slow.coef_, atol=1e-5)
    assert fast.objective_ == pytest.approx(slow.objective_, rel=1e-9)


def test_it_is_what_squared_losses_take_by_themselves():
    data = uneven()
    named = LinearModel(PENALTIES[0], solver=PreconditionedLBFGS()).fit(data)
    np.testing.assert_array_equal(LinearModel(PENALTIES[0]).fit(data).coef_, named.coef_)


def test_a_penalty_with_corners_is_refused_by_name():
    with pytest.raises(UnsupportedError, match=r"with a gradient that ties tasks.*Found L21"):
        LinearModel(L21(0.1), solver=PreconditionedLBFGS()).fit(np.eye(3), np.eye(3))


@pytest.mark.parametrize("share", [3.0, 0.1])
def test_clusters_of_classifiers_are_those_of_second_order_steps(share):
    # which stay the choice of solver="auto": on twelve tables of 10 to 20 tasks they took 0.3 to
    # 1.7 of the time of these, and least where strengths are small
    rng = np.random.default_rng(2)
    X, W = rng.normal(size=(80, 6)), rng.normal(size=(6, 2))[:, [0, 0, 1, 1, 1]]
    data = Tasks.from_arrays(X, (X @ W + rng.logistic(size=(80, 5)) > 0).astype(int), kinds="class")
    problem = build(data)
    penalty = ConvexClustered(share * problem.curvature, 2).bound(problem.outputs)
    assert isinstance(automatic(problem, penalty), ProximalNewton)
    ours, other = (
        one.solve(problem, penalty, tol=1e-9) for one in (PreconditionedLBFGS(), ProximalNewton())
    )
    assert ours.objective == pytest.approx(other.objective, rel=1e-8)
    np.testing.assert_allclose(ours.W, other.W, atol=1e-3 * np.abs(other.W).max())
