"""A folder of results: whole files only, exact numbers, foreign files ignored."""

import json

import numpy as np
import pytest

from polytask.errors import DataError
from polytask.report.store import Store


def test_numbers_come_back_to_the_last_bit(tmp_path):
    values = np.random.default_rng(0).normal(size=50).tolist()
    kept = Store(tmp_path).put("k", {"values": values, "none": None})
    assert Store(tmp_path).get("k") == kept == {"values": values, "none": None}


def test_a_cut_or_foreign_file_counts_as_not_done(tmp_path):
    store = Store(tmp_path)
    store.put("k", {"a": 1})
    (tmp_path / "k.json").write_text((tmp_path / "k.json").read_text()[:-4])
    assert store.get("k") is None
    (tmp_path / "k.json").write_text(json.dumps({"key": "other", "record": {}}))
    assert store.get("k") is None
    (tmp_path / "k.json").write_bytes(b"\xff\xfe\x00")
    assert store.get("k") is None


def test_without_a_folder_nothing_is_kept():
    store = Store(None)
    assert store.put("k", {"a": np.float64(1)}) == {"a": 1.0}
    assert store.get("k") is None


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(DataError, match="out needs a folder"):
        Store(tmp_path / "out")
