"""Decides which days need a run, from what is in the landing zone and what was requested before. Pure functions.

Every later snapshot depends on a day's files, so a late or changed file requests its day to the latest one. New days at
the end of the history request themselves, from the first day not yet requested.

A day is requested again, at most twice for the same files, when its run failed for a reason other than its files, or
when the warehouse lacks some of them; and every time the warehouse loses a day that it held. A day that is still not
done, or that failed because of another day's files, joins the next request: later days need it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import groupby

from rfm_assets.automation.seen import MOST_COUNTED, LoadedFile, Seen, mark, mark_of, marks_by_day
from rfm_assets.landing.zone import LandedFile
from rfm_assets.partitions import days_between, in_words

_MOST_REMARKED = 1_000
_MOST_REPEATS = 2  # of one day's files; as often as Dagster retries a crashed run


@dataclass(frozen=True)
class EndedDays:
    """Days whose latest run did not succeed, by what was at fault."""

    failed: frozenset[date] = frozenset()
    """Failed for a reason other than the day's files: a retry may succeed."""
    blamed: frozenset[date] = frozenset()
    """Failed because of the day's own files: a retry would fail, too."""
    waiting: frozenset[date] = frozenset()
    """Failed because of other days' files: may succeed once another file lands."""
    canceled: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Outcome:
    """What earlier requests led to, seen while no run is in progress or about to be retried."""

    held: Collection[LoadedFile]
    """The files that the warehouse holds."""
    ended: EndedDays = field(default_factory=EndedDays)
    """How the latest run of each day ended."""
    refused: Collection[LoadedFile] = ()
    """The files that the warehouse refused, and would refuse again."""
    readable: Collection[LoadedFile] = ()
    """The files refused under another RFM_ENCODING."""


@dataclass(frozen=True)
class Decision:
    """The first and last day to run, if any; remarks to log once; and the state to remember."""

    days: tuple[date, date] | None
    run_key: str
    remarks: Sequence[str]
    seen: Seen


def decide(  # noqa: PLR0913 - every input of the decision
    files: Iterable[LandedFile],
    misnamed: Iterable[str],
    seen: Seen,
    *,
    start: date,
    today: date,
    others: Iterable[str] = (),
    outcome: Outcome | None = None,
) -> Decision:
    """Compares the landing zone with what was seen before, and with the outcome of earlier requests.

    `start` is the calendar's first day, `today` its last; `others` are the zone's own remarks. A day whose files are
    all known requests nothing, even if one of them is gone, unless the outcome (None: unknown) calls for a retry.
    """
    landed, of_days = _by_day(files, start=start, today=today)
    unnamed = [remark for key in misnamed if (remark := why_left_alone(key, None, start=start, today=today))]
    remarks = [*others, *unnamed, *of_days]
    new = {day for day, marked in landed.items() if not marked.keys() <= seen.days.get(day, frozenset())}
    asked_before = {day: marked for day, marked in landed.items() if day not in new}
    seen, again, waiting, reasons = _undone(asked_before, seen, outcome)
    needed = sorted(new | again | (waiting if new else set()))
    new_remarks, remarked = _once([*remarks, *_gone(landed, seen), *reasons], seen.remarked)
    days = _range(needed, seen)
    if days is None:
        return Decision(None, "", new_remarks, replace(seen, remarked=remarked))
    # The run loads every day as it is in the zone now, even a day whose file is gone.
    loaded = {day: frozenset(landed.get(day, ())) for day in days_between(*days)}
    repeats = _repeats(seen, new=new, again=again)
    known = Seen({**seen.days, **loaded}, seen.requests + 1, remarked, seen.held - loaded.keys(), repeats)
    versions = "\n".join(f"{day} {' '.join(sorted(landed[day]))}" for day in needed)
    # The counter lets a file that returns to an earlier version run again; a tick evaluated twice still makes one run.
    return Decision(days, f"{days[0]}..{days[1]}@{mark(versions, 32)}#{known.requests}", new_remarks, known)


def _repeats(seen: Seen, *, new: set[date], again: set[date]) -> dict[date, int]:
    """How often each day has been requested again, this request included; new files start the count from zero."""
    repeats = {day: times for day, times in seen.repeats.items() if day not in new}
    return repeats | {day: min(repeats.get(day, 0) + 1, MOST_COUNTED) for day in again}


