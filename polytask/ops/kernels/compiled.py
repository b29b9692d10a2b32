"""How a loop is compiled: once per machine where a cache folder can be written."""

import numba

# Sums may be taken in any order and products fused; NaN and infinity stay what they are.
FAST = {"reassoc", "contract", "nsz"}


def compiled(function):
    """The function as machine code; kept on disk, or, where no folder can be written, in memory.

    >>> @compiled
    ... def double(x):
    ...     return 2 * x
    >>> double(1.5)
    3.0
    """
    try:
        return numba.njit(cache=True, fastmath=FAST, error_model="numpy")(function)
    except RuntimeError:  # no folder for the cache: neither beside the file nor in the home
        return numba.njit(fastmath=FAST, error_model="numpy")(function)
