"""More rows than the memory holds: chunks, sufficient statistics, and one fit at the end."""

from pathlib import Path

import numpy as np
import pandas as pd

from polytask.door import chunks
from polytask.linear import L21, LinearModel, Moments

rng = np.random.default_rng(0)
W = rng.normal(size=(8, 3)) * (np.arange(8) < 3)[:, None]


def month(rows=2000):
    """A month of a shop: eight inputs, three numbers to predict, a fifth of them missing."""
    X = rng.normal(size=(rows, 8))
    Y = X @ W + rng.normal(size=(rows, 3))
    return X, np.where(rng.random(Y.shape) < 0.2, np.nan, Y)


# A model that learns as months come in: after each it is the fit on all rows so far.
model = LinearModel(L21(0.05))
for number in range(1, 4):
    model.partial_fit(*month())
    kept = np.flatnonzero(model.coef_.any(axis=0)).tolist()
    print(f"after month {number}: {model.moments_}; features kept: {kept}")

# Files: a chunk at a time is in memory, what is added up does not grow with the rows.
names = [f"x{j}" for j in range(8)]
X, Y = month()
frame = pd.DataFrame(X, columns=names).assign(**dict(zip(("milk", "bread", "tea"), Y.T)))
frame.to_parquet("sales.parquet")
files = chunks.parquet("sales.parquet", ["milk", "bread", "tea"], rows=500)
moments = Moments.of_chunks(files)
print(moments, f"in {moments.nbytes / 1e3:.0f} kB")

# Then every penalty, scaling and strength costs nothing in the number of rows.
for alpha in (1.0, 0.3, 0.1):
    fitted = LinearModel(L21(alpha), scale=True).fit(moments)
    kept = np.count_nonzero(fitted.coef_.any(axis=0))
    print(f"alpha {alpha}: {kept} features, R2 {fitted.score(X, Y):.3f}")
Path("sales.parquet").unlink()
