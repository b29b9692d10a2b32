"""A fit on more rows than the memory holds, and what it costs.

    python benchmarks/chunks.py                        ten million rows from a seeded generator
    python benchmarks/chunks.py --holes 0.2            the same with a fifth of the labels missing
    python benchmarks/chunks.py --rows 1_000_000 --source npy --folder DIR
    python benchmarks/chunks.py --rows 1_000_000 --source parquet --folder DIR
    python benchmarks/chunks.py --rows 200_000 --check     beside the fit in memory

Prints the time of gathering and of the fit, and the largest private memory of the process
(anonymous pages, looked at after every chunk; the pages of mapped files are not private).
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np

from polytask.door import chunks
from polytask.linear import L21, LinearModel, Moments

CHUNK = 100_000


def generator(rows, d, T, holes, seed=0):
    """Chunks of Gaussian inputs, twenty features that serve, and noise; always the same ones."""
    rng = np.random.default_rng(seed)
    W = np.zeros((d, T))
    W[: min(20, d)] = rng.normal(size=(min(20, d), T))
    for start in range(0, rows, CHUNK):
        m = min(CHUNK, rows - start)
        X = rng.standard_normal((m, d)) + 3
        Y = X @ W + rng.standard_normal((m, T))
        if holes:
            Y[rng.random((m, T)) < holes] = np.nan
        yield X, Y


def npy(folder, parts, rows, d, T):
    """The same rows in two files, mapped into memory; they are written once."""
    X = np.lib.format.open_memmap(folder / "X.npy", "w+", np.float64, (rows, d))
    Y = np.lib.format.open_memmap(folder / "Y.npy", "w+", np.float64, (rows, T))
    start = 0
    for part, labels in parts:
        X[start : start + len(part)], Y[start : start + len(part)] = part, labels
        start += len(part)
    del X, Y
    mapped = (np.load(folder / name, mmap_mode="r") for name in ("X.npy", "Y.npy"))
    return chunks.slices(*mapped, rows=CHUNK)


def parquet(folder, parts, rows, d, T):
    """The same rows in one Parquet file; it is written once."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    names = [f"x{j}" for j in range(d)] + [f"y{t}" for t in range(T)]
    schema = pa.schema([(name, pa.float64()) for name in names])
    with ParquetWriter(folder / "table.parquet", schema) as file:
        for X, Y in parts:
            columns = [*X.T, *Y.T]
            file.write_table(pa.table(dict(zip(names, columns)), schema=schema))
    return chunks.parquet(folder / "table.parquet", names[d:], rows=CHUNK)


class Memory:
    """The private memory of this process, and the largest that was seen."""

    def __init__(self):
        self.most = 0.0

    def look(self):
        """Look now; GB."""
        status = Path("/proc/self/status")
        if status.exists():  # Linux only
            line = next(one for one in status.read_text().splitlines() if "RssAnon" in one)
            self.most = max(self.most, int(line.split()[1]) / 1e6)

    def watched(self, parts):
        """The same chunks, with a look at the memory at each."""
        for part in parts:
            self.look()
            yield part
            self.look()


def main():
    """Read the words, run, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--features", type=int, default=100)
    parser.add_argument("--tasks", type=int, default=20)
    parser.add_argument("--holes", type=float, default=0.0)
    parser.add_argument("--source", choices=("generator", "npy", "parquet"), default="generator")
    parser.add_argument("--folder", type=Path, help="where files are written, for npy and parquet")
    parser.add_argument("--check", action="store_true", help="compare with the fit in memory")
    parser.add_argument("--json", type=Path)
    print(json.dumps(found := run(parser.parse_args()), indent=1))
    if (path := parser.parse_args().json) is not None:
        path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def run(words):
    """Times in seconds and memory in GB, as a dict."""
    size = words.rows, words.features, words.tasks
    parts, memory = generator(*size, words.holes), Memory()
    if words.source != "generator":
        write = {"npy": npy, "parquet": parquet}[words.source]
        parts = write(words.folder, parts, *size)
    wall, cpu = time.perf_counter(), time.process_time()
    moments = Moments.of_chunks(memory.watched(parts))
    gathered = time.perf_counter() - wall, time.process_time() - cpu
    wall = time.perf_counter()
    model = LinearModel(L21(0.05), tol=1e-8).fit(moments)
    memory.look()
    found = {
        "rows, features, tasks": size,
        "source": words.source,
        "holes": words.holes,
        "statistics": repr(moments),
        "gathering, wall s": round(gathered[0], 1),
        "gathering, CPU s": round(gathered[1], 1),
        "fit, wall s": round(time.perf_counter() - wall, 3),
        "private memory, GB": round(memory.most, 3),
        "features kept": int(np.count_nonzero(model.coef_.any(axis=0))),
        "relative gap": model.solution_.relative_gap,
    }
    if words.check:
        found["difference from the fit in memory"] = difference(model, words)
    return found


def difference(model, words):
    """Largest difference of a coefficient from the fit on all rows at once, relative."""
    parts = list(generator(words.rows, words.features, words.tasks, words.holes))
    X, Y = (np.concatenate([part[i] for part in parts]) for i in (0, 1))
    whole = LinearModel(L21(0.05), tol=1e-8).fit(X, Y)
    return float(np.abs(model.coef_ - whole.coef_).max() / np.abs(whole.coef_).max())


if __name__ == "__main__":
    main()
