"""The days kept are the most recent ones and the last stored day of each month."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rfm_assets.automation.kept_days import kept_days


def every_day(first: str, last: str) -> set[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return {start + timedelta(days=n) for n in range((end - start).days + 1)}


def days(*texts: str) -> set[date]:
    return {date.fromisoformat(text) for text in texts}


@pytest.mark.parametrize(
    ("daily_for_days", "recent"),
    [
        (0, {"2025-03-15"}),
        (1, {"2025-03-14", "2025-03-15"}),
        (3, {"2025-03-12", "2025-03-13", "2025-03-14", "2025-03-15"}),
    ],
)
def test_the_newest_so_many_days_before_it_and_month_ends_are_kept(daily_for_days: int, recent: set[str]) -> None:
    kept = kept_days(every_day("2024-12-30", "2025-03-15"), daily_for_days=daily_for_days)
    assert kept == days("2024-12-31", "2025-01-31", "2025-02-28", *recent)


def test_february_ends_on_the_29th_in_a_leap_year() -> None:
    kept = kept_days(every_day("2024-01-31", "2024-03-02"), daily_for_days=0)
    assert kept == days("2024-01-31", "2024-02-29", "2024-03-02")


def test_a_month_that_misses_its_last_day_keeps_the_last_one_it_has() -> None:
    stored = days("2025-01-10", "2025-01-29", "2025-02-01", "2025-02-27", "2025-04-01", "2025-04-02")
    assert kept_days(stored, daily_for_days=0) == days("2025-01-29", "2025-02-27", "2025-04-02")


def test_the_days_before_the_newest_are_counted_by_the_calendar_not_by_what_is_stored() -> None:
    stored = days("2025-05-01", "2025-05-02", "2025-05-20", "2025-05-30")
    assert kept_days(stored, daily_for_days=10) == days("2025-05-20", "2025-05-30")


def test_a_longer_time_than_is_stored_keeps_everything() -> None:
    stored = every_day("2025-01-01", "2025-02-10")
    assert kept_days(stored, daily_for_days=40) == stored


def test_nothing_is_kept_of_nothing() -> None:
    assert kept_days(set(), daily_for_days=7) == frozenset()


@given(st.sets(st.dates(date(2024, 1, 1), date(2025, 6, 30))), st.integers(0, 400))
def test_what_was_kept_is_kept_again(stored: set[date], daily_for_days: int) -> None:
    once = kept_days(stored, daily_for_days=daily_for_days)
    assert once <= stored
    assert kept_days(once, daily_for_days=daily_for_days) == once
