"""UD English EWT: a treebank of the web, with parts of speech, features and relations."""

from dataclasses import dataclass, replace

import numpy as np

from polytask.datasets.base import Dataset
from polytask.datasets.conll import joined, read_conllu
from polytask.datasets.files import DataFile, Repository
from polytask.datasets.positions import tagged
from polytask.datasets.tables import consecutive
from polytask.datasets.writers import packed
from polytask.kinds import Dependency
from polytask.task import Task

REPOSITORY = Repository(
    "UniversalDependencies/UD_English-EWT", "15d613d8447b3478787d4c278730a1e48a945efb"
)
TAGS = ("upos", "xpos", "feats", "lemma", "deprel")
# Sums of our file and of its original.
PARTS = {
    "train": (
        "4861d76b9c49cb3524dfdf7d02e78c1d6a4c4e6fb892f9e6128cc671a6f195a8",
        "3fb78e2b55482c8ee00caa653af436c88c9e5bc9a73ce26e4ae3ddc79d2b7e7b",
    ),
    "dev": (
        "24656b4a407808e7b9e42959b2e39e18ae5580bfbf3b27938d6873dabaed8845",
        "531a54ff90d6ab12201c5a50c3e78e6ddac4de69abc4bce5d275d3cd29efe2b6",
    ),
    "test": (
        "0506bfdbccef68634d5429369e67a7d4418b2340bd2b2ddcfca8373514af83bc",
        "e266e515a0a7547657ed3d90d9ba46487d6bd251f27ad4269d4e8a427c8555cd",
    ),
}


def _file(part, ours, original):
    name = f"en_ewt-ud-{part}.conllu"
    return DataFile(
        f"ud_english_ewt/{name}.gz", ours, (REPOSITORY.file(name, original),), packed, rebuilt=True
    )


@dataclass(frozen=True)
class UDEnglish(Dataset):
    """How is a sentence of the web built? 16,622 sentences with parts of speech and relations.

    ``load()`` gives `Positions`: a row is a sentence. Tasks ``upos``, ``xpos``, ``feats``,
    ``lemma`` and ``deprel`` have classes; ``dependency`` is the number of the word that a word
    depends on, counted from 1 (0 for the root), with the relation to it. Groups are documents.

    Examples
    --------
    >>> UDEnglish().rows
    16622
    """

    form = "sentences"
    name = "ud_english_ewt"
    title = "UD English EWT, a treebank of the web"
    rows, features, tasks = 16622, 1, 6
    source = "https://universaldependencies.org/treebanks/en_ewt/"
    licence = "annotations CC BY-SA 4.0; the texts have several owners"
    citation = "Silveira et al. A gold standard dependency corpus for English. LREC 2014."
    split = "official, 12,544 training, 2,001 valid and 2,077 test sentences: ``splits()``"
    traps = (
        "sentences of a document stand together, so a random split by row leaks; a lemma is a "
        "class of its own here (thousands), leave it out of a softmax; words that were written "
        "together are the parts of UD (do, n't)."
    )
    files = tuple(_file(part, *sums) for part, sums in PARTS.items())

    def load(self):
        """Sentences with six labels per word, as `Positions`."""
        words = joined([read_conllu(self._path(f"{part}.conllu.gz")) for part in PARTS])
        tags = {name: words.columns[name] for name in TAGS}
        data = tagged(words.columns["form"], tags, _documents(words.comments))
        deprel = data.task("deprel").kind
        heads = [np.array(row, dtype=np.float64) for row in words.columns["head"]]
        trees = [np.stack(both, axis=1) for both in zip(heads, data["deprel"], strict=True)]
        return replace(
            data,
            tasks=(*data.tasks, Task("dependency", Dependency(deprel.classes))),
            labels={**data.labels, "dependency": trees},
        )

    def parts(self):
        return consecutive(train=12544, valid=2001, test=2077)


def _documents(comments):
    """The number of the document ``(n,)`` of every sentence."""
    starts = ["newdoc id" in one for one in comments]
    return np.cumsum(starts)
