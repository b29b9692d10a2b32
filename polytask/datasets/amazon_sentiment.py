"""Amazon sentiment: reviews of four kinds of goods, a task per kind."""

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from scipy import sparse

from polytask.datasets.base import Dataset
from polytask.datasets.files import DataFile, Repository
from polytask.datasets.readers import arrays, csr
from polytask.datasets.tables import separate
from polytask.datasets.writers import csr_parts, npz
from polytask.kinds import Binary

REPOSITORY = Repository(
    "GRAAL-Research/domain_adversarial_neural_network", "74eec5e0ae06bd6614bce048abba492c16a633e3"
)
WORDS = 5000
TRAIN = 2000  # of every domain
# Test reviews of a domain; sums of the file and of its originals for training and test.
DOMAINS = {
    "books": (
        4465,
        "dd86abd7acd5885215334e6f8dc7c2cad1ac27c9e4c8b8323c4b217c9362f8f5",
        "317f9a2ec34b81de770b63a84d8c5cc2dc16bd0be6e079d2ff5b5bad5213ea19",
        "fe4605c7dcf0e0a9410fd2a32f247caaf9abb352cc6e4c3e0f400853163ad9c4",
    ),
    "dvd": (
        3586,
        "2a289d4edd38296b0a81270ad91b6bc04638780730fd621b2e8f5b5e4ca8c2ba",
        "95f602aa08bf6b55758f7b0b18df3882fe30acb11987ee60b6b4bb3c44cba733",
        "4fe1b1a15010f78d8d0c49fe362d35fd4677463a45f1ac02a9f410ae1e638060",
    ),
    "electronics": (
        5681,
        "e444f4c311cc3db770f2836bdee06100cba156749f3b30929c04a4380a8859b9",
        "7d0061f03ff3827e4f8036b051b5e5828fddc0cd115aa5b212cd28d624dc14e4",
        "641783bc941839c3a111d3488a1b7e3bd820a61ec14a129e7429b47703aa961d",
    ),
    "kitchen": (
        5945,
        "63b815d3cd6fda404deaad0f8e3e14fd8a6627f58b35886db855fc9c1e348180",
        "a70b5ebfe1413e0e16280360905f5c3b64389c435cd20c0165dc9d7f293b31b5",
        "e1502b97a824eb12314be4447394fa736fecb781c0724e6529cd6733ac7ff6d8",
    ),
}


def convert(*contents):
    """From svmlight text, training and test, to CSR parts."""
    made: dict[str, np.ndarray] = {}
    for part, content in zip(("train", "test"), contents, strict=True):
        X, y = _counts(content)
        made |= csr_parts(X, f"{part}_")
        made[f"{part}_y"] = y
    return npz(**made)


def _counts(content):
    """Counts ``(n, WORDS)`` and labels ``(n,)`` of a file whose words are numbered from 0."""
    from sklearn.datasets import load_svmlight_file

    X, y = load_svmlight_file(BytesIO(content), n_features=WORDS, zero_based=True)
    return X.astype(np.uint8), (y > 0).astype(np.uint8)


def _file(domain, _, made, *originals):
    paths = [f"data/{domain}_{part}.svmlight" for part in ("train", "test")]
    return DataFile(
        f"amazon_sentiment/{domain}.npz",
        made,
        tuple(map(REPOSITORY.file, paths, originals)),
        convert,
        rebuilt=True,
    )


@dataclass(frozen=True)
class AmazonSentiment(Dataset):
    """Is the review a good one? 27,677 reviews of books, films, electronics and kitchen goods.

    A binary task per domain, every review in one of them. Sparse counts of the 5,000 most frequent
    words and pairs of words, the same columns for all domains; half of the reviews are positive.

    Examples
    --------
    >>> AmazonSentiment().tasks
    4
    """

    name = "amazon_sentiment"
    title = "Multi-domain sentiment (Amazon reviews)"
    rows, features, tasks = 27677, WORDS, 4
    source = "http://www.cs.jhu.edu/~mdredze/datasets/sentiment/"
    licence = "not stated"
    citation = (
        "Blitzer, Dredze, Pereira. Biographies, Bollywood, boom-boxes and blenders: domain "
        "adaptation for sentiment classification. ACL 2007. Preprocessing: Chen, Xu, Weinberger, "
        "Sha. ICML 2012."
    )
    split = (
        "2,000 training reviews per domain, as Ganin et al. (JMLR 2016) have them; the rest test"
    )
    traps = (
        "the words have no names; rows are the counts themselves, take logarithms before a linear "
        "model; test reviews are two to three times the training reviews."
    )
    files = tuple(_file(domain, *facts) for domain, facts in DOMAINS.items())

    def load(self):
        tables, labels = [], []
        for domain in DOMAINS:
            file = arrays(self._path(f"{domain}.npz"))
            for part in ("train", "test"):
                tables.append(csr(file, f"{part}_"))
                labels.append(file[f"{part}_y"])
        task = np.repeat(np.arange(len(DOMAINS)), [TRAIN + facts[0] for facts in DOMAINS.values()])
        X = sparse.vstack(tables, format="csr")
        return separate(X, np.concatenate(labels), task, tuple(DOMAINS), kind=Binary())

    def parts(self):
        test, start = [], 0
        for size, *_ in DOMAINS.values():
            test.append(np.arange(start + TRAIN, start + TRAIN + size))
            start += TRAIN + size
        rows = np.concatenate(test)
        return {"train": np.setdiff1d(np.arange(self.rows), rows), "test": rows}
