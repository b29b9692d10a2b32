"""Files from anywhere: refused in words, and nothing executed."""

import io
import json
import pickle
import zipfile

import numpy as np
import pytest
from persist.samples import MINE, Plain, X, edit, members, repack
from scipy import sparse
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from polytask import Encoder, Independent, persist
from polytask.errors import ModelFileError
from polytask.persist import archive


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
