"""Which days a landed file makes due; no day is requested twice or forgotten."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rfm_assets.automation.arrivals import Decision, EndedDays, Outcome, decide
from rfm_assets.automation.seen import LoadedFile, Seen
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
    held: dict[date, str] = {}  # what a warehouse would hold after running each request: a day without a file is empty
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


def held(*files: LandedFile) -> list[LoadedFile]:
    return [LoadedFile(one.day, one.key, one.version) for one in files]


def later(decision: Decision, files: Sequence[LandedFile], outcome: Outcome) -> Decision:
    """The next look at the same files, once the outcomes of the runs are known."""
    seen = Seen.decode(decision.seen.encode())
    return decide(files, [], seen, start=START, today=TODAY, outcome=outcome)


def test_a_day_whose_run_failed_is_asked_for_again_to_the_latest_but_at_most_twice() -> None:
    files = [file(1), file(2), file(3)]
    decision, asked = look(files), []
    for _ in range(5):
        decision = later(decision, files, Outcome(held(file(1)), EndedDays(failed=frozenset({day(2)}))))
        asked.append(decision.days)
    assert asked == [(day(2), day(3)), (day(2), day(3)), None, None, None]


def test_a_day_that_is_asked_for_again_says_so_and_has_another_run_key() -> None:
    first = look([file(1)])
    again = later(first, [file(1)], Outcome([], EndedDays(failed=frozenset({day(1)}))))
    assert again.remarks == [f"{day(1)} is asked for again: the run failed"]
    assert again.run_key != first.run_key


def test_another_version_or_a_run_that_went_well_is_a_new_beginning() -> None:
    files, failed = [file(1)], Outcome([], EndedDays(failed=frozenset({day(1)})))
    spent = later(later(look(files), files, failed), files, failed)
    assert later(spent, files, failed).days is None
    well = later(spent, files, Outcome(held(file(1))))
    assert later(well, files, failed).days == (day(1), day(1))
    corrected = later(spent, [file(1, "b")], failed)
    assert later(corrected, [file(1, "b")], failed).days == (day(1), day(1))


def test_what_the_warehouse_held_and_holds_no_more_is_asked_for_in_one_run_with_what_is_new() -> None:
    files = [file(1), file(2), file(3)]
    well = later(look(files), files, Outcome(held(*files)))
    assert well.days is None
    lost = later(well, [*files, file(4)], Outcome([]))
    assert lost.days == (day(1), day(4))
    assert lost.remarks == [
        f"3 days from {day(1)} to {day(3)} are asked for again: the warehouse holds the files no longer"
    ]
    older_backup = later(well, files, Outcome(held(file(1), file(2, "older"))))
    assert older_backup.days == (day(2), day(3))


def test_a_lost_warehouse_is_asked_for_and_again_when_the_next_one_is_lost() -> None:
    files = [file(1), file(2)]
    lost = later(later(look(files), files, Outcome(held(*files))), files, Outcome([]))
    assert lost.days == (day(1), day(2))
    built_again = later(lost, files, Outcome(held(*files)))
    assert later(built_again, files, Outcome([])).days == (day(1), day(2))


def test_a_day_that_is_not_whole_in_the_warehouse_is_asked_for_at_most_twice_and_then_with_what_is_new() -> None:
    files, outcome = [file(1), file(2), file(3)], Outcome(held(file(1), file(3)))
    decision, asked = look(files), []
    for _ in range(3):
        decision = later(decision, files, outcome)
        asked.append(decision.days)
    assert asked == [(day(2), day(3)), (day(2), day(3)), None]
    assert later(decision, [*files, file(4)], outcome).days == (day(2), day(4)), "the guard would hold up day 4"


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(held(file(1)), refused=held(file(2))),
        Outcome(held(file(1)), EndedDays(blamed=frozenset({day(2)}))),
        Outcome(held(file(1)), EndedDays(canceled=frozenset({day(2)}))),
        Outcome(held(file(1), file(2)), EndedDays(waiting=frozenset({day(2)}))),
    ],
    ids=["refused", "its file is to blame", "canceled", "another file is to blame"],
)
def test_a_day_that_would_fail_again_or_that_somebody_canceled_is_not_asked_for(outcome: Outcome) -> None:
    files = [file(1), file(2)]
    decision = later(look(files), files, outcome)
    assert decision.days is None
    assert later(decision, files, outcome).days is None


def test_a_day_that_waits_for_another_file_or_was_canceled_comes_along_with_what_is_new() -> None:
    files = [file(1), file(2), file(3)]
    ended = EndedDays(waiting=frozenset({day(1)}), blamed=frozenset({day(2)}))
    decision = later(look(files), files, Outcome(held(*files), ended))
    assert decision.days is None
    corrected = [file(1), file(2, "b"), file(3)]
    assert later(decision, corrected, Outcome(held(*files), ended)).days == (day(1), day(3))
    canceled = Outcome(held(file(1)), EndedDays(canceled=frozenset({day(2), day(3)})))
    assert later(decision, [*files, file(4)], canceled).days == (day(2), day(4))


def test_a_day_whose_file_is_refused_does_not_come_along() -> None:
    files = [file(1), file(2)]
    refused = Outcome(held(file(2)), refused=held(file(1)))
    assert later(look(files), [*files, file(3)], refused).days == (day(3), day(3))


def test_a_refusal_under_another_encoding_is_asked_for_again() -> None:
    files = [file(1), file(2)]
    blamed = EndedDays(blamed=frozenset({day(2)}))
    before = later(look(files), files, Outcome(held(file(1)), blamed, refused=held(file(2))))
    assert before.days is None
    assert later(before, files, Outcome(held(file(1)), blamed, readable=held(file(2)))).days == (day(2), day(2))


MARKS = st.integers(0, 2**32 - 1).map("{:08x}".format)


@st.composite
def anything_seen(draw: st.DrawFn) -> Seen:
    covered = draw(st.lists(st.frozensets(MARKS, max_size=3), max_size=30))
    days = {day(n): marks for n, marks in enumerate(covered, 1)}
    some = st.sets(st.sampled_from(sorted(days))) if days else st.just(set[date]())
    repeats = {on: draw(st.integers(1, 30)) for on in draw(some)}
    remarked = draw(st.lists(MARKS, max_size=3))
    return Seen(days, draw(st.integers(0, 10**6)), remarked, frozenset(draw(some)), repeats)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(anything_seen())
def test_a_cursor_gives_back_what_was_seen_however_often_a_day_was_asked_for(seen: Seen) -> None:
    decoded = Seen.decode(seen.encode())
    assert decoded == Seen(
        seen.days, seen.requests, seen.remarked, seen.held, {on: min(n, 4) for on, n in seen.repeats.items()}
    )
    assert Seen.decode(decoded.encode()) == decoded


def test_a_day_that_is_lost_again_and_again_is_asked_for_each_time_and_keeps_the_cursor_in_order() -> None:
    files = [file(1), file(2)]
    decision = look(files)
    for _ in range(8):  # the run of the lost day fails, and the day before is back each time
        decision = later(decision, files, Outcome(held(*files), EndedDays(failed=frozenset({day(1)}))))
        decision = later(decision, files, Outcome([], EndedDays(failed=frozenset({day(1)}))))
        assert decision.days == (day(1), day(2))
    assert Seen.decode(decision.seen.encode()).days == decision.seen.days
    assert Seen.decode(decision.seen.encode()).repeats == decision.seen.repeats


def test_nothing_is_asked_for_again_while_the_outcome_is_open() -> None:
    files = [file(1)]
    well = later(look(files), files, Outcome(held(*files)))
    assert look(files, well.seen).days is None


def test_a_cursor_without_outcomes_is_read() -> None:
    before = after(file(1), file(2)).encode().rpartition("|")[0]
    assert Seen.decode(before).days == after(file(1), file(2)).days
