"""Compiling: the cache is a convenience, never a condition."""

import numba

from polytask.ops.kernels.compiled import VERSION, compiled, digest


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


def test_a_change_in_any_loop_is_a_new_version_of_all(tmp_path):
    (tmp_path / "caller.py").write_text("1")
    (tmp_path / "callee.py").write_text("2")
    before = digest(tmp_path)
    assert before == digest(tmp_path)
    (tmp_path / "callee.py").write_text("3")
    assert digest(tmp_path) != before


def test_the_files_of_the_cache_carry_the_version_and_loops_keep_their_name():
    from polytask.ops.kernels.one_gram import sweep

    assert VERSION in sweep._cache._impl.filename_base
    assert sweep.py_func.__qualname__ == "sweep"
