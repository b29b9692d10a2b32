"""CoNLL-2000: words of the Wall Street Journal with parts of speech and chunks."""

from dataclasses import dataclass

from polytask.datasets.base import Dataset
from polytask.datasets.conll import joined, read_conll
from polytask.datasets.files import DataFile, Repository
from polytask.datasets.positions import tagged
from polytask.datasets.tables import consecutive
from polytask.datasets.writers import packed

JOINT = Repository("rubythonode/joint-many-task-model", "750e93c3afe4def7c36bb7a898c29487e7c2ae3a")
COLUMNS = ("form", "pos", "chunk")


@dataclass(frozen=True)
class CoNLL2000(Dataset):
    """What is every word, and to which phrase does it belong? 10,948 sentences, two tasks.

    ``load()`` gives `Positions`: a row is a sentence, a tuple of words. Task ``pos`` has 44
    classes; ``chunk`` are spans in BIO, 23 classes. The first 8,936 rows are the training part.

    Examples
    --------
    >>> CoNLL2000().rows
    10948
    """

    form = "sentences"
    name = "conll2000"
    title = "CoNLL-2000 chunking, with parts of speech"
    rows, features, tasks = 10948, 1, 2
    source = "https://www.clips.uantwerpen.be/conll2000/chunking/"
    licence = "not stated; text of the Penn Treebank (LDC), posted by the shared task"
    citation = (
        "Tjong Kim Sang, Buchholz. Introduction to the CoNLL-2000 shared task: chunking. "
        "CoNLL 2000."
    )
    split = "official, 8,936 training and 2,012 test sentences: ``splits()``"
    traps = (
        "parts of speech are those of a tagger, not gold; the test sentences lie inside sections "
        "that other treebank tasks train on; F1 is over spans, not over tags."
    )
    files = (
        DataFile(
            "conll2000/train.txt.gz",
            "bb828b11822d90dd2189b9b2d81436f7f09f9d53cf2e3514ffc408cf90434e4f",
            (
                JOINT.file(
                    "data/train.txt",
                    "82033cd7a72b209923a98007793e8f9de3abc1c8b79d646c50648eb949b87cea",
                ),
            ),
            packed,
            rebuilt=True,
        ),
        DataFile(
            "conll2000/test.txt.gz",
            "e9b6ab142898d592b355518374e03cbca0d9678a125aee84876c7a3a6334ce5d",
            (
                JOINT.file(
                    "data/test.txt",
                    "73b7b1e565fa75a1e22fe52ecdf41b6624d6f59dacb591d44252bf4d692b1628",
                ),
            ),
            packed,
            rebuilt=True,
        ),
    )

    def load(self):
        """Sentences with two tags per word, as `Positions`."""
        paths = [self._path(f"{part}.txt.gz") for part in ("train", "test")]
        columns = joined([read_conll(path, COLUMNS, spans=("chunk",)) for path in paths]).columns
        return tagged(columns["form"], {name: columns[name] for name in ("pos", "chunk")})

    def parts(self):
        return consecutive(train=8936, test=2012)