def _by_day(files: Iterable[LandedFile], *, start: date, today: date) -> tuple[dict[date, dict[str, str]], list[str]]:
    """Each runnable day's files, as {mark of the version: key}, and why the other files are ignored."""
    landed: dict[date, dict[str, str]] = {}
    remarks: list[str] = []
    for day, group in groupby(sorted(files), key=lambda file: file.day):
        marked = {mark_of(file.key, file.version): file.key for file in group}
        left_alone = [why_left_alone(key, day, start=start, today=today) for key in marked.values()]
        if remarks_of_day := [remark for remark in left_alone if remark]:
            remarks += remarks_of_day
        else:
            landed[day] = marked
    return landed, remarks


def why_left_alone(key: str, day: date | None, *, start: date, today: date) -> str | None:
    """Why a landed file belongs to no runnable day; None if it belongs to one."""
    if day is None:
        return f"{key} is not named by a day (YYYY-MM-DD….csv or .csv.gz) and is left alone"
    if day < start:
        return f"{key} is older than the calendar, which starts on {start}: set RFM_START_DATE to load it"
    if day > today:
        return f"{key} is of a day to come; it is loaded on that day"
    return None


def _undone(
    landed: Mapping[date, Mapping[str, str]], seen: Seen, outcome: Outcome | None
) -> tuple[Seen, set[date], set[date], list[str]]:
    """For days requested before: the new state, the days to request again, the days that wait, and the reasons."""
    if outcome is None:
        return seen, set(), set(), []
    ended, held = outcome.ended, marks_by_day(outcome.held)
    whole = {day for day, marked in landed.items() if marked.keys() <= held.get(day, frozenset())}
    refused, readable = _days_with(outcome.refused, landed), _days_with(outcome.readable, landed)
    excused = refused | (ended.blamed - readable)
    failed = (landed.keys() & ended.failed) - excused
    lacking = landed.keys() - whole - excused - failed
    repeats = {day: times for day, times in seen.repeats.items() if day in failed or day not in whole}
    lost = (seen.held & landed.keys()) - whole
    spent = {day for day in failed | lacking if repeats.get(day, 0) >= _MOST_REPEATS}
    again = ((failed | lacking) - spent - ended.canceled) | lost
    waiting = ((failed | lacking | ended.waiting) & landed.keys()) - again
    why = {
        "the run failed": (again & failed) - lost,
        "not all of their files are loaded": (again & lacking) - lost,
        "the warehouse holds the files no longer": lost,
    }
    remarks = [
        f"{in_words(days)} {'is' if len(days) == 1 else 'are'} asked for again: {reason}"
        for reason, days in why.items()
        if days
    ]
    return replace(seen, held=seen.held | whole, repeats=repeats), again, waiting, remarks


def _days_with(files: Iterable[LoadedFile], landed: Mapping[date, Mapping[str, str]]) -> set[date]:
    """The days for which one of these files, in this version, is in the landing zone."""
    return {day for day, marks in marks_by_day(files).items() if marks & landed.get(day, {}).keys()}


def _range(needed: Sequence[date], seen: Seen) -> tuple[date, date] | None:
    """The one run that covers the needed days and every snapshot that depends on them."""
    if not needed:
        return None
    if not seen.days:
        return min(needed), max(needed)
    newest_seen = max(seen.days)
    # Days without a file, between the newest known day and a new one, get snapshots too.
    return min(*needed, newest_seen + timedelta(days=1)), max(*needed, newest_seen)


def _gone(landed: Mapping[date, Mapping[str, str]], seen: Seen) -> list[str]:
    return [
        f"a file of {day} is gone from the landing zone; its rows stay"
        for day, marks in sorted(seen.days.items())
        if not marks <= landed.get(day, {}).keys() and landed.get(day, {}).keys() <= marks
    ]


def _once(remarks: Sequence[str], remarked: Sequence[str]) -> tuple[list[str], list[str]]:
    """The remarks not made before, and the marks of all current remarks."""
    marks = {mark(remark): remark for remark in remarks[:_MOST_REMARKED]}
    return [remark for one, remark in marks.items() if one not in set(remarked)], sorted(marks)
