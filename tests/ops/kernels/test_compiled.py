"""Compiling: the cache is a convenience, never a condition."""

import numba

from polytask.ops.kernels.compiled import compiled


def test_without_a_folder_for_the_cache_loops_are_compiled_in_memory(monkeypatch):
    real, asked = numba.njit, []

    def without_folder(*args, **options):
        asked.append(options)
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return real(*args, **options)

    monkeypatch.setattr(numba, "njit", without_folder)
    assert compiled(lambda x: x + 1)(1.0) == 2.0
    # numba compiles loops of its own through the same door afterwards
    assert [bool(one.get("cache")) for one in asked[:2]] == [True, False]
