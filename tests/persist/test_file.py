"""Saving and loading: the same numbers, and nothing executed."""

import io
import json
import pickle
import zipfile
from dataclasses import dataclass

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from polytask import Encoder, Independent, Model, Pooled, Relation, Tasks, persist
from polytask.errors import ModelFileError
from polytask.kinds import Binary
from polytask.persist import archive

RANDOM = np.random.default_rng(3)
X = RANDOM.normal(size=(30, 4))
Y = RANDOM.normal(size=(30, 3))
Y[4, 1] = np.nan


class Plain(Model):
    """A model that keeps what it is given, to see what a file holds."""

    def __init__(self, value=None, *, task_column=None):
        self.value = value
        self.task_column = task_column

    def _fit(self, data):
        self.mean_ = {one.task.name: float(one.y.mean()) for one in data}

    def _outputs(self, X, name):
        return np.full(X.shape[0], self.mean_[name])


class Net(Plain):
    """A model with a part that is no plain value, as deep models have one."""

    _rebuilt = ("net_",)

    def _fit(self, data):
        super()._fit(data)
        self.net_ = lambda x: x * self.factor_
        self.factor_ = np.array([2.0])

    def _state(self):
        return {"factor": self.factor_}

    def _restore(self, state):
        factor = state["factor"]
        self.net_ = lambda x: x * factor


@dataclass
class Tree:
    """A record that is no class of polytask."""

    child: object = None


MINE = tuple(f"{__name__}:{kind.__name__}" for kind in (Plain, Net, Tree))


def again(model, folder, **options):
    persist.save(model, folder / "a.model")
    return persist.load(folder / "a.model", **options)


def kept(value, folder):
    """What a file makes of a value."""
    return again(Plain(value), folder, trusted=MINE).value


