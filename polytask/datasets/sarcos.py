"""SARCOS: inverse dynamics of a robot arm."""

from dataclasses import dataclass

from polytask.datasets.base import Dataset
from polytask.datasets.files import DataFile, Repository
from polytask.datasets.readers import arrays
from polytask.datasets.tables import shared
from polytask.datasets.writers import mat, npz

REPOSITORY = Repository("Kaixhin/SARCOS", "bd4800d952ec1a9153cdc84a325ac796f140265e")


def convert(content):
    """Apart: 21 inputs and 7 torques."""
    values = mat(content)["sarcos_inv_test"]
    return npz(X=values[:, :21].copy(), Y=values[:, 21:].copy())


@dataclass(frozen=True)
class Sarcos(Dataset):
    """Which torques move a robot arm like this? 4,449 moments, seven joints.

    Inputs are seven positions, velocities and accelerations; a regression task per joint torque.

    Examples
    --------
    >>> Sarcos().rows
    4449
    """

    name = "sarcos"
    title = "SARCOS inverse dynamics, the official test file"
    rows, features, tasks = 4449, 21, 7
    source = "http://www.gaussianprocess.org/gpml/data/"
    licence = "not stated"
    citation = (
        "Vijayakumar, Schaal. Locally weighted projection regression. ICML 2000; Rasmussen, "
        "Williams. Gaussian Processes for Machine Learning. MIT Press 2006."
    )
    split = "none for these rows: officially 44,484 others are for training, and these are the test"
    traps = (
        "this is the test file alone; its moments lie on the trajectories of the training file, so "
        "a random split interpolates, and scores do not compare with published ones."
    )
    files = (
        DataFile(
            "sarcos_test/sarcos_inv_test.npz",
            "0c21ab5fd6a5c699ceaa3dde1405ac5d7ae307619f08c408bde51bff5a2e2297",
            (
                REPOSITORY.file(
                    "sarcos_inv_test.mat",
                    "161a59b5c3b4f4b404584323f181607b2acbe620eb134dc720760dc3f38f5cec",
                ),
            ),
            convert,
            rebuilt=True,
        ),
    )

    def load(self):
        file = arrays(self._path(".npz"))
        inputs = [
            f"{what}_{i}" for what in ("position", "velocity", "acceleration") for i in _joints()
        ]
        return shared(file["X"], file["Y"], [f"torque {i}" for i in _joints()], inputs=inputs)


def _joints():
    return range(1, 8)
