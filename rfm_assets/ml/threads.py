"""One thread for each computation, and several computations at a time.

K-Means adds up its centres per thread, so the last digits of its results depend on how many threads share one fit, and
with more than two also on which is done first. Here every fit has one thread wherever it runs, and several fits fill
the cores instead.
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
    """Applies a function to every item and gives the results in order, like the built-in `map`."""

    def __call__(self, function: Callable[[T], R], items: Iterable[T], /) -> Iterator[R]:
        """Starts the work; the results come in the order of the items."""


@contextmanager
def one_thread_each(threads: int) -> Iterator[Mapper]:
    """Gives a `map` over so many threads, each of which computes alone and without scikit-learn's ConvergenceWarning.

    Points that differ by less than rounding can leave K-Means with an empty cluster; that is a result like any other.
    What is set here for the whole process (the threads of BLAS, the warning filter) is restored at the end, so enter
    it from one thread only, and do not leave it open while others run.
    """
    with threadpool_limits(limits=1), catch_warnings():
        simplefilter("ignore", ConvergenceWarning)
        if threads == 1:
            yield map
            return
        # OpenMP keeps a limit per thread, so each thread of the pool sets its own.
        with ThreadPoolExecutor(threads, "clusters", initializer=threadpool_limits, initargs=(1,)) as pool:
            yield pool.map
