"""Clusters many days, several at a time.

Threads, not processes: distances and long fits release the interpreter lock, nothing is copied, no worker imports
scikit-learn again, and it works from any caller (each process would import the caller's main module again). On short
days the fits hold the lock, and two threads gain about a third.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

import pandas as pd

from rfm_assets.errors import SettingError
from rfm_assets.ml.clustering import DayClusters, clusters_of
from rfm_assets.ml.settings import ClusterSettings
from rfm_assets.ml.state import State
from rfm_assets.ml.threads import one_thread_each

Day = tuple[date, pd.DataFrame]


def cluster_days(
    frames: Iterable[Day], settings: ClusterSettings, *, workers: int, before: State | None = None
) -> Iterator[tuple[date, DayClusters]]:
    """Clusters each day's customers and yields the days in order, with the results of `cluster_day`.

    Takes one frame per worker, in the calling thread, and yields their clusters before it takes the next: no more days
    than workers are in memory. A single remaining day spreads its fits over all workers. Steady clusters go from day to
    day instead, the first from the state `before`, and each day has all workers.
    """
    if workers < 1:
        message = f"Clustering needs at least 1 worker, not {workers}."
        raise SettingError(message)
    if settings.refit == "steady":
        yield from one_after_another(frames, settings, workers=workers, before=before)
        return
    remaining = iter(frames)
    while batch := list(islice(remaining, workers)):
        yield from zip((day for day, _ in batch), cluster_batch(batch, settings, workers=workers), strict=True)


def cluster_batch(batch: list[Day], settings: ClusterSettings, *, workers: int) -> list[DayClusters]:
    """Clusters a few days in parallel, or one day with all workers."""
    with one_thread_each(workers) as each:
        if len(batch) == 1:
            return [clusters_of(*batch[0], settings, each=each)]
        return list(each(lambda day: clusters_of(*day, settings, each=map), batch))


def one_after_another(
    frames: Iterable[Day], settings: ClusterSettings, *, workers: int, before: State | None
) -> Iterator[tuple[date, DayClusters]]:
    """Clusters each day with all workers, from the state left by the day before."""
    for day, customers in frames:
        with one_thread_each(workers) as each:
            found = clusters_of(day, customers, settings, each=each, before=before)
        before = found.state
        yield day, found
