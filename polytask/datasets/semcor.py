"""SemCor: words with the semantic traits of what they mean."""

from dataclasses import dataclass

from polytask.datasets.base import Dataset
from polytask.datasets.conll import joined, read_conll
from polytask.datasets.files import DataFile, Repository
from polytask.datasets.positions import tagged
from polytask.datasets.tables import consecutive
from polytask.datasets.writers import packed

REPOSITORY = Repository("bplank/multitasksemantics", "f1790638dfe2244fe01b3d45d73dcc6a85b68e81")
FOLDER = "semcor_semantictraits"
# Sums of our file and of its original.
PARTS = {
    "train": (
        "5467441be89542bf590a1c64440b8a35b2bc69440a7718b34dbf313ec1975e2d",
        "68549f579fe88904ac82af83faa36d3f88be5840dfb583b697d916c40d2fcdf7",
    ),
    "dev": (
        "8d0a0c919d89b848b9497bb7a889678b8d56d073384698374ed81419521f3067",
        "c2caa0b81f26721e110560c3c4a537d78c452a7d3ba12f4c9ced5196dbb7f7fe",
    ),
    "test": (
        "ccc40db1aeaf7de8463bc8670413d98ef06898242d064a3b19de6a85094a4a91",
        "18bfa4e0d5488e53ee0c2c88cf1ae27dfda2e367b41c4103077e9b9e42cdb08f",
    ),
}


def _file(part, ours, original):
    path = f"tasks/{FOLDER}/{FOLDER}_{part}.conll"
    return DataFile(
        f"{FOLDER}/{FOLDER}_{part}.conll.gz",
        ours,
        (REPOSITORY.file(path, original),),
        packed,
        rebuilt=True,
    )


@dataclass(frozen=True)
class SemCor(Dataset):
    """Is the thing that a word means alive, an event, an object? 20,138 sentences, one task.

    ``load()`` gives `Positions`: a row is a sentence, and task ``trait`` has ten coarse traits and
    ``O`` for every word.

    Examples
    --------
    >>> SemCor().rows
    20138
    """

    form = "sentences"
    name = "semcor_semantictraits"
    title = "SemCor semantic traits"
    rows, features, tasks = 20138, 1, 1
    source = "https://github.com/bplank/multitasksemantics"
    licence = "not stated; SemCor itself is distributed with WordNet under a free licence"
    citation = (
        "Martinez Alonso, Plank. When is multitask learning effective? Semantic sequence "
        "prediction under varying data conditions. EACL 2017; Miller et al. 1993."
    )
    split = "of that paper, 13,874 training, 1,567 valid and 4,697 test sentences: ``splits()``"
    traps = (
        "two words in three are O, so count F1 of the traits beside accuracy; tags are of words, "
        "not spans; rare traits (Plant: 475 of 304,543 words) decide macro means."
    )
    files = tuple(_file(part, *sums) for part, sums in PARTS.items())

    def load(self):
        """Sentences with a trait per word, as `Positions`."""
        paths = [self._path(f"{part}.conll.gz") for part in PARTS]
        words = joined([read_conll(path, ("form", "trait"), separator="\t") for path in paths])
        return tagged(words.columns["form"], {"trait": words.columns["trait"]})

    def parts(self):
        return consecutive(train=13874, valid=1567, test=4697)
