"""School: pupils belong to one school, and the published splits are used."""

import io

import numpy as np
import pytest

from polytask import datasets
from polytask.datasets import school
from polytask.datasets import store as module


def same_arrays(made, ours):
    """Whether two npz files hold the same arrays."""
    a, b = np.load(io.BytesIO(made)), np.load(io.BytesIO(ours))
    return set(a.files) == set(b.files) and all(
        a[name].dtype == b[name].dtype and np.array_equal(a[name], b[name]) for name in a.files
    )


def test_our_file_is_rebuilt_from_the_original(beside):
    original, ours = beside("school/school.mat"), beside("school/school.npz")
    assert same_arrays(school.convert(original), ours)


def test_training_rows_counted_from_one_become_masks():
    from scipy.io import savemat

    contents = []
    for rows in ([1, 3, 15362], [2]):
        out = io.BytesIO()
        savemat(out, {"tr": np.array([rows], dtype=np.uint16), "tst": np.array([[4]])})
        contents.append(out.getvalue())
    made = np.load(io.BytesIO(school.convert_splits(*contents)))
    masks = np.unpackbits(made["train_packed"], axis=1)[:, : int(made["n_rows"])]
    assert [np.flatnonzero(mask).tolist() for mask in masks] == [[0, 2, 15361], [1]]


@pytest.mark.data("school")
def test_ten_splits_of_the_published_sizes_cover_every_school():
    data, splits = datasets.load("school"), datasets.School().splits()
    assert len(splits) == 10
    for train, test in splits:
        assert (len(train), len(test)) == (11472, 3890)
        assert (data.take(train).n_labels > 0).all()
        assert (data.take(test).n_labels > 0).all()
    assert len({tuple(test[:50]) for _, test in splits}) == 10


@pytest.mark.data("school")
def test_scores_have_the_moments_of_the_literature():
    data = datasets.load("school")
    y = np.concatenate([labels.y for labels in data])
    assert y.mean() == pytest.approx(20.5973, abs=1e-4)
    assert y.var() == pytest.approx(161.8352, abs=1e-4)
    assert (data.n_labels.min(), data.n_labels.max()) == (22, 251)
    assert (data.X[:, data.feature_names.index("constant")] == 1).all()


@pytest.mark.data("school")
def test_one_hot_columns_are_what_they_are_called():
    X = datasets.load("school").X
    columns = dict(zip(school.COLUMNS, X.T, strict=True))
    assert (sum(columns[name] for name in school.COLUMNS if name.startswith("year_")) == 1).all()
    assert (columns["male"] + columns["female"] == 1).all()
    ethnic = [name for name in school.COLUMNS if name.startswith("ethnic_group_")]
    assert (sum(columns[name] for name in ethnic) == 1).all()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_school_comes_over_the_wire(beside, server, monkeypatch, tmp_path):
    pytest.importorskip("pooch")
    want = datasets.load("school").checksum() if datasets.School().here() else None
    server.files["school.mat"] = beside("school/school.mat")
    monkeypatch.setattr(module, "_beside_a_checkout", list)
    monkeypatch.delenv("POLYTASK_DATA", raising=False)
    monkeypatch.setenv("POLYTASK_CACHE", str(tmp_path))
    monkeypatch.setenv("POLYTASK_DATA_URL", server.address)
    assert datasets.load("school").checksum() == want
    assert datasets.load("school").checksum() == want
    assert len(server.asked) == 1
