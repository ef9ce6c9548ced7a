"""The state that a day of steady clusters leaves for the next, and its rows in `ml.cluster_state`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

MEASURES = ["Centre_Monetary", "Centre_Frequency", "Centre_Recency"]
STORED = {"k": "int32", "centre": "int32"} | dict.fromkeys(MEASURES, "float64")
STORED |= {"Cluster": "Int32", "days_ahead": "int32", "newest_cluster": "int32"}


@dataclass(frozen=True)
class State:
    """Where the next day's clusters start.

    Attributes:
        centres: the centres of every k tried, a row each, in the units of MEASURES.
        ids: the cluster number at each centre of the k in use.
        newest_id: the highest number so far, retired clusters included.
        days_ahead: the k that beat the one in use, if any, and on how many consecutive days.
    """

    centres: Mapping[int, NDArray[np.float64]]
    ids: tuple[int, ...]
    newest_id: int
    days_ahead: Mapping[int, int]

    @property
    def k(self) -> int:
        """The number of clusters in use."""
        return len(self.ids)


def state_rows(state: State | None) -> pd.DataFrame:
    """A state as rows of ml.cluster_state without the day; typed even if empty."""
    rows = _rows(state) if state else ()
    return pd.DataFrame(rows, columns=list(STORED)).astype(STORED)


def _rows(state: State) -> Iterator[tuple[Any, ...]]:
    for k, centres in state.centres.items():
        for place, centre in enumerate(centres.tolist()):
            number = state.ids[place] if k == state.k else None
            yield k, place, *centre, number, state.days_ahead.get(k, 0), state.newest_id


def state_of(rows: Sequence[tuple[Any, ...]]) -> State | None:
    """The state in a day's rows of ml.cluster_state, in any order; None if there are none."""
    if not rows:
        return None
    stored = pd.DataFrame(rows, columns=list(STORED)).astype(STORED).sort_values(["k", "centre"])
    ahead = stored.loc[stored["days_ahead"] > 0]
    return State(
        centres={int(str(k)): of_k[MEASURES].to_numpy() for k, of_k in stored.groupby("k")},
        ids=tuple(stored["Cluster"].dropna().astype(int)),
        newest_id=int(stored["newest_cluster"].max()),
        days_ahead=dict(zip(ahead["k"].tolist(), ahead["days_ahead"].tolist(), strict=True)),
    )
