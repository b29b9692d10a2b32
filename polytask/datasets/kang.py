"""Digits as Kang, Grauman and Sha prepared them: reduced by PCA, one fixed split."""

from dataclasses import dataclass

import numpy as np

from polytask.datasets.base import Dataset
from polytask.datasets.files import DataFile, Repository
from polytask.datasets.readers import arrays
from polytask.datasets.tables import one_vs_rest, rows
from polytask.datasets.writers import mat, npz

PYMTL = Repository("tjanez/PyMTL", "97dfc15be3769240f2099d036ce2b55b30a56f5f")
PARTS = ("train", "valid", "test")


def convert(content):
    """From doubles to float32, part by part."""
    file = mat(content)
    made = {}
    for part in PARTS:
        made[f"X_{part}"] = file[f"digit_{part}x"].astype(np.float32)
        made[f"y_{part}"] = file[f"digit_{part}y"].ravel().astype(np.int8)
    return npz(**made)


class Kang(Dataset):
    """One of the two sets of Kang, Grauman and Sha."""

    licence = "not stated"
    citation = (
        "Kang, Grauman, Sha. Learning with whom to share in multi-task feature learning. ICML 2011."
    )
    split = "1,000 training, 500 validation and 500 test rows (their split 1): ``parts()``"
    traps = (
        "500 test rows give a standard error of about 1.5 points: small differences mean nothing. "
        "Labels run from 1 to 10 as in the file; which digit a label stands for is not stated."
    )

    def load(self):
        file = arrays(self._path(".npz"))
        X = np.concatenate([file[f"X_{part}"] for part in PARTS]).astype(np.float64)
        y = np.concatenate([file[f"y_{part}"] for part in PARTS])
        return one_vs_rest(X, y, range(1, 11), "label")

    def parts(self):
        return {"train": rows(0, 1000), "valid": rows(1000, 1500), "test": rows(1500, 2000)}


def split_file(name, original_sum, our_sum):
    """The file of one of the two sets."""
    original = PYMTL.file(f"data/{name}_digits/split1_{name}_1000train.mat", original_sum)
    return (
        DataFile(f"kang_digits/{name}_split1.npz", our_sum, (original,), convert, rebuilt=True),
    )


@dataclass(frozen=True)
class KangMNIST(Kang):
    """Which digit is it? 2,000 digits of MNIST in 87 principal components: ten binary tasks.

    Examples
    --------
    >>> KangMNIST().features
    87
    """

    name = "kang_mnist"
    title = "MNIST digits of Kang, Grauman and Sha"
    rows, features, tasks = 2000, 87, 10
    source = "http://yann.lecun.com/exdb/mnist/"
    files = split_file(
        "mnist",
        "164d20effee22b1df109588b37109890d648dbabd7bf7cb67c88f69e84cc4de8",
        "731dd1ef6343497704ac9434ad7a08f6e4b15f5eeedc4a53295ec05f1c25251b",
    )


@dataclass(frozen=True)
class KangUSPS(Kang):
    """Which digit is it? 2,000 digits of USPS in 64 principal components: ten binary tasks.

    Examples
    --------
    >>> KangUSPS().features
    64
    """

    name = "kang_usps"
    title = "USPS digits of Kang, Grauman and Sha"
    rows, features, tasks = 2000, 64, 10
    source = "https://hastie.su.domains/ElemStatLearn/"
    files = split_file(
        "usps",
        "106c4157c08d5df9b4c1b713ddca65696e1b63aa6bc0b20d765597b6d890cda6",
        "d07312b586596b5b24b09fc2d4f7b6689404be86e2256dd2e63d43ee5ca5cb19",
    )
