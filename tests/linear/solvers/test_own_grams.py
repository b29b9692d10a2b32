"""Working sets of tasks with their own rows and several outputs each."""

import numpy as np

from polytask import Tasks
from polytask.linear import L21, BlockDescent, LinearModel, ProximalGradient, Squared


def test_tasks_with_own_rows_and_several_outputs_reach_the_optimum():
    rng = np.random.default_rng(0)
    labels = np.array(list("abc"))
    tables = {name: (rng.normal(size=(20, 300)), labels[rng.integers(0, 3, 20)]) for name in "xyz"}
    data = Tasks.stack(tables)

    def fit(solver):
        return LinearModel(L21(0.03), datafit=Squared(), tol=1e-9, solver=solver).fit(data)

    ours, other = fit(BlockDescent()), fit(ProximalGradient())
    assert ours.solution_.converged and other.solution_.converged
    assert ours.coef_.shape == (9, 300) and ours.coef_.any()
    np.testing.assert_allclose(ours.coef_, other.coef_, atol=1e-6)
