"""Numbers clusters: by spend on a first day, otherwise by the cluster that each continues."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment


@dataclass(frozen=True)
class Event:
    """A change in the set of clusters. A number stays with its cluster, and is not reused after it is retired.

    Attributes:
        event: `started` (without a predecessor), `split` (new, out of another), `merged` (retired, into another) or
            `ended` (retired, with nobody left in it).
        from_cluster: the cluster before; None for `started`.
        to_cluster: the cluster after; None for `ended`.
        customers: the number of customers concerned.
    """

    event: str
    from_cluster: int | None
    to_cluster: int | None
    customers: int


@dataclass(frozen=True)
class Numbering:
    """The number of each K-Means label, the highest number so far, and the events."""

    ids: tuple[int, ...]
    newest_id: int
    events: tuple[Event, ...]


def renumbered(labels: NDArray[np.int32], measures: NDArray[np.float64]) -> NDArray[np.int32]:
    """Numbers clusters 0.. by ascending median Monetary, so that a number means the same tomorrow.

    Ties go by ascending median Frequency, then descending median Recency, then by first customer.
    """
    found, first_rows, positions = np.unique(labels, return_index=True, return_inverse=True)
    medians = np.array([np.median(measures[labels == label], axis=0) for label in found])
    monetary, frequency, recency = medians.T
    order = np.lexsort((first_rows, -recency, frequency, monetary))  # the last key is the primary one
    return np.argsort(order).astype(np.int32)[positions]


def first_numbers(labels: NDArray[np.int32], measures: NDArray[np.float64], k: int) -> Numbering:
    """Numbers the labels 0..k-1 of a first day, as `renumbered` does; labels without customers come last."""
    numbers = dict(zip(labels.tolist(), renumbered(labels, measures).tolist(), strict=True))
    for label in range(k):
        numbers.setdefault(label, len(numbers))
    sizes = np.bincount(labels, minlength=k)
    ids = tuple(numbers[label] for label in range(k))
    started = sorted((ids[label], int(sizes[label])) for label in range(k))
    return Numbering(ids, k - 1, tuple(Event("started", None, number, size) for number, size in started))


def carried_numbers(shared: NDArray[np.int64], ids: Sequence[int], newest_id: int) -> Numbering:
    """Numbers today's labels after yesterday's clusters, matched one to one so that most customers keep their number.

    Takes the number of customers that each of yesterday's clusters (rows, with their `ids`) shares with each of today's
    labels (columns). Without shared customers there is no match. A label without a match gets a number above
    `newest_id`.
    """
    rows, columns = linear_sum_assignment(shared, maximize=True)
    matches = zip(rows.tolist(), columns.tolist(), strict=True)
    kept = {label: ids[row] for row, label in matches if shared[row, label]}
    added = [label for label in range(shared.shape[1]) if label not in kept]
    numbers = kept | {label: newest_id + place for place, label in enumerate(added, start=1)}
    arrived = [_arrival(shared[:, label], ids, numbers[label]) for label in added]
    retired = [row for row, number in enumerate(ids) if number not in kept.values()]
    left = [_retirement(shared[row], ids[row], numbers) for row in retired]
    of_labels = tuple(numbers[label] for label in range(shared.shape[1]))
    return Numbering(of_labels, newest_id + len(added), (*arrived, *left))


def _arrival(shared: NDArray[np.int64], ids: Sequence[int], number: int) -> Event:
    source, customers = int(shared.argmax()), int(shared.max())
    return Event("split", ids[source], number, customers) if customers else Event("started", None, number, 0)


def _retirement(shared: NDArray[np.int64], number: int, numbers: Mapping[int, int]) -> Event:
    target, customers = int(shared.argmax()), int(shared.max())
    return Event("merged", number, numbers[target], customers) if customers else Event("ended", number, None, 0)


def event_rows(events: Iterable[Event] = ()) -> pd.DataFrame:
    """Rows of ml.cluster_events without the day; typed even if empty."""
    types = {"event": "object", "from_cluster": "Int32", "to_cluster": "Int32", "customers": "int64"}
    return pd.DataFrame(map(astuple, events), columns=list(types)).astype(types)
