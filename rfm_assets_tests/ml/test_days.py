"""A range of days gives what each day gives alone, in order, with few days in memory."""

from collections.abc import Iterator
from datetime import date, timedelta

import pandas as pd
import pytest

from rfm_assets.errors import SettingError
from rfm_assets.ml.clustering import cluster_day
from rfm_assets.ml.days import cluster_days
from rfm_assets.ml.settings import ClusterSettings
from rfm_assets_tests.ml.crowds import DAY, crowd, customers

SETTINGS = ClusterSettings()


def shrinking_days(count: int) -> list[tuple[date, pd.DataFrame]]:
    """Days of unequal size, largest first, so that later ones finish before it."""
    return [(DAY + timedelta(days=number), crowd(30 * (count - number), seed=number)) for number in range(count)]


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_a_range_gives_what_each_day_gives_alone_in_the_order_given(workers: int) -> None:
    days = shrinking_days(5)  # neither 2 nor 3 divides 5: the last batch is short
    found = list(cluster_days(days, SETTINGS, workers=workers))
    assert [day for day, _ in found] == [day for day, _ in days]
    for (_, clusters), (day, rows) in zip(found, days, strict=True):
        alone = cluster_day(day, rows)
        for name in ("customer_clusters", "cluster_selection", "cluster_summary"):
            pd.testing.assert_frame_equal(getattr(clusters, name), getattr(alone, name), check_exact=True)


@pytest.mark.parametrize("workers", [1, 2])
def test_no_more_days_than_workers_are_drawn_before_their_clusters_are_taken(workers: int) -> None:
    drawn = []

    def frames() -> Iterator[tuple[date, pd.DataFrame]]:
        for day, rows in shrinking_days(5):
            drawn.append(day)
            yield day, rows

    for taken, _ in enumerate(cluster_days(frames(), SETTINGS, workers=workers)):
        assert len(drawn) - taken <= workers


def test_days_without_customers_and_no_days_at_all_are_fine() -> None:
    found = list(cluster_days([(DAY, customers()), (DAY, crowd(60))], SETTINGS, workers=2))
    assert [clusters.chosen_k is None for _, clusters in found] == [True, False]
    assert list(cluster_days([], SETTINGS, workers=2)) == []


def test_a_day_that_fails_fails_the_range() -> None:
    broken = crowd(60).drop(columns="Monetary")
    with pytest.raises(KeyError, match="Monetary"):
        list(cluster_days([(DAY, crowd(60)), (DAY, broken)], SETTINGS, workers=2))


def test_no_workers_are_refused() -> None:
    with pytest.raises(SettingError, match="at least 1 worker, not 0"):
        list(cluster_days([], SETTINGS, workers=0))
