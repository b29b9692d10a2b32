"""A judgement as a distribution: its mean is the judgement, its distance 0 where both agree."""

import numpy as np
import pytest
import torch

from polytask import deep
from polytask.errors import ParameterError

LOSS = deep.Relatedness(5)


@pytest.mark.parametrize("y", [1.0, 1.5, 3.0, 4.99, 5.0])
def test_the_mean_of_the_target_is_the_label_and_two_steps_carry_it(y):
    target = LOSS.target(torch.tensor(y, dtype=torch.float64))
    assert target.sum() == pytest.approx(1)
    assert (target * torch.arange(1, 6)).sum().item() == pytest.approx(y)
    assert (target > 0).sum() <= 2


def test_the_loss_is_the_divergence_of_both_distributions_and_0_where_they_agree():
    rng = np.random.default_rng(0)
    outputs, y = (
        torch.as_tensor(rng.normal(size=(6, 1, 5))),
        torch.as_tensor(rng.uniform(1, 5, (6, 1))),
    )
    p = np.exp(outputs.numpy()[:, 0])
    p /= p.sum(1, keepdims=True)
    for i, label in enumerate(y[:, 0].tolist()):
        low = int(np.floor(label))
        q = np.zeros(6)
        q[low - 1], q[low] = low - label + 1, label - low
        expected = sum(a * np.log(a / b) for a, b in zip(q[:5], p[i], strict=True) if a > 0)
        assert LOSS.each(outputs, y)[i, 0].item() == pytest.approx(expected)
    sure = LOSS.target(y).log().clamp_min(-1e3)
    assert LOSS.each(sure, y).abs().max() < 1e-12
    assert (LOSS.each(outputs, y) > 0).all()


def test_the_answer_stays_on_the_scale_and_labels_beyond_it_are_its_ends():
    outputs = torch.randn(50, 5) * 10
    assert LOSS.answer(outputs).min() >= 1 and LOSS.answer(outputs).max() <= 5
    beyond = torch.tensor([[0.0], [9.0]])
    assert LOSS.target(beyond)[:, 0].tolist() == [[1, 0, 0, 0, 0], [0, 0, 0, 0, 1]]
    with pytest.raises(ParameterError, match="steps >= 2"):
        deep.Relatedness(1)
