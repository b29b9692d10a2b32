"""Every data set: what it says of itself is what it loads, and what the record of the data says."""

import csv
import gzip
import hashlib
import json
from functools import cache

import numpy as np
import pytest
from scipy import sparse

from polytask import datasets
from polytask.datasets.catalog import classes
from polytask.datasets.store import Store

EMBEDDED = ("diabetes", "digits", "linnerud", "synthetic")
MADE = ("multi_mnist",)  # of the files of another set, which are checked there
UNRECORDED = (*EMBEDDED, *MADE)
MULTI_LABEL = ("emotions", "scene", "yeast")
MULTI_TARGET = (
    *("andro", "atp1d", "atp7d", "edm", "enb", "jura"),
    *("oes97", "osales", "scpf", "sf1", "sf2", "slump"),
)
MOLECULES = ("clintox", "delaney", "muv", "tox21", "toxcast")
# Our name, where the record has another one.
RECORDS = {
    **dict.fromkeys(MULTI_LABEL, "mulan_mll"),
    **dict.fromkeys(MULTI_TARGET, "mulan_mtr"),
    **{name: f"moleculenet_{name}" for name in MOLECULES},
    "census_income": "census_income_kdd",
    "cookie": "cookie_nir",
    "kang_mnist": "kang_digits",
    "kang_usps": "kang_digits",
    "mfeat": "mfeat_digits",
    "newsgroups": "newsgroups_malsar",
    "sarcos": "sarcos_test",
}
# Where the table differs from the count in the record, and why: (rows, features) to add to ours.
OTHERWISE = {
    "adult": (0, 1),  # marital status is a task here, so no input
    "census_income": (0, 1),
    "computer_survey": (3780, 0),  # the record counts ratings, 190 for each of our 20 rows
    "exchange_rate": (1, 0),  # the last day has no tomorrow
    "parkinsons": (0, 1),  # test_time is left out by default
}
NAMES = tuple(name for name, one in classes().items() if one.form == "table")


def needing(names):
    return [pytest.param(name, marks=pytest.mark.data(name)) for name in names]


@cache
def loaded(name):
    return datasets.load(name)


@pytest.fixture(scope="module", autouse=True)
def forget():
    """The large tables do not stay in memory behind this file."""
    yield
    loaded.cache_clear()


@pytest.fixture
def record(beside):
    """The record of the data folder, by name of the set there."""
    return {entry["name"]: entry for entry in json.loads(beside("datasets.json"))["datasets"]}


def of_record(record, name, key):
    """What the record says: one number, a number per member, or a number per task to be added."""
    value = record[RECORDS.get(name, name)][key]
    if not isinstance(value, dict):
        return value
    return value[name] if name in value else sum(value.values())


@pytest.mark.parametrize("name", needing(NAMES))
def test_the_table_is_what_the_facts_say(name):
    data, facts = loaded(name), datasets.get(name)
    assert (data.n_rows, data.n_features, data.n_tasks) == (facts.rows, facts.features, facts.tasks)
    assert len(set(data.feature_names)) == data.n_features
    assert (data.n_labels > 0).all()
    assert data.X.dtype in (np.float64, np.float32)


@pytest.mark.parametrize("name", needing(n for n in NAMES if n not in UNRECORDED))
def test_the_table_is_what_the_record_says(record, name):
    data = loaded(name)
    more_rows, more_features = OTHERWISE.get(name, (0, 0))
    assert data.n_rows + more_rows == of_record(record, name, "n_rows")
    if not name.startswith("kang"):  # the record has a sentence there
        assert data.n_features + more_features == of_record(record, name, "n_features")
    assert data.n_tasks == of_record(record, name, "n_tasks")


@pytest.mark.parametrize("name", needing(("tox21", "toxcast", "clintox", "muv")))
def test_labels_of_molecules_are_counted_as_in_the_record(record, name):
    sanity = record[RECORDS[name]]["sanity"]
    data = loaded(name)
    assert data.n_labels.sum() == sanity["labels"]
    assert sum(int(labels.y.sum()) for labels in data) == sanity["positives"]
    for task, count in sanity.get("n_labelled", {}).items():
        assert data[task].n == count
        assert round(data[task].y.mean(), 4) == sanity["pos_rate"][task]


