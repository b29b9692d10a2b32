"""The relation of a net: cosines of input sensitivities."""

import numpy as np
import pytest
import torch

from polytask import Relation, deep
from polytask.deep.similarity import similarity
from polytask.kinds import Multiclass, Regression
from polytask.task import Task


def test_for_a_linear_net_it_is_the_cosine_of_the_coefficients():
    tasks = tuple(Task(name, Regression()) for name in "abc")
    net = deep.HardSharing(()).build(tasks, 5).double()
    X = torch.randn(20, 5, dtype=torch.float64)
    expected = Relation.of_coefficients(net.heads.linear.weight.detach().numpy(), "abc")
    found = similarity(net, X)
    np.testing.assert_allclose(found.matrix, expected.matrix, atol=1e-12)
    assert found.meaning == "similarity after fitting"


def test_opposite_tasks_are_minus_one_and_tasks_of_other_inputs_zero():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 4))
    f, g = np.sin(X[:, 0]) + X[:, 1], X[:, 2] ** 2 + X[:, 3]
    model = deep.DeepModel(deep.HardSharing(deep.mlp(32)), random_state=0)
    relation = model.fit(X, np.column_stack([f, -2 * f, g])).relation_
    assert relation["y0", "y1"] < -0.95
    assert abs(relation["y0", "y2"]) < 0.1


def test_a_task_of_classes_has_a_size_without_a_sign():
    tasks = (Task("a", Multiclass()), Task("b", Multiclass()), Task("c", Regression()))
    net = deep.HardSharing(()).build(tasks, 4).double()
    weight = net.heads.linear.weight
    with torch.no_grad():
        # softmax does not see a shift common to all classes
        weight[3:6] = -weight[:3] + torch.ones(4)
    matrix = similarity(net, torch.zeros(3, 4, dtype=torch.float64)).matrix
    assert matrix[0, 1] == pytest.approx(1, abs=1e-12)
    assert 0 <= matrix[0, 2] <= 1
    np.testing.assert_allclose(matrix, matrix.T, atol=1e-15)


def test_a_task_that_reacts_to_nothing_is_like_none_but_itself():
    tasks = (Task("a", Regression()), Task("b", Regression()))
    net = deep.HardSharing(()).build(tasks, 3).double()
    with torch.no_grad():
        net.heads.linear.weight[1] = 0
    matrix = similarity(net, torch.ones(2, 3, dtype=torch.float64)).matrix
    np.testing.assert_allclose(matrix, np.eye(2), atol=1e-15)
