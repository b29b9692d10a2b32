"""Relationship networks against block systems, ridge, and planted task correlations."""

import numpy as np
import pytest
import torch
from deep.sharing.test_soft_sharing import built, descend, design, heads_of, tables
from deep.sharing.test_tensor_factorised import Kernels

from polytask import deep
from polytask.errors import ParameterError, UnsupportedError
from polytask.kinds import Binary, Multiclass
from polytask.task import Task


def block_system(data, strength, S):
    """Weights and biases ``(T, d + 1)`` under a prior with task covariance S on the weights."""
    T, size = data.n_tasks, data.n_features + 1
    left, right = np.zeros((T * size, T * size)), []
    for t, name in enumerate(data.names):
        X, y = design(data, name)
        here = slice(t * size, (t + 1) * size)
        left[here, here] = 2 * X.T @ X / len(y)
        right.append(2 * X.T @ y / len(y))
    free = np.diag([1.0] * (size - 1) + [0.0])
    left += strength * np.kron(np.linalg.inv(S), free)
    return np.linalg.solve(left, np.concatenate(right)).reshape(T, size)


@pytest.mark.parametrize("correlation", [0.0, 0.9, -0.9])
def test_linear_tasks_have_the_weights_of_the_dense_block_system(correlation):
    data, strength = tables((30, 30, 30)), 0.1
    net = built(deep.RelationshipNetwork((), strength=strength, every=10**9), data)
    S = np.eye(3)
    S[0, 1] = S[1, 0] = correlation
    net.covariance_0_2.copy_(torch.as_tensor(S))
    net.precision_0_2.copy_(torch.as_tensor(np.linalg.inv(S)))
    descend(net, data, epochs=1000)
    np.testing.assert_allclose(heads_of(net), block_system(data, strength, S), atol=1e-7)


def test_the_answer_is_a_fixed_point_of_weights_and_covariance():
    data, strength, ridge = tables((12, 30, 20)), 0.05, 0.1
    sharing = deep.RelationshipNetwork((), strength=strength, ridge=ridge, every=20)
    net = built(sharing, data)
    descend(net, data, epochs=1500)
    S = np.eye(3)
    for _ in range(1000):
        W = block_system(data, strength, S)[:, :-1]
        S = W @ W.T * 3 / np.trace(W @ W.T)
        S = (1 - ridge) * S + ridge * np.eye(3)
    np.testing.assert_allclose(heads_of(net), block_system(data, strength, S), atol=1e-5)
    scale = np.sqrt(np.diag(S))
    np.testing.assert_allclose(net.relation()[0], S / np.outer(scale, scale), atol=1e-5)


def test_scales_are_fixed_and_the_layers_are_those_on_top():
    sharing = deep.RelationshipNetwork(
        deep.mlp(6), deep.mlp(5), features="full", outputs="full", every=1
    )
    net = built(sharing, tables())
    assert {name: tuple(W.shape) for name, W in net.layers().items()} == {
        "top stage 1 0.weight": (6, 5, 2),
        "heads weight": (5, 1, 2),
    }
    for parameter in net.parameters():
        torch.nn.init.normal_(parameter)
    net.after_step(0.1)
    for layer, width in enumerate((5, 1)):
        assert torch.isclose(
            getattr(net, f"covariance_{layer}_1").trace(), torch.tensor(width).double()
        )
        assert torch.isclose(
            getattr(net, f"covariance_{layer}_2").trace(), torch.tensor(2).double()
        )
    found = net.couplings()
    assert found["covariance of features, top stage 1 0.weight"].values.shape == (6, 6)
    assert found["covariance of tasks, heads weight"].axes == ("task", "task")


def test_kernels_are_features_times_outputs_times_tasks():
    tasks = tables().tasks
    net = deep.RelationshipNetwork((), (Kernels(),)).build(tasks, deep.Shape(2, (5, 6)))
    layer = net.layers()["top stage 1 0.weight"]
    assert layer.shape == (3 * 2 * 2, 4, 2)
    torch.testing.assert_close(layer[0, :, 1], net.top[0].columns[1][0].weight[:, 0, 0, 0])


def test_covariances_are_renewed_every_so_many_steps_and_the_estimator_says_them():
    data = tables((40, 40))
    model = deep.DeepModel(deep.RelationshipNetwork(every=3), epochs=4, random_state=0).fit(data)
    assert model.relation_.meaning == "correlation of weights"
    assert model.relation_["t0", "t0"] == pytest.approx(1)
    assert int(model._net.steps) >= 3
    still = deep.DeepModel(deep.RelationshipNetwork(every=10**6), epochs=4, random_state=0)
    assert np.array_equal(still.fit(data).relation_.matrix, np.eye(2))


def test_where_no_layer_can_have_a_prior_it_is_refused_by_name():
    tasks = (Task("a", Binary()), Task("b", Multiclass(("x", "y", "z"))))
    with pytest.raises(UnsupportedError, match=r"heads of one width.*'b': 3.*top=mlp\(32\)"):
        deep.RelationshipNetwork().build(tasks, 3)
    assert list(deep.RelationshipNetwork(top=deep.mlp(4)).build(tasks, 3).layers()) == [
        "top stage 1 0.weight"
    ]
    with pytest.raises(ParameterError, match=r"ridge in \(0, 1\). Found ridge=0"):
        deep.RelationshipNetwork(ridge=0)
    with pytest.raises(ParameterError, match=r"features out of \['fixed', 'diagonal', 'full'\]"):
        deep.RelationshipNetwork(features="low")
