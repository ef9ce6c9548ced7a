"""Steady clusters keep their numbers and their k unless there is good reason, and every change is reported."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from rfm_assets.ml.clustering import DayClusters
from rfm_assets.ml.days import cluster_days
from rfm_assets.ml.numbering import Event, carried_numbers, first_numbers
from rfm_assets.ml.selection import one_round
from rfm_assets.ml.settings import ClusterSettings
from rfm_assets.ml.state import State, state_of, state_rows
from rfm_assets.ml.steady import days_ahead, k_in_use
from rfm_assets_tests.ml.crowds import DAY, crowd, customer, customers

STEADY = ClusterSettings(refit="steady")
THREE = State({3: np.zeros((3, 3))}, ids=(0, 1, 2), newest_id=2, days_ahead={})


def shares(*rows: Sequence[int]) -> np.ndarray:
    return np.array(rows, dtype=np.int64)


def steady(
    frames: Sequence[pd.DataFrame], before: State | None = None, settings: ClusterSettings = STEADY
) -> Sequence[DayClusters]:
    days = [(DAY + timedelta(days=n), frame) for n, frame in enumerate(frames)]
    return [found for _, found in cluster_days(days, settings, workers=1, before=before)]


def k_over(days: Sequence[Mapping[int, float]], state: State = THREE) -> list[int]:
    """The k in use on each of a series of days with these scores."""
    used = []
    for scores in days:
        ahead = days_ahead(scores, state, STEADY)
        k = k_in_use(ahead, state, STEADY)
        state = replace(state, ids=tuple(range(k)), days_ahead=ahead)
        used.append(k)
    return used


def test_another_k_is_used_on_the_fourteenth_day_running_that_it_wins_by_the_margin() -> None:
    assert k_over([{3: 0.80, 4: 0.83}] * 14) == [3] * 13 + [4]


def test_a_margin_too_small_keeps_k_for_good() -> None:
    assert k_over([{3: 0.80, 4: 0.8199}] * 30) == [3] * 30


@pytest.mark.parametrize("between", [{3: 0.80, 4: 0.81}, {3: 0.80, 4: 0.83, 5: 0.84}, {3: 0.9, 4: 0.83}])
def test_a_day_that_is_not_won_has_the_days_begin_again(between: dict[int, float]) -> None:
    won = {3: 0.80, 4: 0.83, 5: 0.0}
    assert k_over([won] * 13 + [between] + [won] * 14) == [3] * 27 + [4]


def test_clusters_keep_their_numbers_so_that_most_customers_stay() -> None:
    numbering = carried_numbers(shares([1, 40, 2], [30, 5, 0], [9, 9, 50]), ids=(7, 0, 4), newest_id=9)
    assert numbering.ids == (0, 7, 4)
    assert (numbering.newest_id, numbering.events) == (9, ())


def test_the_matching_is_the_best_one_over_all_and_not_the_nearest_each() -> None:
    numbering = carried_numbers(shares([50, 49], [48, 0]), ids=(0, 1), newest_id=1)
    assert numbering.ids == (1, 0)


def test_a_split_gives_the_new_cluster_a_number_that_nobody_ever_had() -> None:
    numbering = carried_numbers(shares([40, 0, 30], [0, 50, 6]), ids=(0, 3), newest_id=5)
    assert numbering.ids == (0, 3, 6)
    assert (numbering.newest_id, numbering.events) == (6, (Event("split", 0, 6, 30),))


def test_a_merge_names_where_most_customers_of_the_retired_cluster_went() -> None:
    numbering = carried_numbers(shares([40, 0], [10, 20], [0, 60]), ids=(0, 1, 2), newest_id=2)
    assert numbering.ids == (0, 2)
    assert numbering.events == (Event("merged", 1, 2, 20),)


def test_a_retired_number_is_not_given_again() -> None:
    merged = carried_numbers(shares([40, 0], [0, 60], [0, 20]), ids=(0, 1, 2), newest_id=2)
    split = carried_numbers(shares([20, 0, 20], [0, 80, 0]), ids=merged.ids, newest_id=merged.newest_id)
    assert merged.ids == (0, 1)
    assert split.ids == (0, 1, 3)


def test_clusters_that_share_nobody_do_not_match() -> None:
    numbering = carried_numbers(shares([40, 30], [0, 0]), ids=(0, 1), newest_id=1)
    assert numbering.ids == (0, 2)
    assert numbering.events == (Event("split", 0, 2, 30), Event("ended", 1, None, 0))


def test_a_first_day_is_numbered_by_spend_and_every_cluster_starts() -> None:
    measures = np.array([[9, 1, 1], [1, 1, 1], [2, 1, 1]], dtype=float)
    numbering = first_numbers(np.array([0, 2, 2], dtype=np.int32), measures, 3)
    assert numbering.ids == (1, 2, 0)  # label 1 has nobody
    assert numbering.events == tuple(Event("started", None, n, size) for n, size in enumerate((2, 1, 0)))


def test_a_round_takes_centres_a_share_of_their_way_and_leaves_one_that_has_nobody() -> None:
    points = np.array([[0.0], [2.0], [10.0]])
    fit = one_round(points, np.array([[0.0], [10.0], [99.0]]), share=0.5)
    assert fit.centres.tolist() == [[0.5], [10.0], [99.0]]
    assert fit.labels.tolist() == [0, 0, 1]
    assert fit.inertia == pytest.approx(0.25 + 2.25)


def test_a_state_comes_back_from_its_rows_in_any_order() -> None:
    centres = {2: np.arange(6.0).reshape(2, 3), 3: np.arange(9.0).reshape(3, 3) / 7}
    state = State(centres, ids=(4, 0), newest_id=6, days_ahead={3: 5})
    rows = state_rows(state).sample(frac=1, random_state=0)
    back = state_of(list(rows.itertuples(index=False, name=None)))
    assert back is not None
    assert (back.ids, back.newest_id, back.days_ahead, back.k) == ((4, 0), 6, {3: 5}, 2)
    assert {k: of_k.tolist() for k, of_k in back.centres.items()} == {k: c.tolist() for k, c in centres.items()}


def test_the_first_day_has_the_clusters_of_a_daily_refit() -> None:
    (first,) = steady([crowd(200)])
    (daily,) = steady([crowd(200)], settings=ClusterSettings())
    pd.testing.assert_frame_equal(first.customer_clusters, daily.customer_clusters)
    pd.testing.assert_frame_equal(first.cluster_selection, daily.cluster_selection)
    assert {event.event for event in first.events} == {"started"}
    assert (daily.events, daily.state) == ((), None)


def test_the_same_customers_again_stay_where_they_are_for_long() -> None:
    *_, last = found = steady([crowd(200)] * 5)
    assert [of_day.events for of_day in found[1:]] == [()] * 4
    moved = found[0].customer_clusters["Cluster"] != last.customer_clusters["Cluster"]
    assert moved.mean() < 0.02


def test_k_changes_after_its_days_and_the_events_account_for_every_number() -> None:
    settings = replace(STEADY, days_to_win=2, margin_to_win=1e-9)
    (first,) = steady([crowd(200)], settings=settings)
    assert first.state is not None
    low = replace(first.state, ids=(0, 1), newest_id=5)  # two clusters, not the best k for this crowd
    found = steady([crowd(200)] * 2, low, settings)
    assert [of_day.chosen_k for of_day in found] == [2, first.chosen_k]
    assert first.chosen_k is not None
    splits = found[1].events
    assert [event.event for event in splits] == ["split"] * (first.chosen_k - 2)
    assert [event.to_cluster for event in splits] == list(range(6, 4 + first.chosen_k))
    numbers = set(found[1].customer_clusters["Cluster"]) - {-1, -2, -3}
    assert numbers == {0, 1, *range(6, 4 + first.chosen_k)}


def test_a_day_with_too_few_customers_hands_the_state_on() -> None:
    (first,) = steady([crowd(200)])
    few, again = steady([customers(customer()), crowd(200)], first.state)
    assert few.unclustered_because
    assert few.state is first.state
    assert again.events == ()


def test_a_state_whose_k_is_not_tried_any_more_starts_afresh() -> None:
    fewer = ClusterSettings(refit="steady", largest_k=3)
    (first,) = steady([crowd(200)])
    assert first.state is not None
    (found,) = steady([crowd(200)], replace(first.state, ids=(0, 1, 2, 3)), fewer)
    assert {event.event for event in found.events} == {"started"}


def test_threads_change_nothing() -> None:
    days = [(DAY, crowd(300)), (date(2026, 2, 1), crowd(330))]
    one, two = ([found for _, found in cluster_days(days, STEADY, workers=workers)] for workers in (1, 2))
    for alone, together in zip(one, two, strict=True):
        pd.testing.assert_frame_equal(alone.customer_clusters, together.customer_clusters)
        pd.testing.assert_frame_equal(state_rows(alone.state), state_rows(together.state))
