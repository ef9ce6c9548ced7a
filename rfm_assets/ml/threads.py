"""Runs several computations in parallel, each on a single thread.

K-Means adds up its centres per thread, so the last digits of its results depend on the number of threads of a fit, and
beyond two also on which finishes first. Here every fit has one thread, and several fits fill the cores instead.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Protocol, TypeVar
from warnings import catch_warnings, simplefilter

from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

T = TypeVar("T")
R = TypeVar("R")


class Mapper(Protocol):
    """Applies a function to every item and returns the results in order, like the built-in `map`."""

    def __call__(self, function: Callable[[T], R], items: Iterable[T], /) -> Iterator[R]:
        """Starts the work; the results are in the order of the items."""


@contextmanager
def one_thread_each(threads: int) -> Iterator[Mapper]:
    """Yields a `map` over this many threads, each computing alone and without scikit-learn's ConvergenceWarning.

    Points that differ by less than rounding can leave K-Means with an empty cluster, which is fine. Process-wide
    settings (BLAS threads, the warning filter) are restored at the end, so enter this from one thread only, and do not
    keep it open while others run.
    """
    with threadpool_limits(limits=1), catch_warnings():
        simplefilter("ignore", ConvergenceWarning)
        if threads == 1:
            yield map
            return
        # OpenMP's limit is per thread, so each thread of the pool sets its own.
        with ThreadPoolExecutor(threads, "clusters", initializer=threadpool_limits, initargs=(1,)) as pool:
            yield pool.map