def members(path):
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def repack(path, parts, *, compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", compression) as file:
        for name, content in parts.items():
            file.writestr(name, content)


def edit(path, change):
    """Rewrite the config of a model file."""
    parts = members(path)
    config = json.loads(parts["config.json"])
    change(config)
    repack(path, parts | {"config.json": json.dumps(config)})


@pytest.fixture
def path(tmp_path):
    persist.save(Independent().fit(X, Y), tmp_path / "a.model")
    return tmp_path / "a.model"


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


# -- hostile files ----------------------------------------------------------------------------


class Bomb:
    """Leaves a mark when it is unpickled."""

    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return (open, (str(self.mark), "w"))


@pytest.mark.parametrize("form", ["alone", "as a member", "as arrays", "as estimators"])
def test_a_pickle_is_refused_and_not_executed(form, path, tmp_path):
    mark = tmp_path / "executed"
    evil = pickle.dumps(Bomb(mark))
    if form == "alone":
        path.write_bytes(evil)
    else:
        name = {
            "as a member": "model.pkl",
            "as arrays": "arrays.safetensors",
            "as estimators": "estimators.skops",
        }[form]
        parts = members(path) | {name: evil}
        config = json.loads(parts["config.json"])
        config["sha256"][name] = archive.digest(evil)
        repack(path, parts | {"config.json": json.dumps(config)})
    with pytest.raises(ModelFileError):
        persist.load(path)
    assert not mark.exists()


def test_a_pickle_is_called_by_its_name(path):
    path.write_bytes(pickle.dumps([1]))
    with pytest.raises(ModelFileError, match="pickle"):
        persist.load(path)


@pytest.mark.parametrize(
    "name",
    [
        *("os:system", "builtins:eval", "subprocess:Popen", "sklearn.linear_model:Ridge"),
        *("polytask:Independent", "polytask.cli.main:main", "polytask.cli.__main__:main"),
        *("polytask.tasks:Tasks", "polytask.model:np", "polytask.independent:clone"),
        *("polytask.../os:system", "polytask.not_there:Thing", "polytask.independent:Nothing"),
        *("polytask.independent:Independent.fit", "polytask.slot:__class__", "", 7),
    ],
)
@pytest.mark.parametrize("kind", ["model", "record"])
def test_a_class_that_is_no_model_or_record_of_ours_is_refused_by_name(path, name, kind):
    def change(config):
        config["model"]["class"] = name
        if kind == "record":
            config["model"] = {"$": "record", "class": name, "fields": {}}

    edit(path, change)
    with pytest.raises(ModelFileError):
        persist.load(path)


def test_nothing_outside_the_package_is_imported(path, tmp_path, monkeypatch):
    (tmp_path / "evil_module.py").write_text("raise SystemExit('imported')")
    monkeypatch.syspath_prepend(tmp_path)
    edit(path, lambda config: config["model"].update({"class": "evil_module:Evil"}))
    with pytest.raises(ModelFileError, match="evil_module:Evil"):
        persist.load(path)


def test_a_class_of_the_users_own_needs_to_be_trusted(tmp_path):
    persist.save(Plain(3), tmp_path / "a.model")
    with pytest.raises(ModelFileError, match="trusted="):
        persist.load(tmp_path / "a.model")
    assert persist.load(tmp_path / "a.model", trusted=MINE).value == 3


def test_an_estimator_with_a_foreign_function_is_refused_by_name(tmp_path):
    model = Independent(make_pipeline(FunctionTransformer(json.dumps), Ridge()))
    persist.save(model, tmp_path / "a.model")
    with pytest.raises(ModelFileError, match=r"json\.dumps"):
        persist.load(tmp_path / "a.model")


@pytest.mark.parametrize("name", ["../../evil", "/etc/passwd", "config.json/../x", "a\\b"])
def test_a_member_with_another_name_is_refused(path, name, tmp_path):
    repack(path, members(path) | {name: b"x"})
    with pytest.raises(ModelFileError, match="Copy it again from a source that you know"):
        persist.load(path)
    assert [p.name for p in tmp_path.iterdir()] == ["a.model"]


def test_a_compressed_member_is_refused_before_it_is_unpacked(path):
    parts = members(path) | {"arrays.safetensors": bytes(10_000_000)}
    repack(path, parts, compression=zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 100_000
    with pytest.raises(ModelFileError, match="without compression"):
        persist.load(path)


def test_a_bomb_inside_the_estimators_is_refused(path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("schema.json", bytes(10_000_000))
    parts = members(path) | {"estimators.skops": inner.getvalue()}
    config = json.loads(parts["config.json"])
    config["sha256"]["estimators.skops"] = archive.digest(inner.getvalue())
    repack(path, parts | {"config.json": json.dumps(config)})
    with pytest.raises(ModelFileError, match="without compression"):
        persist.load(path)


def test_a_changed_byte_is_found_or_changes_nothing(path):
    before = persist.load(path).predict(X)
    whole = path.read_bytes()
    found = 0
    for place in np.linspace(0, len(whole) - 1, 150).astype(int):
        changed = bytearray(whole)
        changed[place] ^= 0x41
        path.write_bytes(bytes(changed))
        try:
            assert np.array_equal(persist.load(path).predict(X), before)
        except ModelFileError:
            found += 1
    # only what the zip itself does not read (a date, a flag) may be changed without a word
    assert found > 140


@pytest.mark.parametrize("keep", [0, 1, 100, -1, -30, -2000])
def test_a_cut_file_says_what_to_do(path, keep):
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ModelFileError, match="Copy it again"):
        persist.load(path)


def test_a_changed_array_is_named_by_its_hash(path):
    parts = members(path)
    arrays = bytearray(parts["arrays.safetensors"])
    arrays[-1] ^= 1
    repack(path, parts | {"arrays.safetensors": bytes(arrays)})
    with pytest.raises(ModelFileError, match=r"arrays\.safetensors does not match its sha256"):
        persist.load(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c["model"].update({"$": "call"}),
        lambda c: c["model"]["fitted"].update({"predict": 3}),
        lambda c: c["model"]["fitted"].update({"__class__": 3}),
        lambda c: c["model"]["fitted"].update({"a_": {"$": "array", "name": "none"}}),
        lambda c: c["model"]["fitted"].update({"a_": {"$": "estimator", "index": 99}}),
        lambda c: c["model"]["fitted"].update(
            {"a_": {"$": "objects", "dtype": "O", "shape": [10**9, 10**9], "items": []}}
        ),
        lambda c: c["model"]["fitted"].update(
            {"a_": {"$": "random", "legacy": True, "state": {"$": "dict", "items": []}}}
        ),
        lambda c: c.update({"model": 7}),
        lambda c: c.update({"model": {"$": "tuple", "items": []}}),
        lambda c: c.pop("model"),
        lambda c: c["model"].pop("class"),
        lambda c: c.update({"sha256": None}),
        lambda c: c.update({"polytask_model": "1"}),
    ],
)
def test_a_config_that_describes_no_model_is_refused(path, change):
    edit(path, change)
    with pytest.raises(ModelFileError):
        persist.load(path)


def test_indices_outside_a_sparse_table_are_refused(tmp_path):
    persist.save(Plain(sparse.csr_array(np.eye(3))), tmp_path / "a.model")

    def change(config):
        config["model"]["parameters"]["value"]["shape"] = [3, 1]

    edit(tmp_path / "a.model", change)
    with pytest.raises(ModelFileError, match="does not describe a model"):
        persist.load(tmp_path / "a.model", trusted=MINE)


def test_a_hyperparameter_out_of_range_is_refused_as_by_its_constructor(tmp_path):
    persist.save(Plain(Encoder()), tmp_path / "a.model")

    def change(config):
        config["model"]["parameters"]["value"]["fields"]["impute"] = "os.system"

    edit(tmp_path / "a.model", change)
    with pytest.raises(ModelFileError, match="impute"):
        persist.load(tmp_path / "a.model", trusted=MINE)


def test_a_tree_deeper_than_the_stack_is_refused(path):
    parts = members(path)
    parts["config.json"] = b'{"polytask_model": 1, "model": ' + b"[" * 100_000
    repack(path, parts)
    with pytest.raises(ModelFileError):
        persist.load(path)


def test_a_file_from_a_newer_version_asks_for_an_update(path):
    edit(path, lambda config: config.update(polytask_model=2))
    with pytest.raises(ModelFileError, match="Update polytask"):
        persist.load(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ModelFileError, match=r"none\.model"):
        persist.load(tmp_path / "none.model")
