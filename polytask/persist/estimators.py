"""scikit-learn estimators inside a model file, through skops and its check of types."""

import io
import zipfile

from polytask.errors import ModelFileError, extra, require
from polytask.persist.archive import stored_only
from polytask.persist.names import find_class, ours


def dump(estimators):
    """Bytes of a list of estimators; needs the extra ``polytask[io]``."""
    return extra("skops.io", "io").dumps(list(estimators))


def load(content, trusted=()):
    """The estimators back, after every type among them was checked.

    Raises
    ------
    ModelFileError
        If there are types that neither skops, nor polytask, nor ``trusted`` knows; names them.
    """
    skops = extra("skops.io", "io")
    _no_bomb(content)
    unknown = skops.get_untrusted_types(data=content)
    known = [name for name in unknown if name in trusted or _our_class(name, trusted)]
    strange = sorted(set(unknown) - set(known))
    require(
        not strange,
        f"The model file holds types that are not known to be safe: {', '.join(strange[:5])}. If "
        f"you know where the file comes from, load it with trusted={tuple(strange[:5])}.",
        ModelFileError,
    )
    return skops.loads(content, trusted=known)


def _our_class(name, trusted):
    module, _, qualname = name.rpartition(".")
    if not ours(f"{module}:{qualname}"):
        return False
    try:
        return bool(find_class(f"{module}:{qualname}", trusted))
    except ModelFileError:
        return False


def _no_bomb(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as inner:
            for info in inner.infolist():
                stored_only(info, "estimators.skops")
    except zipfile.BadZipFile as error:
        raise ModelFileError(
            f"estimators.skops is damaged ({error}). Copy the model file again."
        ) from error
