"""A training loop of your own: a net that shares, a balancer, and steps to put a ``for`` around."""

import numpy as np
import torch

from polytask import Tasks, deep

rng = np.random.default_rng(0)
X = rng.normal(size=(300, 8)).astype(np.float32)
hidden = np.tanh(X @ rng.normal(size=(8, 4)))
Y = hidden @ rng.normal(size=(4, 3)) + 0.1 * rng.normal(size=(300, 3))
train, test = Tasks.from_arrays(X, Y, names=["a", "b", "c"]).split(test=0.25, seed=0)

torch.manual_seed(0)
net = deep.HardSharing(deep.mlp(32)).build(train.tasks, train.n_features)
patience = deep.Patience(net, 10)
for step in deep.steps(net, train, deep.Uncertainty(), epochs=60, validation=test):
    if step.ends_epoch and step.epoch % 20 == 0:
        losses = ", ".join(f"{name} {loss:.3f}" for name, loss in step.validation.items())
        print(f"epoch {step.epoch}: {losses}")
    if patience.over(step):
        break
