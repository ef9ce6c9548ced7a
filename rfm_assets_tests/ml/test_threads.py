"""Computations inside run on one thread, and the process's own limits are restored afterwards."""

import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_info

from rfm_assets.ml.threads import one_thread_each


def thread_limits(_: object = None) -> list[int]:
    return [library["num_threads"] for library in threadpool_info()]


@pytest.mark.parametrize("threads", [1, 2])
def test_every_library_computes_with_one_thread_in_every_thread(threads: int) -> None:
    with one_thread_each(threads) as each:
        limits = [limit for seen in each(thread_limits, range(8)) for limit in seen]
    assert {library["user_api"] for library in threadpool_info()} >= {"blas", "openmp"}
    assert set(limits) == {1}


def test_the_limits_of_the_process_are_restored_also_after_a_failure() -> None:
    before = thread_limits()
    with pytest.raises(ZeroDivisionError), one_thread_each(2) as each:
        list(each(lambda item: 1 / item, [0]))
    assert thread_limits() == before
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(thread_limits).result() == before


def test_results_come_in_the_order_of_the_items() -> None:
    with one_thread_each(3) as each:
        assert list(each(abs, range(-50, 0))) == list(range(50, 0, -1))


def test_an_empty_cluster_of_k_means_is_no_warning_inside_and_one_again_outside() -> None:
    with one_thread_each(1):
        warnings.warn("fewer clusters than asked for", ConvergenceWarning, stacklevel=1)
    with pytest.warns(ConvergenceWarning):
        warnings.warn("fewer clusters than asked for", ConvergenceWarning, stacklevel=1)
