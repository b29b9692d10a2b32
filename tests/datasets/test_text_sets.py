"""Sets with labels at positions: what they say of themselves is what they load."""

import hashlib
import json
from functools import cache

import numpy as np
import pytest

from polytask import datasets
from polytask.datasets.catalog import classes
from polytask.datasets.positions import Positions
from polytask.ops.spans import spans

NAMES = [name for name, one in classes().items() if one.form != "table"]
every = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.data(name)) for name in NAMES]
)


@cache
def loaded(name):
    return datasets.load(name)


@pytest.fixture(scope="module", autouse=True)
def forget():
    yield
    loaded.cache_clear()


def sanity(beside, name):
    entries = json.loads(beside("datasets.json"))["datasets"]
    return next(entry for entry in entries if entry["name"] == name)["sanity"]


@every
def test_rows_and_tasks_are_what_the_facts_say(name):
    data, facts = loaded(name), datasets.get(name)
    assert isinstance(data, Positions)
    assert (data.n_rows, data.n_tasks) == (facts.rows, facts.tasks)
    parts = facts.parts()
    assert sorted(np.concatenate(list(parts.values())).tolist()) == list(range(data.n_rows))


@every
def test_the_files_have_the_pinned_sums(name, beside):
    for file in datasets.get(name).files:
        assert hashlib.sha256(beside(file.path)).hexdigest() == file.sha256


@pytest.mark.parametrize(
    ("name", "task", "parts"),
    [
        pytest.param(*one, marks=pytest.mark.data(one[0]))
        for one in (
            ("conll2000", "chunk", {"train": "train", "test": "test"}),
            ("semcor_semantictraits", "trait", {"train": "train", "valid": "dev", "test": "test"}),
        )
    ],
)
def test_tags_are_counted_as_in_the_record(name, task, parts, beside):
    record, data, rows = sanity(beside, name), loaded(name), datasets.get(name).parts()
    kind = data.task(task).kind
    for part, word in parts.items():
        some = data.take(rows[part])
        assert (some.n_rows, some.n_labels[0]) == tuple(
            record[word][key] for key in ("sentences", "tokens")
        )
        counts = np.bincount(some.flat(task).astype(int), minlength=kind.width)
        for tag, count in record[word]["last"].items():
            assert counts[kind.classes.index(tag)] == count


@pytest.mark.data("conll2000")
def test_chunks_are_those_of_the_shared_task():
    # the scorer of the task prints: processed 47377 tokens with 23852 phrases
    rows = datasets.get("conll2000").parts()["test"]
    test = loaded("conll2000").take(rows)
    assert sum(len(spans(tags)) for tags in test.decoded("chunk")) == 23852


@pytest.mark.data("ud_english_ewt")
def test_the_treebank_has_the_counts_of_the_record(beside):
    record, data = sanity(beside, "ud_english_ewt"), loaded("ud_english_ewt")
    parts = datasets.get("ud_english_ewt").parts()
    kind = data.task("upos").kind
    for part, word in {"train": "train", "valid": "dev", "test": "test"}.items():
        some = data.take(parts[part])
        assert some.n_rows == record[word]["sentences"]
        assert len(some.flat("upos")) == record[word]["words"]
        for tag, count in record[word]["top_upos"].items():
            assert (some.flat("upos") == kind.classes.index(tag)).sum() == count
    # every sentence of the treebank is a tree: one root
    assert all((tree[:, 0] == 0).sum() == 1 for tree in data["dependency"])
    assert data.take([0]).decoded("dependency")[0][0] == (0, "root")


@pytest.mark.data("sick")
def test_pairs_have_the_counts_of_the_record(beside):
    record, data = sanity(beside, "sick"), loaded("sick")
    kind = data.task("entailment").kind
    counts = np.bincount(data["entailment"].astype(int))
    assert dict(zip(kind.classes, counts.tolist(), strict=True)) == record["entailment"]
    assert data["relatedness"].mean() == pytest.approx(record["rel_mean"])
    words = {"train": "TRAIN", "valid": "TRIAL", "test": "TEST"}
    parts = datasets.get("sick").parts()
    assert {words[name]: len(rows) for name, rows in parts.items()} == record["sets"]


@pytest.mark.data("camvid_60x80")
def test_points_have_the_shares_of_the_record(beside):
    record, data = sanity(beside, "camvid_60x80"), loaded("camvid_60x80")
    parts = datasets.get("camvid_60x80").parts()
    for part, word in {"train": "train", "valid": "val", "test": "test"}.items():
        labels = data["class"][parts[part]]
        shares = [(labels == k).mean() for k in range(11)] + [np.isnan(labels).mean()]
        assert np.allclose(shares, record[word]["class_share"], atol=6e-5)  # four decimals there


@pytest.mark.data("omniglot_small1")
def test_drawings_have_the_counts_of_the_record(beside):
    record, data = sanity(beside, "omniglot_small1"), datasets.Omniglot().load()
    kinds = {task.name: task.kind.width for task in data.tasks}
    assert kinds == record["alphabets"]
    assert data.X.mean() == pytest.approx(record["ink_share"])
    small = datasets.Omniglot(shrink=5).load()
    assert small.n_features == 21 * 21
    assert small.X.mean() == pytest.approx(record["ink_share"], rel=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_the_command_line_says_that_it_is_no_table(name, polytask_said):
    assert f"whose rows are {classes()[name].form}" in polytask_said("describe", name)


@pytest.fixture
def polytask_said(capsys):
    from polytask.cli.main import main

    def run(*words):
        assert main(words) == 2
        return capsys.readouterr().err

    return run
