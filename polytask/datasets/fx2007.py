"""Foreign exchange 2007: thirteen series with holes."""

from dataclasses import dataclass

import numpy as np

from polytask.datasets.base import Dataset
from polytask.datasets.files import DataFile, Repository
from polytask.datasets.readers import numbers, table
from polytask.datasets.tables import shared
from polytask.datasets.writers import same

COGP = Repository("trungngv/cogp", "3b07f621ff11838e89700cfb58d26ca39b119a35")
# First and last day, counted from 1, that the known task hides.
HIDDEN = {"CAD/USD": (50, 100), "JPY/USD": (100, 150), "AUD/USD": (150, 200)}


@dataclass(frozen=True)
class FX2007(Dataset):
    """Ten currencies and three metals against the dollar on 251 days of 2007, with holes.

    A regression task per series; the one input is the number of the working day, from 1, and
    ``data.time`` the same. ``benchmark()`` gives the task of the literature: three series with a
    stretch of 51 days hidden, to be filled from the others.

    Examples
    --------
    >>> FX2007().tasks
    13
    """

    name = "fx2007"
    title = "Foreign exchange 2007"
    rows, features, tasks = 251, 1, 13
    source = "http://fx.sauder.ubc.ca/data.html"
    licence = "not stated (PACIFIC Exchange Rate Service, academic use)"
    citation = (
        "Alvarez, Luengo, Titsias, Lawrence. Efficient multioutput Gaussian processes through "
        "variational inducing kernels. AISTATS 2010; Nguyen, Bonilla. Collaborative multi-output "
        "Gaussian processes. UAI 2014."
    )
    split = (
        "cells, not rows: days 50-100 of CAD, 100-150 of JPY and 150-200 of AUD are the test: "
        "``benchmark()``"
    )
    traps = (
        "59 labels of the metals are missing; a random split of rows interpolates between "
        "neighbouring days; published scores are on standardised series."
    )
    files = (
        DataFile(
            "fx2007/fxdata2007.csv",
            "159feb2a48da253181e20ac9e47d886fe8bc2a5e12cd17120a6f39b4500300b7",
            (
                COGP.file(
                    "data/fx/fxdata2007.csv",
                    "159feb2a48da253181e20ac9e47d886fe8bc2a5e12cd17120a6f39b4500300b7",
                ),
            ),
            same,
            rebuilt=True,
        ),
    )

    def load(self):
        header, cells = table(self._path(".csv"))
        Y = numbers(cells, range(3, len(header)))
        day = np.arange(1.0, len(Y) + 1)
        return shared(day[:, None], Y, header[3:], inputs=["day"], time=day)

    def benchmark(self):
        """The task of the literature: (training table with hidden stretches, what was hidden).

        Returns
        -------
        train, test : Tasks
            Both with all rows; ``test`` has the three hidden series only.
        """
        data = self.load()
        hide = {
            name: (data[name].rows + 1 >= first) & (data[name].rows + 1 <= last)
            for name, (first, last) in HIDDEN.items()
        }
        train = [one.pick(~hide[name]) if name in hide else one for name, one in _pairs(data)]
        test = [data[name].pick(mask) for name, mask in hide.items()]
        return data.with_(labels=train), data.with_(labels=test)


def _pairs(data):
    return zip(data.names, data, strict=True)
