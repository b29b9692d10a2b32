"""Numbers and classes in one fit: each task keeps its own loss, the features are shared."""

import numpy as np
import pandas as pd

from polytask import Tasks
from polytask.linear import L21, LinearModel

rng = np.random.default_rng(0)
inputs = pd.DataFrame(rng.normal(size=(400, 10)), columns=[f"x{j}" for j in range(10)])
signal = inputs["x0"] - inputs["x1"]
table = inputs.assign(
    price=3 * signal + rng.normal(size=400),
    sold=(signal + rng.logistic(size=400) > 0).astype(int),
    colour=np.where(
        signal + rng.normal(size=400) > 1, "red", np.where(signal < -1, "blue", "grey")
    ),
)
data = Tasks.from_frame(table, targets=["price", "sold", "colour"], verbose=False)
print(data)

train, test = data.split(test=0.25, seed=0)
model = LinearModel(L21(0.1), scale=True).fit(train)
print(
    "features in use:",
    [n for n, c in zip(data.feature_names, model.coef_.T, strict=True) if c.any()],
)
for name, output in model.predict_each(test).items():
    print(name, output.shape)  # numbers (n,), probabilities (n, K)
