"""Every model inside scikit-learn's own tools, with a task column and with gaps."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from laws.members import label, regressors
from sklearn import config_context
from sklearn.compose import ColumnTransformer
from sklearn.inspection import permutation_importance
from sklearn.model_selection import GridSearchCV, KFold, cross_val_predict, cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from polytask import Independent
from polytask.slot import Slot

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
frames = pytest.mark.parametrize("library", [pd.DataFrame, pl.DataFrame], ids=["pandas", "polars"])
numbers = pytest.mark.parametrize("model", regressors(), ids=label)


def long(library, n=60):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, 3))
    names = np.array(["ash", "elm", "oak"])[np.arange(n) % 3]
    y = X @ [1.0, -2.0, 0.5] + (np.arange(n) % 3) + 0.1 * rng.normal(size=n)
    return library({"a": X[:, 0], "b": X[:, 1], "c": X[:, 2], "tree": names}), y


@frames
@numbers
def test_a_task_column_composes_with_scikit_learn(model, library):
    frame, y = long(library)
    model = model.set_params(task_column="tree")
    folds = KFold(3, shuffle=True, random_state=0)
    assert cross_val_predict(model, frame, y, cv=folds).shape == y.shape
    assert np.isfinite(cross_val_score(model, frame, y, cv=folds, scoring="r2")).all()
    model.set_params(task_column=None)


@numbers
def test_the_task_column_has_an_importance(model):
    frame, y = long(pd.DataFrame)
    done = model.set_params(task_column="tree").fit(frame, y)
    found = permutation_importance(done, frame, y, n_repeats=2, random_state=0, scoring="r2")
    assert found.importances_mean.shape == (4,)
    model.set_params(task_column=None)


@frames
def test_a_pipeline_scales_the_inputs_and_passes_the_task_column(library):
    frame, y = long(library)
    scale = ColumnTransformer(
        [("scale", StandardScaler(), ["a", "b", "c"])],
        remainder="passthrough",
        verbose_feature_names_out=False,
    )
    output = "pandas" if library is pd.DataFrame else "polars"
    pipe = make_pipeline(scale.set_output(transform=output), Independent(task_column="tree"))
    assert pipe.fit(frame, y).score(frame, y) > 0.9


def slots(model):
    return [name for name, value in model.get_params(deep=False).items() if isinstance(value, Slot)]


@pytest.mark.parametrize("model", [m for m in regressors() if slots(m)], ids=label)
def test_slots_are_searchable_inside_and_as_a_whole(model):
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(30, 4)), rng.normal(size=(30, 2))
    name = slots(model)[0]
    slot = getattr(model, name)
    whole = GridSearchCV(model, {name: [slot, slot]}, cv=2).fit(X, Y)
    assert type(whole.best_params_[name]) is type(slot)
    if "alpha" in slot.get_params():
        pipe = Pipeline([("scale", StandardScaler()), ("model", model)])
        found = GridSearchCV(pipe, {f"model__{name}__alpha": [0.01, 1.0]}, cv=2).fit(X, Y)
        best = found.best_params_[f"model__{name}__alpha"]
        assert getattr(found.best_estimator_["model"], name).alpha == best
    assert getattr(model, name) is slot


@numbers
def test_a_search_takes_gaps_in_the_labels(model):
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(40, 4)), rng.normal(size=(40, 2))
    Y[::3, 0] = np.nan
    score = cross_val_score(model, X, Y, cv=3)
    assert np.isfinite(score).all()


@numbers
def test_a_search_passes_tasks_where_metadata_routing_is_on(model):
    frame, y = long(pd.DataFrame)
    names, X = frame["tree"].to_numpy(), frame[["a", "b", "c"]]
    with config_context(enable_metadata_routing=True):
        done = GridSearchCV(model, {"task_column": [None]}, cv=2).fit(X, y, tasks=names)
    found = done.best_estimator_.predict(X, tasks=names)
    assert np.isfinite(done.best_score_) and found.shape == y.shape
