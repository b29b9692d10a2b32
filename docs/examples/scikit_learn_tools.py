"""Models are scikit-learn estimators: search over a penalty, or over whole penalties."""

import numpy as np
from sklearn.inspection import permutation_importance
from sklearn.model_selection import GridSearchCV, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from polytask.linear import L1, L21, LinearModel, TraceNorm

rng = np.random.default_rng(0)
X = rng.normal(size=(120, 12))
W = np.zeros((12, 4))
W[:3] = 1
Y = X @ W + rng.normal(size=(120, 4))

strength = GridSearchCV(LinearModel(L21(1.0)), {"penalty__alpha": [0.03, 0.1, 0.3, 1.0]}, cv=5)
print("strength:", strength.fit(X, Y).best_params_)

kind = {"penalty": [L1(0.1), L21(0.1), TraceNorm(0.1)]}
search = GridSearchCV(LinearModel(), kind, cv=5).fit(X, Y)
print("penalty:", search.best_params_["penalty"])

pipeline = make_pipeline(StandardScaler(), LinearModel(L21(0.1)))
print("predictions:", cross_val_predict(pipeline, X, Y, cv=5).shape)

importance = permutation_importance(search.best_estimator_, X, Y, random_state=0)
print("most important:", sorted(np.argsort(-importance.importances_mean)[:3].tolist()))
