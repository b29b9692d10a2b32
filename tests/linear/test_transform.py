"""Models that learn directions of the inputs give the inputs in them."""

import numpy as np
from linear.penalties.problems import planted

from polytask.linear import ASO, L2, LinearModel, SquaredTraceNorm, TraceNorm


def test_transform_gives_the_inputs_in_the_structure():
    data, _, _ = planted(12)
    model = LinearModel(ASO(1.0, h=2), scale=True).fit(data)
    X = data.X[:5]
    Z = model.transform(X)
    assert Z.shape == (5, 2)
    both = Z @ (model.structure_ * model.scale_) @ (model.coef_ * model.scale_).T
    np.testing.assert_allclose(both + X @ model.own_.T, X @ model.coef_.T, atol=1e-9)
    assert not hasattr(LinearModel(L2()), "transform")


def test_other_learned_directions_transform_too():
    data, _, _ = planted(12)
    for penalty in (TraceNorm(0.3), SquaredTraceNorm(0.1)):
        model = LinearModel(penalty).fit(data)
        Z = model.transform(data.X[:5])
        assert Z.shape == (5, model.rank_)
        # nothing of the predictions lies outside of the directions
        back = Z @ model.features_.T @ model.coef_.T
        np.testing.assert_allclose(back, data.X[:5] @ model.coef_.T, atol=1e-8)
