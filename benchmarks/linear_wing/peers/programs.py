"""Peers in other languages: a process each, data and answers in files, seconds by its own clock.

A scenario is a folder with ``sizes.txt`` (T, d, n_1 .. n_T), ``X.bin`` and ``Y.bin`` (float64,
columns one after another, task after task) and, from the program, ``W.bin`` and ``seconds.txt``.
"""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

import numpy as np

from linear_wing.peers.base import Peer, equal_sizes
from linear_wing.prices import Clusters, Dirty, Rows

SCRIPTS = Path(__file__).parents[1] / "programs"
# Wall seconds after which a program is ended.
LONGEST = 60


def written(case):
    """The folder of a scenario; it goes when the value goes."""
    folder = tempfile.TemporaryDirectory()
    sizes = [case.n_tasks, case.n_features, *(len(y) for _, y in case.tables)]
    at = Path(folder.name)
    (at / "sizes.txt").write_text(" ".join(map(str, sizes)))
    with open(at / "X.bin", "wb") as xs, open(at / "Y.bin", "wb") as ys:
        for X, Y in case.tables:
            xs.write(np.asarray(X, order="F").tobytes(order="F"))
            ys.write(np.asarray(Y, order="F").tobytes(order="F"))
    return folder


@dataclass(frozen=True)
class Program(Peer):
    """A peer that is a script of another language.

    Attributes
    ----------
    command : tuple of str
        The interpreter, its options and our script.
    """

    warms: ClassVar[bool] = False
    stride: ClassVar[int] = 2  # a process for every try

    command: tuple = ()

    def missing(self):
        program = self.command[0]
        if shutil.which(program) is None:
            return f"{program} is not installed"
        return found(self.command, self.name)

    def run(self, case, data, tol):
        """Its own CPU seconds inside the solver, and the answers."""
        at = Path(data.name)
        words = [self.name, str(at), repr(tol), *self.solve(case)]
        subprocess.run(
            [*self.command, *words], timeout=LONGEST, check=True, capture_output=True, env=_alone()
        )
        flat, d = np.fromfile(at / "W.bin"), case.n_features
        count = 2 if isinstance(case.price, Dirty) else len(case.strengths)
        Ws = list(flat.reshape(count, case.n_tasks, d).transpose(0, 2, 1))
        seconds = float((at / "seconds.txt").read_text())
        return seconds, [tuple(Ws)] if isinstance(case.price, Dirty) else Ws


def _alone():
    return os.environ | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


@cache
def found(command, name):
    """Why a script's package is not there; None where it is."""
    made = subprocess.run([*command, name, "check"], capture_output=True, text=True, env=_alone())
    said = made.stdout.strip().splitlines()
    if made.returncode == 0 and said and said[-1] == "here":
        return None
    return said[-1] if said and made.returncode == 0 else "its package is not installed"


def _strengths(case):
    return [repr(float(strength)) for strength in case.strengths]


def _means(case):
    """RMTL takes the mean over a task's rows."""
    method = "L21" if isinstance(case.price, Rows) else "Trace"
    return [method, repr(float(case.strengths[0] / len(case.tables[0][1])))]


def _zhou(case):
    """``rho_1, rho_2, k`` of Zhou, Chen and Ye's form of relaxed clusters."""
    assert isinstance(case.price, Clusters)
    # strength / 2 = rho_1 (1 + eta) and between = eta / (1 + eta), with eta = rho_2 / rho_1
    first = case.strengths[0] * (1 - case.price.between) / 2
    eta = case.price.between / (1 - case.price.between)
    return [repr(first), repr(first * eta), str(case.price.count)]


def _zhou_means(case):
    n = len(case.tables[0][1])
    first, second, k = _zhou(case)
    return ["CMTL", repr(float(first) / n), repr(float(second) / n), k]


def _dirty(case):
    # its loss is not halved
    rows = 2 * case.strengths[0]
    return ["Dirty", repr(float(rows)), repr(float(rows * case.price.own))]


R = ("Rscript", "--vanilla", str(SCRIPTS / "peers.R"))
OCTAVE = ("octave-cli", "--norc", "--quiet", str(SCRIPTS / "peers.m"))


def _program(name, group, words, command, fits=lambda case: True):
    return Program(name, group, words, written, fits=fits, command=command)


PROGRAMS = (
    _program("glmnet", "rows, shared", _strengths, R),
    _program("RMTL", "rows, own", _means, R, equal_sizes),
    _program("RMTL", "trace", _means, R, equal_sizes),
    _program("RMTL", "clustered", _zhou_means, R, equal_sizes),
    _program("MALSAR", "rows, own", lambda case: ["L21", *_strengths(case)], OCTAVE),
    _program("MALSAR", "trace", lambda case: ["Trace", *_strengths(case)], OCTAVE),
    _program("MALSAR", "dirty-linf", _dirty, OCTAVE),
    _program("MALSAR", "clustered", lambda case: ["CMTL", *_zhou(case)], OCTAVE),
)
