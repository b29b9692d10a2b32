"""Molecules as bits: what the MoleculeNet sets have in common."""

import csv
import gzip
import io
from typing import ClassVar

import numpy as np

from polytask.datasets.base import Dataset, one_of
from polytask.datasets.readers import arrays, csr, numbers, table
from polytask.datasets.tables import shared
from polytask.datasets.writers import npz
from polytask.errors import extra
from polytask.kinds import Binary, Kind

RADIUS, BITS = 2, 1024
GROUPS = ("scaffold", "molecule")


class Molecules(Dataset):
    """Molecules as ECFP4 bits, sparse; repeated molecules share a group.

    A subclass has the field ``groups``.
    """

    groups: str
    kind: ClassVar[Kind] = Binary()
    tables: ClassVar[tuple[str, str]]  # endings of the text table and of the bits

    def __post_init__(self):
        one_of(self, "groups", self.groups, GROUPS)

    def load(self):
        names, cells = table(self._path(self.tables[0]))
        bits = arrays(self._path(self.tables[1]))
        targets = [j for j, name in enumerate(names) if self._is_target(name)]
        smiles = np.array([row[names.index("smiles")].strip() for row in cells])
        groups = (
            molecules(smiles) if self.groups == "molecule" else scaffolds(smiles, bits["scaffold"])
        )
        inputs = [f"bit_{i}" for i in range(BITS)]
        return shared(
            csr(bits),
            numbers(cells, targets),
            [names[j] for j in targets],
            kind=self.kind,
            inputs=inputs,
            groups=groups,
        )

    def _is_target(self, column):
        return column not in ("smiles", "mol_id")


def molecules(smiles):
    """One number ``(n,)`` per molecule, by its SMILES text."""
    return np.unique(smiles, return_inverse=True)[1].astype(np.int64)


def scaffolds(smiles, scaffold):
    """Scaffold number ``(n,)``; one that was not parsed (-1) is alone with its repeats."""
    alone = molecules(smiles) + scaffold.max() + 1
    return np.where(scaffold < 0, alone, scaffold).astype(np.int64)


def fingerprints(content):
    """ECFP4 bits and scaffold numbers of the column ``smiles`` of a text table.

    Raises
    ------
    MissingExtraError
        Without RDKit.
    """
    chem = extra("rdkit.Chem", "molecules")
    morgan = extra("rdkit.Chem.rdFingerprintGenerator", "molecules")
    murcko = extra("rdkit.Chem.Scaffolds.MurckoScaffold", "molecules")
    make = morgan.GetMorganGenerator(radius=RADIUS, fpSize=BITS)
    found: list[tuple[list[int], int, int]] = []
    numbers_of: dict[str, int] = {}
    for smiles in _smiles(content):
        molecule = chem.MolFromSmiles(smiles)
        if molecule is None:
            found.append(([], 0, -1))
            continue
        text = murcko.MurckoScaffoldSmiles(mol=molecule)
        bits = list(make.GetFingerprint(molecule).GetOnBits())
        found.append((bits, 1, numbers_of.setdefault(text, len(numbers_of))))
    all_bits, valid, scaffold = zip(*found, strict=True)
    return npz(
        indptr=np.cumsum([0, *map(len, all_bits)]).astype(np.int32),
        indices=np.concatenate([np.array(one, dtype=np.uint16) for one in all_bits]),
        shape=np.array([len(all_bits), BITS], dtype=np.int64),
        valid=np.array(valid, dtype=np.uint8),
        scaffold=np.array(scaffold, dtype=np.int32),
    )


def _smiles(content):
    raw = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
    return [row["smiles"] for row in csv.DictReader(io.StringIO(raw.decode("utf-8")))]
