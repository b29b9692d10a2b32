"""SICK: pairs of sentences, how related they are and whether one follows from the other."""

import csv
from dataclasses import dataclass

import numpy as np

from polytask.datasets.base import Dataset
from polytask.datasets.conll2000 import JOINT
from polytask.datasets.files import DataFile
from polytask.datasets.positions import Positions
from polytask.datasets.readers import reading, text
from polytask.datasets.writers import packed
from polytask.kinds import Multiclass, Regression
from polytask.task import Task

ENTAILMENT = Task("entailment", Multiclass(("CONTRADICTION", "ENTAILMENT", "NEUTRAL")))
RELATEDNESS = Task("relatedness", Regression())
SETS = {"train": "TRAIN", "valid": "TRIAL", "test": "TEST"}


@dataclass(frozen=True)
class SICK(Dataset):
    """How related are two sentences, and does one follow from the other? 9,840 pairs, two tasks.

    ``load()`` gives `Positions`: a row is a pair of sentences, and has one label per task. Task
    ``relatedness`` is a mean judgement from 1 to 5, ``entailment`` has three classes. Words are
    those between spaces, as they stand there.

    Examples
    --------
    >>> SICK().rows
    9840
    """

    form = "pairs"
    name = "sick"
    title = "SICK, relatedness and entailment of sentence pairs"
    rows, features, tasks = 9840, 2, 2
    source = "http://clic.cimec.unitn.it/composes/sick/"
    licence = "CC BY-NC-SA 3.0 (not for commerce)"
    citation = (
        "Marelli et al. A SICK cure for the evaluation of compositional distributional semantic "
        "models. LREC 2014."
    )
    split = "official, 4,439 training, 495 valid and 4,906 test pairs: ``splits()``"
    traps = (
        "a sentence stands in several pairs, on both sides of the split; the word of a negation "
        "alone finds most contradictions."
    )
    files = (
        DataFile(
            "sick/SICK.txt.gz",
            "c2bde8340b1af5a1bbc20f69839ac78c2459142d53b47c6d4ca6f4ee3aa03c64",
            (
                JOINT.file(
                    "data/SICK.txt",
                    "336a65a94eb678515b61c402fce99f6babe9980b36a9d846c8edc871f330e002",
                ),
            ),
            packed,
            rebuilt=True,
        ),
    )

    def load(self):
        """Pairs of sentences with two labels each, as `Positions`."""
        lines = self._lines()
        pairs = tuple(
            (tuple(one["sentence_A"].split()), tuple(one["sentence_B"].split())) for one in lines
        )
        related = np.array([float(one["relatedness_score"]) for one in lines])
        follows = [one["entailment_label"] for one in lines]
        return Positions(
            pairs,
            (RELATEDNESS, ENTAILMENT),
            {
                "relatedness": related,
                "entailment": ENTAILMENT.kind.encode(follows, "entailment"),
            },
        )

    def parts(self):
        found = np.array([one["SemEval_set"] for one in self._lines()])
        return {name: np.flatnonzero(found == word) for name, word in SETS.items()}

    def _lines(self):
        path = self._path(".txt.gz")
        with reading(path):
            content = text(path).splitlines()
            return list(csv.DictReader(content, delimiter="\t", quoting=csv.QUOTE_NONE))
