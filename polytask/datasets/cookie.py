"""Biscuit dough: near-infrared spectra and four ingredients."""

from dataclasses import dataclass

import numpy as np

from polytask.datasets.base import Dataset
from polytask.datasets.files import DataFile, Repository
from polytask.datasets.readers import arrays
from polytask.datasets.tables import rows, shared
from polytask.datasets.writers import mat, npz

PMTK = Repository("probml/pmtkdata", "42bc2738a294382f9d6ffb1b0203404ffb10295a")


def convert(content):
    """From MATLAB arrays, names made plain."""
    file = mat(content)
    return npz(
        X_train=file["A_train"].copy(),
        Y_train=file["y_train"].copy(),
        X_test=file["A_test"].copy(),
        Y_test=file["y_test"].copy(),
        wavelength_nm=file["spectrum"].ravel(),
        target_names=np.array([str(one[0]).strip() for one in file["ingredients"][0]]),
    )


@dataclass(frozen=True)
class Cookie(Dataset):
    """Fat, sucrose, flour and water of 70 biscuit doughs from their near-infrared spectra.

    A regression task per ingredient, in per cent, over 300 wavelengths: far more inputs than rows.

    Examples
    --------
    >>> Cookie().features
    300
    """

    name = "cookie"
    title = "Biscuit dough, near-infrared"
    rows, features, tasks = 70, 300, 4
    source = "not known"
    licence = "not stated"
    citation = (
        "Osborne, Fearn, Miller, Douglas. J. Sci. Food Agric. 35, 1984; Brown, Fearn, Vannucci. "
        "Bayesian wavelet regression on curves. JASA 96, 2001."
    )
    split = "39 training and 31 test doughs: ``splits()``"
    traps = (
        "the outliers that the papers name are already taken out; the ingredients sum to 98.08 per "
        "cent in every dough, so any three give the fourth; 31 test rows."
    )
    files = (
        DataFile(
            "cookie_nir/cookie_nir.npz",
            "1a861e592bce36da9ae3334db069b49381ced0710f59df3da240f243e454e281",
            (
                PMTK.file(
                    "biscuits/biscuits.mat",
                    "a7fafd6ebdedc6c26376c8b83fb5e2128d9a52f7b313728d1c125ba730ff2860",
                ),
            ),
            convert,
            rebuilt=True,
        ),
    )

    def load(self):
        file = arrays(self._path(".npz"))
        X = np.concatenate([file["X_train"], file["X_test"]])
        Y = np.concatenate([file["Y_train"], file["Y_test"]])
        inputs = [f"{int(length)} nm" for length in file["wavelength_nm"]]
        return shared(X, Y, file["target_names"], inputs=inputs)

    def parts(self):
        return {"train": rows(0, 39), "test": rows(39, 70)}
