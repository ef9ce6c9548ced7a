"""Steady clusters: K-Means continues from yesterday's centres, and another k must win on several days to be used."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist
from sklearn.preprocessing import StandardScaler

from rfm_assets.ml.numbering import Event, carried_numbers, first_numbers
from rfm_assets.ml.selection import Selection, best_k, try_every_k
from rfm_assets.ml.settings import ClusterSettings
from rfm_assets.ml.state import State
from rfm_assets.ml.threads import Mapper

NOBODY_AHEAD: Mapping[int, int] = MappingProxyType({})


@dataclass(frozen=True)
class SteadyFit:
    """A day's clusters, continued from the day before: the choice of k, a number per point, events, the new state."""

    selection: Selection
    numbers: NDArray[np.int32]
    events: tuple[Event, ...]
    state: State


def refit(measures: NDArray[np.float64], settings: ClusterSettings, before: State | None, *, each: Mapper) -> SteadyFit:
    """Clusters a day's measures from the state of the day before.

    Every k continues from its own centres. Without a state, or if the state's k is no longer tried, the day starts from
    scratch, as with daily refitting.
    """
    scaler = StandardScaler().fit(measures)
    points = scaler.transform(measures)
    if before is not None and before.k not in settings.ks:
        before = None
    starts = {k: scaler.transform(centres) for k, centres in before.centres.items()} if before else {}
    trials = try_every_k(points, settings, each=each, starts=starts)
    centres = {k: scaler.inverse_transform(fit.centres) for k, fit in trials.fits.items()}
    if before is None:
        selection, ahead = trials.choosing(best_k(trials.scores)), NOBODY_AHEAD
        numbering = first_numbers(selection.labels, measures, selection.k)
    else:
        ahead = days_ahead(trials.scores, before, settings)
        selection = trials.choosing(k_in_use(ahead, before, settings))
        ahead = ahead if selection.k == before.k else NOBODY_AHEAD
        yesterday = cdist(points, starts[before.k]).argmin(axis=1)
        shared = shared_customers(yesterday, selection.labels, (before.k, selection.k))
        numbering = carried_numbers(shared, before.ids, before.newest_id)
    numbers = np.array(numbering.ids, dtype=np.int32)[selection.labels]
    state = State(centres, numbering.ids, numbering.newest_id, ahead)
    return SteadyFit(selection, numbers, numbering.events, state)


def days_ahead(scores: Mapping[int, float], before: State, settings: ClusterSettings) -> Mapping[int, int]:
    """Returns the k that beats the one in use by the margin, and on how many consecutive days; empty if none does.

    Only the best k counts: when another one becomes the best, the count starts again.
    """
    best = best_k(scores)
    if scores[best] < scores[before.k] + settings.margin_to_win:
        return NOBODY_AHEAD
    return {best: before.days_ahead.get(best, 0) + 1}


def k_in_use(ahead: Mapping[int, int], before: State, settings: ClusterSettings) -> int:
    """Returns the k of the day before, or the one that has been ahead of it long enough."""
    return next((k for k, days in ahead.items() if days >= settings.days_to_win), before.k)


def shared_customers(before: NDArray[np.int64], after: NDArray[np.int32], shape: tuple[int, int]) -> NDArray[np.int64]:
    """Counts the customers of each pair of labels before (rows) and after (columns)."""
    shared = np.zeros(shape, dtype=np.int64)
    np.add.at(shared, (before, after), 1)
    return shared
