"""Learning to learn: a new task with three labels, standing on what forty tasks have in common."""

import numpy as np
from sklearn.linear_model import Ridge

from polytask.bayes import EmpiricalBayes

rng = np.random.default_rng(0)
common = rng.normal(size=6)
tasks = common + 0.2 * rng.normal(size=(41, 6))
X = rng.normal(size=(15, 6))
Y = X @ tasks[:40].T + 0.5 * rng.normal(size=(15, 40))
model = EmpiricalBayes().fit(X, Y)

X_new, X_test = rng.normal(size=(3, 6)), rng.normal(size=(500, 6))
y_new, truth = X_new @ tasks[40] + 0.5 * rng.normal(size=3), X_test @ tasks[40]


def error(fitted):
    """Root mean squared error on the new task."""
    return float(np.sqrt(np.mean((fitted.predict(X_test) - truth) ** 2)))


print(f"three labels alone:   {error(Ridge().fit(X_new, y_new)):.2f}")
print(f"after forty tasks:    {error(model.adapt(X_new, y_new)):.2f}")
