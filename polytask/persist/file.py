"""`save` and `load`: a fitted model as one file."""

import json
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import safetensors.numpy

import polytask
from polytask.errors import ModelFileError, PolytaskError, require
from polytask.model import Model
from polytask.persist import archive, estimators
from polytask.persist.read import Reader
from polytask.persist.write import Writer

FORMAT = 1
LIBRARIES = ("numpy", "scipy", "scikit-learn", "narwhals", "safetensors", "torch", "skops")


def save(model, path):
    """Write a model to one file that can be read anywhere and executes nothing.

    The file is a zip without compression: ``config.json`` (class, parameters, fitted facts, tasks,
    feature names, versions, the sha256 of the rest), ``arrays.safetensors``, and
    ``estimators.skops`` where scikit-learn estimators are inside (extra ``polytask[io]``). It is
    written whole or not at all.

    Parameters
    ----------
    model : Model
        Fitted or not.
    path : str or Path

    Raises
    ------
    ModelFileError
        If the model holds what a file cannot hold (a function, an open file); names the place.

    Examples
    --------
    >>> import tempfile
    >>> from polytask import Independent, Pooled
    >>> model = Pooled(Independent()).fit([[0.0], [1.0], [2.0]], [0.0, 1.0, 2.0])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(model, f"{folder}/one.model")
    ...     load(f"{folder}/one.model")
    Pooled(estimator=Independent())
    """
    require(
        isinstance(model, Model),
        f"save takes a polytask model. Found {type(model).__name__}. Wrap a scikit-learn "
        "estimator: Independent(estimator).",
        ModelFileError,
    )
    writer = Writer()
    tree = writer.encode(model, type(model).__name__)
    members = {archive.ARRAYS: safetensors.numpy.save(writer.arrays)}
    if writer.estimators:
        members[archive.ESTIMATORS] = estimators.dump(writer.estimators)
    config = _facts(model, members) | {"model": tree}
    text = json.dumps(config, indent=1, allow_nan=False, ensure_ascii=False)
    archive.write(path, {archive.CONFIG: text.encode("utf-8", "surrogatepass"), **members})


def load(path, *, trusted=()):
    """The model of a file: what it predicts is what the saved one predicted, bit for bit.

    The file may come from anywhere: nothing in it is executed, no pickle is read, and no module
    outside polytask (and scikit-learn, through skops) is imported.

    Parameters
    ----------
    path : str or Path
    trusted : sequence of str
        Classes of your own that the file may name: ``"package.module:Class"`` for models and slots,
        ``"package.module.Class"`` for what stands inside scikit-learn estimators.

    Returns
    -------
    Model

    Raises
    ------
    ModelFileError
        If the file is damaged, foreign, from a newer polytask, or names what may not be loaded.

    Examples
    --------
    >>> from polytask.errors import ModelFileError
    >>> try:
    ...     load("no such.model")
    ... except ModelFileError as error:
    ...     print(error)
    Expected a model file. Found no file 'no such.model'. Check the name.
    """
    path = Path(path)
    members = archive.read(path)
    config = _config(members, path)
    _check_digests(config, members, path)
    try:
        return _build(config, members, tuple(trusted))
    except (ModelFileError, ImportError):
        raise
    except (PolytaskError, *DAMAGE) as error:
        raise ModelFileError(
            f"{path.name} does not describe a model ({type(error).__name__}: {error}). Do not use "
            "this file; save the model again."
        ) from error


DAMAGE = (
    *(KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError),
    *(RecursionError, MemoryError, safetensors.SafetensorError),
)


def _facts(model, members):
    fitted = vars(model)
    tasks = [{"name": task.name, "kind": task.kind.name} for task in fitted.get("tasks_", ())]
    features = fitted.get("feature_names_in_")
    return {
        "polytask_model": FORMAT,
        "polytask": polytask.__version__,
        "text": " ".join(model.__repr__(N_CHAR_MAX=10**9).split()),
        "tasks": tasks,
        "features": None if features is None else [str(name) for name in features],
        "libraries": {"python": platform.python_version()} | _versions(),
        "sha256": {name: archive.digest(content) for name, content in members.items()},
    }


def _versions():
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _config(members, path):
    try:
        config = json.loads(members[archive.CONFIG].decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise ModelFileError(
            f"{path.name} has a damaged config.json ({type(error).__name__}). Copy the file again, "
            "or save the model again."
        ) from error
    found = config.get("polytask_model") if isinstance(config, dict) else None
    newer = isinstance(found, int) and found > FORMAT
    require(
        found == FORMAT,
        f"Expected a polytask model of format {FORMAT}. Found format {str(found)[:20]} in "
        f"{path.name}. " + ("Update polytask." if newer else "Save the model again."),
        ModelFileError,
    )
    return config


def _check_digests(config, members, path):
    stated = config.get("sha256")
    found = {name: archive.digest(content) for name, content in members.items()}
    found.pop(archive.CONFIG)
    wrong = [name for name in archive.MEMBERS[1:] if (stated or {}).get(name) != found.get(name)]
    require(
        not wrong,
        f"{path.name} is damaged: {', '.join(wrong)} does not match its sha256. Copy the file "
        "again from its source, or save the model again.",
        ModelFileError,
    )


def _build(config, members, trusted):
    arrays = safetensors.numpy.load(members[archive.ARRAYS])
    packed = members.get(archive.ESTIMATORS)
    inside = [] if packed is None else estimators.load(packed, trusted)
    model = Reader(arrays, inside, trusted).decode(config["model"])
    require(
        isinstance(model, Model),
        f"A model file holds a model. Found {type(model).__name__}. Do not use this file.",
        ModelFileError,
    )
    return model
