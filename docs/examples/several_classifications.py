"""Several classifications, not several classes: ten yes-or-no questions about one picture."""

import numpy as np

from polytask import Independent, datasets
from polytask.linear import L2, LinearClassifier, TraceNorm
from polytask.report.metrics import auc

# "Is it a 0?", "is it a 1?", ...: every question has 40 answers, on pictures of its own.
train = datasets.get("digits").replace(labels_per_task=40).load()
test = datasets.load("digits").take(train.row_weight == 0)
print(f"{train.n_tasks} tasks, {train.n_labels[0]} labels each, tested on {test.n_rows} pictures")

for name, model in {
    "each alone": Independent(LinearClassifier(L2(0.03), scale=True)),
    "few directions": LinearClassifier(TraceNorm(0.03), scale=True),
}.items():
    probabilities = model.fit(train).predict_each(test)
    areas = [auc(one.y, probabilities[one.task.name][:, 1]) for one in test]
    print(f"{name:15} mean AUC {np.mean(areas):.3f}, worst task {min(areas):.3f}")
