"""Models to put into files, and files to take apart."""

import json
import zipfile
from dataclasses import dataclass

import numpy as np

from polytask import Model, persist

RANDOM = np.random.default_rng(3)
X = RANDOM.normal(size=(30, 4))
Y = RANDOM.normal(size=(30, 3))
Y[4, 1] = np.nan


class Plain(Model):
    """A model that keeps what it is given, to see what a file holds."""

    def __init__(self, value=None, *, task_column=None):
        self.value = value
        self.task_column = task_column

    def _fit(self, data):
        self.mean_ = {one.task.name: float(one.y.mean()) for one in data}

    def _outputs(self, X, name):
        return np.full(X.shape[0], self.mean_[name])


class Net(Plain):
    """A model with a part that is no plain value, as deep models have one."""

    _rebuilt = ("net_",)

    def _fit(self, data):
        super()._fit(data)
        self.net_ = lambda x: x * self.factor_
        self.factor_ = np.array([2.0])

    def _state(self):
        return {"factor": self.factor_}

    def _restore(self, state):
        factor = state["factor"]
        self.net_ = lambda x: x * factor


@dataclass
class Tree:
    """A record that is no class of polytask."""

    child: object = None


MINE = tuple(f"{__name__}:{kind.__name__}" for kind in (Plain, Net, Tree))


def again(model, folder, **options):
    persist.save(model, folder / "a.model")
    return persist.load(folder / "a.model", **options)


def kept(value, folder):
    """What a file makes of a value."""
    return again(Plain(value), folder, trusted=MINE).value


def members(path):
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def repack(path, parts, *, compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", compression) as file:
        for name, content in parts.items():
            file.writestr(name, content)


def edit(path, change):
    """Rewrite the config of a model file."""
    parts = members(path)
    config = json.loads(parts["config.json"])
    change(config)
    repack(path, parts | {"config.json": json.dumps(config)})
