"""A data set per task: rows of their own, in any number, and still one model."""

import numpy as np

from polytask import Independent, Tasks, datasets
from polytask.linear import L2, LinearModel, MeanRegularised

data = datasets.get("synthetic").replace(overlap=0.9).load()  # eight tasks, rows of their own
train, test = data.split(test=0.5, seed=0)
print(f"{data.n_tasks} tasks, labels per task: {train.n_labels.tolist()}")

for name, model in {
    "each alone": Independent(LinearModel(L2(0.1))),
    "around a mean": LinearModel(MeanRegularised(0.3, ratio=0.1)),
}.items():
    print(f"{name:14} mean R2 {model.fit(train).score(test):.3f}")

# The same form for your own sets:
rng = np.random.default_rng(0)
shops = {
    name: (rng.normal(size=(n, 3)), rng.normal(size=n)) for name, n in (("Ulm", 40), ("Bonn", 9))
}
print(Tasks.stack(shops, feature_names=["price", "rain", "weekday"]))
