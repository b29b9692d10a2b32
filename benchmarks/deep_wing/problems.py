"""What is raced on: tables of numbers, and the sizes of nets and batches."""

from dataclasses import dataclass

import numpy as np
import torch

from polytask import Tasks

# Rows are as many as so many batches have.
BATCHES = 8


@dataclass(frozen=True)
class Case:
    """A net of these widths on batches of ``b`` rows, with ``T`` tasks to regress."""

    name: str
    inputs: int
    widths: tuple
    b: int
    T: int

    def table(self):
        """The same rows for every side."""
        rng = np.random.default_rng(0)
        n = BATCHES * self.b
        X = rng.normal(size=(n, self.inputs))
        Y = np.tanh(X @ rng.normal(size=(self.inputs, self.T)) / self.inputs**0.5)
        return Tasks.from_arrays(X, Y + 0.1 * rng.normal(size=Y.shape))


def tensors(data):
    """Inputs and labels of a table whose tasks share all rows, in single precision."""
    return tuple(torch.as_tensor(np.asarray(one), dtype=torch.float32) for one in (data.X, data.Y))


LARGE = (256, (1024, 1024, 512), 256)
SMALL = (64, (64, 64), 64)


def hard(T):
    """The two sizes of hard sharing, with so many heads."""
    return [
        Case(f"{name}, {T} heads", *size, T)
        for name, size in zip(("large", "small"), (LARGE, SMALL))
    ]


def columns(width, b):
    """Eight nets side by side, three layers each."""
    return Case(f"8 columns of {width}, batch {b}", width, (width,) * 3, b, 8)
