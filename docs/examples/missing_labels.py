"""Labels that are missing: nothing is filled, nothing is thrown away.

scikit-learn's multi-task models refuse a NaN in Y, and
dropping the rows with a gap would leave almost none.
"""

import numpy as np

from polytask.linear import L21, LinearModel

rng = np.random.default_rng(0)
X = rng.normal(size=(200, 30))
W = np.zeros((30, 6))
W[:5] = rng.normal(size=(5, 6))  # five features matter, for every task
Y = X @ W + rng.normal(size=(200, 6))
Y[rng.random(Y.shape) < 0.6] = np.nan

complete = int((~np.isnan(Y)).all(axis=1).sum())
model = LinearModel(L21(0.6)).fit(X, Y)
used = np.flatnonzero(np.abs(model.coef_).sum(axis=0))

print(f"rows without a gap: {complete} of {len(Y)}")
print(f"labels used: {int((~np.isnan(Y)).sum())}")
print(f"features that serve the tasks: {used.tolist()}")
