"""How many threads small matrix products may take: one."""

from contextlib import nullcontext
from functools import cache

from threadpoolctl import ThreadpoolController

# Numbers in the larger factor of a product below which a second thread costs more than it brings.
SMALL = 2_000_000


@cache
def _controller():
    return ThreadpoolController()  # looks through the loaded libraries: once


def threads_for(size):
    """A context in which products of matrices of ``size`` numbers take their share of threads.

    Small ones take one: handing over to a second thread costs more than the product, and, on a
    machine that is busy, a hundred times more. The number of before is put back at the end.

    >>> import numpy as np
    >>> with threads_for(100):
    ...     product = np.ones((10, 10)) @ np.ones(10)
    """
    return nullcontext() if size > SMALL else one_thread()


def one_thread_inside(size):
    """`one_thread` inside `threads_for` of that size, which may have seen to it already.

    >>> import numpy as np
    >>> with threads_for(100), one_thread_inside(100):
    ...     product = np.ones((10, 10)) @ np.ones(10)
    """
    return one_thread() if size > SMALL else nullcontext()


def one_thread():
    """A context in which products of matrices take one thread.

    >>> import numpy as np
    >>> with one_thread():
    ...     product = np.ones((10, 10)) @ np.ones(10)
    """
    return _controller().limit(limits=1, user_api="blas")
