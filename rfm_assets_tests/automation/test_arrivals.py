"""Holds shut: which days a landed file makes necessary, and that nothing is asked for twice or forgotten."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rfm_assets.automation.arrivals import Decision, Seen, decide
from rfm_assets.landing.zone import LandedFile
from rfm_assets.partitions import days_between

START, TODAY = date(2025, 6, 26), date(2025, 7, 31)


def day(number: int) -> date:
    """Day 1 is the calendar's first."""
    return START + timedelta(days=number - 1)


def file(number: int, version: str = "a", name: str = "_transactions") -> LandedFile:
    return LandedFile(day(number), f"{day(number)}{name}.csv", 100, version)


def look(files: Sequence[LandedFile], seen: Seen | None = None, misnamed: Sequence[str] = ()) -> Decision:
    return decide(files, misnamed, seen or Seen(), start=START, today=TODAY)


def after(*files: LandedFile) -> Seen:
    return Seen.decode(look(files).seen.encode())


def test_a_new_day_asks_for_that_day() -> None:
    assert look([file(1), file(2), file(3)], after(file(1), file(2))).days == (day(3), day(3))


def test_several_new_days_in_a_row_ask_for_one_range() -> None:
    assert look([file(n) for n in range(1, 6)], after(file(1), file(2))).days == (day(3), day(5))


def test_the_first_look_asks_for_all_there_is() -> None:
    assert look([file(3), file(4), file(9)]).days == (day(3), day(9))


def test_the_same_bytes_ask_for_nothing() -> None:
    files = [file(1), file(2)]
    assert look(files, after(*files)).days is None


@pytest.mark.parametrize("changed", [1, 2, 3])
def test_a_changed_file_asks_for_its_day_to_the_latest(changed: int) -> None:
    now = [file(n, "b" if n == changed else "a") for n in (1, 2, 3)]
    assert look(now, after(file(1), file(2), file(3))).days == (day(changed), day(3))


def test_a_late_file_asks_for_its_day_to_the_latest() -> None:
    assert look([file(1), file(2), file(4)], after(file(1), file(4))).days == (day(2), day(4))


def test_another_file_of_a_known_day_asks_for_that_day_to_the_latest() -> None:
    more = [file(1), file(1, name="_evening"), file(2)]
    assert look(more, after(file(1), file(2))).days == (day(1), day(2))


def test_a_late_and_a_new_file_at_once_ask_for_one_range() -> None:
    assert look([file(n) for n in (1, 2, 3, 5)], after(file(1), file(3))).days == (day(2), day(5))


def test_days_without_a_file_before_a_new_one_get_their_snapshots_too() -> None:
    assert look([file(1), file(5)], after(file(1))).days == (day(2), day(5))


def test_a_file_that_goes_back_to_an_earlier_version_is_asked_for_again_under_another_key() -> None:
    first = look([file(1, "a")])
    second = look([file(1, "b")], first.seen)
    third = look([file(1, "a")], second.seen)
    assert third.days == (day(1), day(1))
    assert len({first.run_key, second.run_key, third.run_key}) == 3


def test_a_look_done_twice_gives_one_run_key() -> None:
    seen = after(file(1))
    assert look([file(1), file(2)], seen).run_key == look([file(1), file(2)], seen).run_key


def test_a_deleted_file_asks_for_nothing_and_is_told_once() -> None:
    gone = look([file(1)], after(file(1), file(2)))
    assert gone.days is None
    assert gone.remarks == [f"a file of {day(2)} is gone from the landing zone; its rows stay"]
    again = look([file(1)], gone.seen)
    assert (again.days, again.remarks) == (None, [])
    assert look([file(1), file(2)], again.seen).days is None, "back with the same bytes, nothing is new"


def test_a_file_that_comes_back_after_its_day_was_run_without_it_is_asked_for_again() -> None:
    before = after(file(1), file(2), file(3))
    without = look([file(1, "b"), file(3)], before)
    assert without.days == (day(1), day(3))
    assert look([file(1, "b"), file(2), file(3)], Seen.decode(without.seen.encode())).days == (day(2), day(3))


def test_a_day_whose_file_is_gone_keeps_its_snapshots_up_to_date() -> None:
    emptied = look([file(1, "b")], after(file(1), file(2)))
    assert emptied.days == (day(1), day(2))
    assert look([file(1, "c")], Seen.decode(emptied.seen.encode())).days == (day(1), day(2))


def test_a_look_at_an_empty_zone_is_no_day_seen() -> None:
    assert look([file(4)], after()).days == (day(4), day(4))


@pytest.mark.parametrize(
    ("stray", "why"),
    [
        (LandedFile(START - timedelta(days=1), "2025-06-25.csv", 1, "a"), "older than the calendar"),
        (LandedFile(TODAY + timedelta(days=1), "2025-08-01.csv", 1, "a"), "of a day to come"),
    ],
)
def test_a_file_outside_the_calendar_is_skipped_with_a_reason_once(stray: LandedFile, why: str) -> None:
    first = look([file(1), stray])
    assert first.days == (day(1), day(1))
    assert [why in remark and stray.key in remark for remark in first.remarks] == [True]
    assert list(look([file(1), stray], first.seen).remarks) == []


def test_a_file_of_a_day_to_come_is_loaded_when_that_day_is_there() -> None:
    tomorrow = LandedFile(TODAY + timedelta(days=1), "2025-08-01.csv", 1, "a")
    seen = look([tomorrow]).seen
    assert decide([tomorrow], [], seen, start=START, today=tomorrow.day).days == (tomorrow.day, tomorrow.day)


def test_a_file_not_named_by_a_day_is_skipped_with_a_reason_once() -> None:
    first = look([file(1)], misnamed=["notes.csv"])
    assert len(first.remarks) == 1
    assert "notes.csv" in first.remarks[0]
    assert list(look([file(1)], first.seen, misnamed=["notes.csv"]).remarks) == []
    assert len(look([file(1)], first.seen, misnamed=["notes.csv", "more.csv"]).remarks) == 1


def test_ten_years_of_days_fit_a_small_cursor() -> None:
    files = [LandedFile(date(2016, 1, 1) + timedelta(days=n), f"{n}.csv", 1, "a") for n in range(3_650)]
    cursor = decide(files, [], Seen(), start=date(2016, 1, 1), today=date(2026, 1, 1)).seen.encode()
    assert len(cursor) < 40_000
    assert Seen.decode(cursor).encode() == cursor


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.lists(st.tuples(st.integers(1, 12), st.sampled_from(["a", "b", "gone"])), max_size=4), max_size=8))
def test_whatever_comes_and_goes_every_version_is_asked_for_with_all_later_days(
    batches: list[list[tuple[int, str]]],
) -> None:
    landed: dict[date, str] = {}
    held: dict[date, str] = {}  # what a warehouse that runs each request would hold: a day without a file is empty
    cursor = None
    for batch in batches:
        landed.update({day(n): version for n, version in batch})
        landed = {on: version for on, version in landed.items() if version != "gone"}
        files = [LandedFile(on, f"{on}.csv", 100, version) for on, version in landed.items()]
        decision = look(files, Seen.decode(cursor))
        cursor = decision.seen.encode()
        if decision.days:
            first, last = decision.days
            assert last == max([*held, *landed]), "every later snapshot is made again"
            held.update({on: landed.get(on, "") for on in days_between(first, last)})
        assert {on: held.get(on) for on in landed} == landed
