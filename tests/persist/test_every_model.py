"""Every model of the package survives its file to the last bit."""

import numpy as np
import pytest
from laws.members import classifiers, label, regressors

from polytask import persist

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(40, 5))
Y = RANDOM.normal(size=(40, 3)) + X[:, :1]
Y[2, 1] = np.nan
CLASSES = (X[:, :2] + RANDOM.normal(size=(40, 2)) > 0).astype(int)


def again(model, folder):
    persist.save(model, folder / "one.model")
    return persist.load(folder / "one.model")


@pytest.mark.parametrize("model", regressors(), ids=label)
def test_a_loaded_regressor_is_the_one_that_was_saved(model, tmp_path):
    model.fit(X, Y)
    loaded = again(model, tmp_path)
    assert loaded.predict(X).tobytes() == model.predict(X).tobytes()
    assert repr(loaded) == repr(model)
    assert loaded.task_names_ == model.task_names_
    _same_relation(model, loaded)


@pytest.mark.parametrize("model", classifiers(), ids=label)
def test_a_loaded_classifier_is_the_one_that_was_saved(model, tmp_path):
    model.fit(X, CLASSES)
    loaded = again(model, tmp_path)
    assert loaded.predict_proba(X).tobytes() == model.predict_proba(X).tobytes()
    assert loaded.predict(X).tolist() == model.predict(X).tolist()
    assert repr(loaded) == repr(model)
    _same_relation(model, loaded)


def _same_relation(model, loaded):
    assert hasattr(model, "relation_") == hasattr(loaded, "relation_")
    if hasattr(model, "relation_"):
        assert loaded.relation_.names == model.relation_.names
        assert np.array_equal(loaded.relation_.matrix, model.relation_.matrix, equal_nan=True)
