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
)

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
