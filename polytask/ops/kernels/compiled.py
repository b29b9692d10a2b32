"""How a loop is compiled: once per machine where a cache folder can be written."""

from hashlib import sha256
from pathlib import Path

import numba

# Sums may be taken in any order and products fused; NaN and infinity stay what they are.
FAST = {"reassoc", "contract", "nsz"}


def digest(folder):
    """Eight letters that change with any file of a folder of loops.

    A loop has the loops that it calls inside its machine code, but numba looks at the file of the
    caller only: without this a new version of the callee would never be seen.
    """
    found = sha256()
    for file in sorted(Path(folder).glob("*.py")):
        found.update(file.read_bytes())
    return found.hexdigest()[:8]


VERSION = digest(Path(__file__).parent)


def compiled(function):
    """The function as machine code; kept on disk, or, where no folder can be written, in memory.

    >>> @compiled
    ... def double(x):
    ...     return 2 * x
    >>> double(1.5)
    3.0
    """
    name = function.__qualname__
    # the name of the file in the cache is made from it
    function.__qualname__ = f"{name}_{VERSION}"
    try:
        return numba.njit(cache=True, fastmath=FAST, error_model="numpy")(function)
    except RuntimeError:  # no folder for the cache: neither beside the file nor in the home
        return numba.njit(fastmath=FAST, error_model="numpy")(function)
    finally:
        function.__qualname__ = name
