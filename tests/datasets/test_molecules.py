"""Molecules: bits are made by RDKit, and repeats share a group."""

import io
import sys

import numpy as np
import pytest

from polytask import datasets
from polytask.datasets.molecules import fingerprints, molecules, scaffolds
from polytask.errors import MissingExtraError, ParameterError

TABLE = b"smiles,label\nc1ccccc1O,1\nCCO,0\nnot a molecule,0\nc1ccccc1N,1\n"


def test_repeats_share_a_number():
    numbers = molecules(np.array(["CCO", "CC", "CCO"]))
    assert numbers[0] == numbers[2] != numbers[1]


def test_a_molecule_that_was_not_parsed_is_alone_with_its_repeats():
    groups = scaffolds(np.array(["bad", "CC", "bad", "worse"]), np.array([-1, 0, -1, -1]))
    assert groups[0] == groups[2]
    assert len(set(groups.tolist())) == 3


def test_bits_and_scaffolds_of_four_molecules():
    pytest.importorskip("rdkit")
    made = dict(np.load(io.BytesIO(fingerprints(TABLE))))
    assert made["shape"].tolist() == [4, 1024]
    assert made["valid"].tolist() == [1, 1, 0, 1]
    # phenol and aniline share the benzene ring; ethanol has none
    assert made["scaffold"].tolist() == [0, 1, -1, 0]
    assert np.diff(made["indptr"])[2] == 0


def test_without_rdkit_the_message_has_the_extra(monkeypatch):
    for name in ("rdkit", "rdkit.Chem"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtraError, match=r'"polytask\[molecules\]"'):
        fingerprints(TABLE)


def test_unknown_groups_are_refused():
    with pytest.raises(ParameterError, match="groups out of"):
        datasets.Tox21(groups="atom")


@pytest.mark.data("delaney")
def test_hints_stand_beside_the_main_task():
    data = datasets.Delaney(hints=True).load()
    roles = {task.name: task.role for task in data.tasks}
    assert data.names[0] == "measured log solubility in mols per litre"
    assert list(roles.values()) == ["main"] + ["auxiliary"] * 5
    assert not [name for name in data.names if "predicted" in name]


@pytest.mark.data("tox21")
def test_a_default_split_keeps_scaffolds_apart():
    train, test = datasets.load("tox21").split(seed=1)
    assert not set(train.groups.tolist()) & set(test.groups.tolist())
    # groups of very different size are dealt whole, so the share is near a quarter only
    assert 0.2 < test.n_rows / (train.n_rows + test.n_rows) < 0.3
