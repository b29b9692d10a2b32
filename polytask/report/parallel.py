"""Pieces of work done one by one or by joblib's workers, their results as they come."""

import time

from joblib import Parallel, delayed, effective_n_jobs

from polytask.report.budget import Progress


def results(call, pieces, *, n_jobs=None):
    """Yield ``(piece number, call(*piece))``, in the order in which they are done.

    Parameters
    ----------
    call : function
        Known to every worker by its import.
    pieces : list of tuples of arguments
    n_jobs : int or None
        As in joblib: None is what `joblib.parallel_config` says, and 1 without it.
    """
    work = [delayed(_numbered)(call, i, piece) for i, piece in enumerate(pieces)]
    try:
        pool = Parallel(n_jobs=n_jobs, return_as="generator_unordered")
    except ValueError:
        # some engines (fork, Ray) hand over all results of a call at once
        yield from _by_rounds(work, n_jobs)
        return
    with pool as parallel:
        yield from parallel(work)


def _by_rounds(work, n_jobs):
    """A piece per worker at a time, so that results still come before the end."""
    step = effective_n_jobs(n_jobs)
    with Parallel(n_jobs=n_jobs) as parallel:
        for start in range(0, len(work), step):
            yield from parallel(work[start : start + step])


def _numbered(call, number, piece):
    return number, call(*piece)


class Clock:
    """Counts pieces and says how long the rest will take.

    Parameters
    ----------
    total : int
        Pieces.
    resumed : int
        Pieces that were there already; they take no time.
    """

    def __init__(self, total, resumed=0):
        self.total, self.done, self.resumed = total, 0, resumed
        self.start = time.perf_counter()

    def tick(self, model, split, status):
        """`Progress` after one more piece."""
        self.done += 1
        seconds = time.perf_counter() - self.start
        fresh = self.done - min(self.resumed, self.done)
        left = seconds / fresh * (self.total - self.done) if fresh else None
        return Progress(self.done, self.total, model, split, seconds, left, status)