@pytest.mark.parametrize("name", needing(MULTI_TARGET))
def test_targets_have_the_means_of_the_record(record, name):
    sanity = record["mulan_mtr"]["sanity"][name]
    data = loaded(name)
    # the record rounds to three decimals
    assert np.allclose([labels.y.mean() for labels in data], sanity["y_mean"], atol=6e-4)
    assert np.isnan(data.X).sum() == sanity["missing_x_cells"]


@pytest.mark.parametrize("name", needing(MULTI_LABEL))
def test_labels_have_the_rates_of_the_record(record, name):
    sanity = record["mulan_mll"]["sanity"][name]
    data = loaded(name)
    assert np.allclose([labels.y.mean() for labels in data], sanity["pos_rate"], atol=6e-5)
    train, test = datasets.get(name).splits()[0]
    assert (len(train), len(test)) == (sanity["train"], sanity["test"])


@pytest.mark.data("fx2007")
def test_holes_stay_holes(record):
    missing = record["fx2007"]["sanity"]["missing"]
    data = loaded("fx2007")
    assert {name: 251 - data[name].n for name in missing} == missing
    assert data.n_labels.sum() == 251 * 13 - 59


@pytest.mark.parametrize("name", needing(n for n in NAMES if classes()[n].files))
def test_the_files_have_the_pinned_sums(name, beside):
    # a file in the cache was made by a conversion: its numbers are the same, its bytes need not be
    for file in datasets.get(name).files:
        assert hashlib.sha256(beside(file.path)).hexdigest() == file.sha256


@pytest.mark.parametrize("name", needing(n for n in NAMES if n not in UNRECORDED))
def test_the_sums_and_commits_are_those_of_the_record(record, name):
    entry = record[RECORDS.get(name, name)]
    known = {file["path"].removeprefix("data/"): file["sha256"] for file in entry["files"]}
    for file in datasets.get(name).files:
        assert known[file.path] == file.sha256
    assert datasets.get(name).files[0].originals[0].commit in json.dumps(entry)


@pytest.mark.parametrize("name", needing(NAMES))
def test_official_splits_are_rows_of_the_table(name):
    data, rows = loaded(name), datasets.get(name)
    for train, test in rows.splits():
        assert not set(train.tolist()) & set(test.tolist())
        assert max(train.max(), test.max()) < data.n_rows
        assert (data.take(train).n_labels > 0).all()
    parts = rows.parts()
    if parts:
        assert sorted(np.concatenate(list(parts.values())).tolist()) == list(range(data.n_rows))


@pytest.mark.data("amazon_sentiment")
def test_reviews_have_the_counts_of_the_record(record):
    sanity = record["amazon_sentiment"]["sanity"]
    data, parts = loaded("amazon_sentiment"), datasets.get("amazon_sentiment").parts()
    for domain in data.names:
        for part, rows in parts.items():
            one = data.take(rows)
            X, y, _ = one.table(domain)
            facts = sanity[f"{domain}_{part}"]
            assert (len(y), int(y.sum()), X.nnz) == (facts["rows"], facts["pos"], facts["nnz"])


@pytest.mark.parametrize("name", needing(MOLECULES))
def test_a_molecule_that_stands_twice_is_never_on_both_sides(name):
    facts = datasets.get(name)
    smiles = _smiles(name)
    for groups in (loaded(name).groups, facts.replace(groups="molecule").load().groups):
        group_of = {}
        for molecule, group in zip(smiles, groups.tolist(), strict=True):
            assert group_of.setdefault(molecule, group) == group


def _smiles(name):
    path = Store.here().find(datasets.get(name).files[0])
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    return [row["smiles"].strip() for row in csv.DictReader(lines)]


@pytest.mark.parametrize("name", needing((*MOLECULES, "amazon_sentiment", "newsgroups")))
def test_sparse_sets_stay_sparse(name):
    assert sparse.isspmatrix_csr(loaded(name).X)


@pytest.mark.parametrize("name", needing(("adult", "census_income", "sf1", "sf2")))
def test_categories_are_codes_with_levels(name):
    data = loaded(name)
    categories = [j for j, column in enumerate(data.inputs) if column.levels is not None]
    assert categories
    for j in categories:
        levels, codes = data.inputs[j].levels, np.unique(data.X[:, j])
        assert codes.tolist() == list(range(len(levels)))
        assert list(levels) == sorted(levels)
