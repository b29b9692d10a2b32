"""Saving and loading: the same numbers, and what cannot be written."""

import json

import numpy as np
import pytest
from persist.samples import MINE, RANDOM, Net, Plain, X, Y, again, kept, members
from scipy import sparse
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from polytask import Encoder, Independent, Pooled, Relation, Tasks, persist
from polytask.errors import ModelFileError
from polytask.kinds import Binary
from polytask.persist import archive

# -- the same numbers -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "model",
    [
        Independent(),
        Independent(Ridge(2.0)),
        Independent(make_pipeline(StandardScaler(), Ridge())),
        Independent(Pooled(Ridge(0.5))),
        Pooled(),
        Pooled(task_as_category=False, unknown_task="mean"),
    ],
    ids=lambda model: " ".join(str(model).split()),
)
def test_a_loaded_model_predicts_the_same_to_the_last_bit(model, tmp_path):
    model.fit(X, Y)
    loaded = again(model, tmp_path)
    assert repr(loaded) == repr(model)
    assert loaded.predict(X).tobytes() == model.predict(X).tobytes()
    assert loaded.task_names_ == model.task_names_
    assert loaded.tasks_ == model.tasks_


def test_a_classifier_keeps_its_classes_and_probabilities(tmp_path):
    labels = np.array(["no", "yes", "perhaps"], dtype=object)[RANDOM.integers(0, 3, 30)]
    model = Independent(LogisticRegression()).fit(X, labels)
    loaded = again(model, tmp_path)
    assert loaded.predict(X).tolist() == model.predict(X).tolist()
    assert np.array_equal(loaded.predict_proba(X), model.predict_proba(X))


def test_an_unfitted_model_can_be_saved_and_fitted_later(tmp_path):
    loaded = again(Independent(Ridge(2.0)), tmp_path)
    assert np.array_equal(loaded.fit(X, Y).predict(X), Independent(Ridge(2.0)).fit(X, Y).predict(X))


def test_an_unfitted_model_has_no_state_to_write(tmp_path):
    assert again(Net(3), tmp_path, trusted=MINE).value == 3


def test_the_same_model_is_the_same_bytes(tmp_path):
    model = Plain(X).fit(X, Y)
    persist.save(model, tmp_path / "a")
    persist.save(model, tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, 3, 2**80, 0.1, -0.0, float("inf"), "té\n", (1, (2,)), [1, [2]]),
        *({1: "a", "b": (2, None)}, {"$": "model"}, ()),
        *(np.float32(0.1), np.int64(3), np.bool_(True), np.str_("a")),
        *(np.dtype("f4"), Binary(classes=("a", "b"))),
    ],
    ids=repr,
)
def test_a_plain_value_comes_back_with_its_type(value, tmp_path):
    found = kept(value, tmp_path)
    assert found == value
    assert type(found) is type(value)
    assert repr(found) == repr(value)


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0).reshape(2, 3),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.arange(24).reshape(2, 3, 4)[:, ::2],
        np.float64(3.5) * np.ones(()),
        np.zeros((0, 4), "f4"),
        np.array([True, False]),
        np.array([1, 2], ">i4").astype("i4"),
        np.array(["a", "bcd"]),
        np.array(["a", None, 3, 1.5], dtype=object),
        np.array(["2020-01-01", "NaT"], "M8[D]"),
    ],
    ids=lambda a: f"{a.dtype}{a.shape}",
)
def test_an_array_comes_back_with_dtype_shape_and_order(array, tmp_path):
    found = kept(array, tmp_path)
    assert found.dtype == array.dtype
    assert found.shape == array.shape
    assert found.tolist() == array.tolist() or array.dtype.kind == "M"
    assert np.array_equal(found.astype(str), array.astype(str))
    contiguous = array.flags.c_contiguous or array.flags.f_contiguous
    assert not contiguous or found.flags.f_contiguous == array.flags.f_contiguous


def test_nan_comes_back_as_nan(tmp_path):
    assert np.isnan(kept(float("nan"), tmp_path))


def test_one_array_in_two_places_is_written_once_and_stays_one(tmp_path):
    found = kept([X, X], tmp_path)
    assert found[0] is found[1]
    assert np.array_equal(found[0], X)


def test_sparse_tables_relations_and_encoders_come_back(tmp_path):
    matrix = sparse.random_array((5, 4), density=0.4, rng=0, format="csr")
    relation = Relation(np.eye(2), ("a", "b"), "correlation")
    encoder = Encoder(impute="median").fit(Tasks.from_arrays(X, Y))
    found = kept([matrix, relation, encoder], tmp_path)
    assert (found[0] != matrix).nnz == 0
    assert type(found[0]) is type(matrix)
    assert found[1].names == relation.names
    assert np.array_equal(found[1].matrix, relation.matrix)
    assert found[2].impute == "median"
    assert np.array_equal(found[2].fill_, encoder.fill_)


@pytest.mark.parametrize(
    "random", [np.random.RandomState(3), np.random.default_rng(3)], ids=["RandomState", "Generator"]
)
def test_a_random_state_goes_on_where_it_was(random, tmp_path):
    random.normal(size=3)
    found = kept(random, tmp_path)
    assert np.array_equal(found.normal(size=4), random.normal(size=4))


def test_a_part_that_is_no_plain_value_is_rebuilt_from_its_state(tmp_path):
    loaded = again(Net().fit(X, Y), tmp_path, trusted=MINE)
    assert loaded.net_(4.0).tolist() == [8.0]


def test_the_config_says_who_wrote_what(path):
    config = json.loads(members(path)["config.json"])
    assert config["polytask_model"] == 1
    assert config["text"] == "Independent()"
    assert [task["name"] for task in config["tasks"]] == ["y0", "y1", "y2"]
    assert config["tasks"][0]["kind"] == "regression"
    assert {"numpy", "scikit-learn"} <= set(config["libraries"])
    assert set(config["sha256"]) == {"arrays.safetensors", "estimators.skops"}


# -- what cannot be written -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (lambda x: x, "function at Plain.value"),
        ({"a": [1, {2}]}, "set at Plain.value['a'][1]"),
        (np.zeros(2, "c16"), "dtype complex128"),
        (open, "at Plain.value"),
    ],
    ids=["function", "set", "complex", "builtin"],
)
def test_what_a_file_cannot_hold_is_named_with_its_place(value, says, tmp_path):
    with pytest.raises(ModelFileError) as error:
        persist.save(Plain(value), tmp_path / "a.model")
    assert says in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_a_value_that_holds_itself_is_refused(tmp_path):
    loop = []
    loop.append(loop)
    with pytest.raises(ModelFileError, match="refer to itself"):
        persist.save(Plain(loop), tmp_path / "a.model")


def test_only_models_are_saved(tmp_path):
    with pytest.raises(ModelFileError, match="Independent"):
        persist.save(Ridge(), tmp_path / "a.model")


def test_a_failed_write_leaves_the_old_file_and_no_other(path, monkeypatch):
    old = path.read_bytes()

    def full(file, parts):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive, "_pack", full)
    with pytest.raises(OSError, match="space"):
        persist.save(Pooled().fit(X, Y), path)
    assert path.read_bytes() == old
    assert [p.name for p in path.parent.iterdir()] == ["a.model"]


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ModelFileError, match="nowhere"):
        persist.save(Independent(), tmp_path / "nowhere" / "a.model")
