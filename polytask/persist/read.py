"""From JSON with references back to values; every name is checked before it is looked up."""

from dataclasses import fields

import numpy as np
from scipy import sparse

from polytask.errors import ModelFileError, require
from polytask.model import Model
from polytask.persist.names import find_class
from polytask.persist.write import BITS
from polytask.slot import Slot

SPARSE = {
    "csr_array": sparse.csr_array,
    "csc_array": sparse.csc_array,
    "csr_matrix": sparse.csr_matrix,
    "csc_matrix": sparse.csc_matrix,
}
FLOATS = {"inf": np.inf, "-inf": -np.inf, "nan": np.nan}


class Reader:
    """Builds the value that a `Writer` wrote.

    Parameters
    ----------
    arrays : dict of name -> array
    estimators : list of scikit-learn estimators
    trusted : sequence of str
        Names of classes outside polytask that may be imported.
    """

    def __init__(self, arrays, estimators, trusted=()):
        self.arrays = arrays
        self.estimators = estimators
        self.trusted = trusted
        self._made = {}

    def decode(self, node):
        """The value of a node of the JSON tree.

        Raises
        ------
        ModelFileError
            If the node is of a kind that is not known.
        """
        if isinstance(node, list):
            return [self.decode(item) for item in node]
        if not isinstance(node, dict):
            return node
        method = self._methods().get(node.get("$"))
        require(
            method is not None,
            f"A model file of this version holds {', '.join(self._methods())}. Found "
            f"{str(node.get('$'))[:40]!r}. Do not use this file, or update polytask.",
            ModelFileError,
        )
        return method(node)

    def _methods(self):
        return {
            "float": lambda node: FLOATS[node["value"]],
            "tuple": lambda node: tuple(self.decode(node["items"])),
            "dict": self._dict,
            "scalar": lambda node: self.decode(node["of"])[()],
            "array": self._array,
            "objects": self._objects,
            "times": lambda node: self.decode(node["of"]).view(_dtype(node, "mM")),
            "dtype": lambda node: _dtype({"dtype": node["value"]}, "biufmMUO"),
            "sparse": self._sparse,
            "random": self._random,
            "estimator": lambda node: self.estimators[node["index"]],
            "record": self._record,
            "model": self._model,
        }

    def _dict(self, node):
        return {self.decode(key): self.decode(value) for key, value in node["items"]}

    def _array(self, node):
        name = node["name"]
        if name not in self._made:
            # a copy: our own memory, aligned and writable, as it was when it was fitted
            array = np.array(self.arrays[name])
            self._made[name] = array.T if node["columns"] else array
        return self._made[name]

    def _objects(self, node):
        dtype = _dtype(node, "UO")
        flat = np.empty(len(node["items"]), dtype=dtype)
        for i, item in enumerate(node["items"]):
            flat[i] = self.decode(item)
        return flat.reshape(node["shape"])

    def _sparse(self, node):
        parts = tuple(self.decode(part) for part in node["parts"])
        matrix = SPARSE[node["class"]](parts, shape=tuple(node["shape"]))
        # wrong indices would make compiled code read foreign memory
        matrix.check_format(full_check=True)
        return matrix

    def _random(self, node):
        state = self.decode(node["state"])
        require(
            state["bit_generator"] in BITS,
            f"A model file holds random states of {BITS}. Found "
            f"{str(state['bit_generator'])[:40]!r}. Do not use this file.",
            ModelFileError,
        )
        bits = np.random.MT19937() if state["bit_generator"] == "MT19937" else np.random.PCG64()
        if node["legacy"]:
            random = np.random.RandomState(bits)
            random.set_state(state)
            return random
        bits.state = state
        return np.random.Generator(bits)

    def _record(self, node):
        kind = find_class(node["class"], self.trusted)
        require(
            not issubclass(kind, Model),
            f"{node['class']} is a model. Found it as a plain record. Do not use this file.",
            ModelFileError,
        )
        held = {name: self.decode(value) for name, value in node["fields"].items()}
        given = {field.name for field in fields(kind) if field.init}
        value = kind(**{name: held.pop(name) for name in list(held) if name in given})
        for field in fields(kind):
            if field.name in held:
                object.__setattr__(value, field.name, held[field.name])
        return value

    def _model(self, node):
        kind = find_class(node["class"], self.trusted)
        require(
            issubclass(kind, Model) and not issubclass(kind, Slot),
            f"Expected a model. Found {node['class']!r}. Do not use this file.",
            ModelFileError,
        )
        model = kind.__new__(kind)
        for name, value in {**node["parameters"], **node["fitted"]}.items():
            require(
                name.isidentifier() and not callable(getattr(kind, name, None)),
                f"A fitted fact is a plain name. Found {name[:40]!r}. Do not use this file.",
                ModelFileError,
            )
            vars(model)[name] = self.decode(value)
        if "state" in node:
            model._restore(self.decode(node["state"]))
        return model


def _dtype(node, kinds):
    dtype = np.dtype(node["dtype"])
    require(
        dtype.kind in kinds and dtype.fields is None,
        f"Expected a dtype of kind {kinds}. Found {dtype}. Do not use this file.",
        ModelFileError,
    )
    return dtype
