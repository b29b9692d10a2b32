"""Threads of matrix products: one for small ones, and the user's number for large ones."""

from threadpoolctl import threadpool_limits

from polytask.ops.threads import SMALL, _controller, threads_for


def blas():
    """Threads of every library of matrix products that was loaded at the first use."""
    return [one["num_threads"] for one in _controller().info() if one["user_api"] == "blas"]


def test_small_products_take_one_thread_and_the_old_numbers_come_back():
    with threadpool_limits(2, user_api="blas"):
        before = blas()
        with threads_for(SMALL):
            assert set(blas()) == {1}
        assert blas() == before


def test_large_products_keep_the_users_numbers():
    with threadpool_limits(2, user_api="blas"):
        before = blas()
        with threads_for(SMALL + 1):
            assert blas() == before
