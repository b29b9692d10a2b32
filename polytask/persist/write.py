"""From a value to JSON with references to arrays and estimators."""

import math
from dataclasses import fields, is_dataclass

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator

from polytask.errors import ModelFileError
from polytask.model import Model
from polytask.persist.names import name_of, storable

DEEPEST = 60
BITS = ("MT19937", "PCG64")


class Writer:
    """Walks a value; what is not JSON goes to ``arrays`` and ``estimators``.

    Attributes
    ----------
    arrays : dict of name -> array
    estimators : list of scikit-learn estimators
    """

    def __init__(self):
        self.arrays = {}
        self.estimators = []
        self._places = {}  # id of an array or estimator -> where it is already
        self._alive = []  # an id is good only as long as its object lives

    def encode(self, value, where, depth=0):
        """The JSON of a value; ``where`` is its place, for messages.

        Raises
        ------
        ModelFileError
            If the value is of a kind that model files do not hold.
        """
        if depth > DEEPEST:
            raise ModelFileError(
                f"A model file holds values at most {DEEPEST} levels deep. Found more at "
                f"{where[:80]}: does it refer to itself?"
            )
        if value is None or type(value) in (bool, int, str):
            return value
        if type(value) is float:
            return value if math.isfinite(value) else {"$": "float", "value": repr(value)}
        for kinds, method in self._methods():
            if isinstance(value, kinds):
                return method(value, where, depth + 1)
        if is_dataclass(value) and storable(type(value)):
            return self._record(value, where, depth + 1)
        raise ModelFileError(
            f"A model file holds numbers, text, arrays, models and their parts. Found "
            f"{type(value).__module__}.{type(value).__qualname__} at {where}. Give the model a "
            "value that can be written, or keep it in Python."
        )

    def _methods(self):
        return (
            (np.ndarray, self._array),
            (np.generic, self._scalar),
            (list, self._list),
            (tuple, self._tuple),
            (dict, self._dict),
            (Model, self._model),
            (BaseEstimator, self._estimator),
            (np.dtype, lambda value, where, depth: {"$": "dtype", "value": value.str}),
            ((np.random.RandomState, np.random.Generator), self._random),
            (SPARSE, self._sparse),
        )

    def _list(self, value, where, depth):
        return [self.encode(item, f"{where}[{i}]", depth) for i, item in enumerate(value)]

    def _tuple(self, value, where, depth):
        return {"$": "tuple", "items": self._list(value, where, depth)}

    def _dict(self, value, where, depth):
        pairs = [
            [self.encode(k, f"a key of {where}", depth), self.encode(v, f"{where}[{k!r}]", depth)]
            for k, v in value.items()
        ]
        return {"$": "dict", "items": pairs}

    def _scalar(self, value, where, depth):
        array = self._array(np.asarray(value), where, depth)
        return {"$": "scalar", "of": array}

    def _array(self, value, where, depth):
        value = np.asarray(value)
        if value.dtype.kind in "UO":
            items = [self.encode(item, where, depth) for item in value.ravel().tolist()]
            shape = list(value.shape)
            return {"$": "objects", "dtype": value.dtype.str, "shape": shape, "items": items}
        if value.dtype.kind in "mM":
            return {"$": "times", "dtype": value.dtype.str, "of": self._tensor(value.view("i8"))}
        if value.dtype.kind in "biuf" and value.dtype.itemsize <= 8:
            return self._tensor(value)
        raise ModelFileError(
            f"A model file holds arrays of numbers, text and times. Found dtype {value.dtype} at "
            f"{where}. Convert it."
        )

    def _tensor(self, value):
        if id(value) not in self._places:
            # columns first stays columns first: the sums of a product depend on it in the last bit
            columns = value.ndim > 1 and value.flags.f_contiguous and not value.flags.c_contiguous
            name = f"a{len(self.arrays)}"
            native = value.dtype.newbyteorder("=")
            flat = np.ascontiguousarray(value.T if columns else value, dtype=native)
            self.arrays[name] = flat.reshape(value.T.shape if columns else value.shape)
            self._places[id(value)] = {"$": "array", "name": name, "columns": columns}
            self._alive.append(value)
        return self._places[id(value)]

    def _sparse(self, value, where, depth):
        if value.format not in ("csr", "csc"):
            return self._sparse(value.tocsr(), where, depth)
        parts = [
            self._array(part, where, depth) for part in (value.data, value.indices, value.indptr)
        ]
        kind = type(value).__name__
        return {"$": "sparse", "class": kind, "shape": list(value.shape), "parts": parts}

    def _random(self, value, where, depth):
        legacy = isinstance(value, np.random.RandomState)
        state = value.get_state(legacy=False) if legacy else value.bit_generator.state
        if state["bit_generator"] not in BITS:
            raise ModelFileError(
                f"A model file holds random states of {BITS}. Found {state['bit_generator']} at "
                f"{where}. Give random_state a number."
            )
        return {"$": "random", "legacy": legacy, "state": self._dict(state, where, depth)}

    def _estimator(self, value, where, depth):
        if id(value) not in self._places:
            self._places[id(value)] = {"$": "estimator", "index": len(self.estimators)}
            self.estimators.append(value)
        return self._places[id(value)]

    def _record(self, value, where, depth):
        held = {
            field.name: self.encode(getattr(value, field.name), f"{where}.{field.name}", depth)
            for field in fields(value)
        }
        return {"$": "record", "class": self._name(type(value), where), "fields": held}

    def _model(self, model, where, depth):
        """Constructor parameters and fitted facts apart; ``_state`` adds what is no plain value."""
        names = model.get_params(deep=False)
        held = {
            name: self.encode(value, f"{where}.{name}", depth)
            for name, value in vars(model).items()
            if not _rebuilt(model, name, value)
        }
        written = {
            "$": "model",
            "class": self._name(type(model), where),
            "parameters": {name: held[name] for name in held if name in names},
            "fitted": {name: held[name] for name in held if name not in names},
        }
        if hasattr(model, "_state") and hasattr(model, "task_names_"):
            state = {name: np.asarray(array) for name, array in model._state().items()}
            written["state"] = self._dict(state, f"{where}._state()", depth)
        return written

    def _name(self, kind, where):
        if "<locals>" in kind.__qualname__:
            raise ModelFileError(
                f"A model file names classes that can be imported. Found {kind.__qualname__} at "
                f"{where}. Define the class at the top of a module."
            )
        return name_of(kind)


SPARSE = (sparse.csr_matrix, sparse.csc_matrix, sparse.csr_array, sparse.csc_array)


def _rebuilt(model, name, value):
    """Nets come back from ``_restore``: they are what ``_state`` describes."""
    return hasattr(model, "_restore") and (
        name in getattr(model, "_rebuilt", ()) or hasattr(value, "state_dict")
    )
