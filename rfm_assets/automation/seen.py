"""What the sensor of landed files has asked for, remembered in a text small enough for a cursor.

A file is known by its mark, a short digest of its key and version; each day has the marks of the files it had.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import blake2b
from typing import NamedTuple

from rfm_assets.partitions import days_between

_MARK = 8  # hexadecimal characters: two versions of one file are taken for the same once in four billion cases
MOST_COUNTED = 4  # a lost day is asked for whatever the count, which the cursor has one digit for


class LoadedFile(NamedTuple):
    """A file that the warehouse holds."""

    day: date
    key: str
    version: str


@dataclass(frozen=True)
class Seen:
    """What was requested before.

    The marks that each day's files had then (a day may have had none), how many requests there were, the marks of the
    remarks that hold, the days whose files the warehouse held when it was last looked at, and how often a day was asked
    for again.
    """

    days: Mapping[date, frozenset[str]] = field(default_factory=dict)
    requests: int = 0
    remarked: Sequence[str] = ()
    held: frozenset[date] = frozenset()
    repeats: Mapping[date, int] = field(default_factory=dict)

    @classmethod
    def of(cls, held: Iterable[LoadedFile]) -> "Seen":
        """What counts as seen where nothing is remembered: the files that are loaded."""
        return cls(marks_by_day(held))

    def encode(self) -> str:
        """A text of about 10 characters a day: the first day, the marks of each day from it on, and the rest."""
        covered = days_between(min(self.days), max(self.days)) if self.days else []
        marks = ["".join(sorted(self.days.get(day, ()))) for day in covered]
        first = str(covered[0]) if covered else ""
        states = "".join(str(2 * min(self.repeats.get(day, 0), MOST_COUNTED) + (day in self.held)) for day in covered)
        return "|".join([first, ",".join(marks), str(self.requests), "".join(self.remarked), states])

    @classmethod
    def decode(cls, text: str | None) -> "Seen":
        """Reads what `encode` wrote, also without the states, as it did before; nothing is nothing seen."""
        if not text:
            return cls()
        first, marks, requests, remarked, *rest = text.split("|")
        of_days = marks.split(",") if first else []
        days = {date.fromisoformat(first) + timedelta(days=n): frozenset(_cut(day)) for n, day in enumerate(of_days)}
        states = dict(zip(days, map(int, "".join(rest)), strict=False))
        held = frozenset(day for day, state in states.items() if state % 2)
        repeats = {day: state // 2 for day, state in states.items() if state > 1}
        return cls(days, int(requests), _cut(remarked), held, repeats)


def marks_by_day(files: Iterable[LoadedFile]) -> dict[date, frozenset[str]]:
    """The marks of some files, by day."""
    days: dict[date, frozenset[str]] = {}
    for day, key, version in files:
        days[day] = days.get(day, frozenset()) | {mark_of(key, version)}
    return days


def mark(text: str, length: int = _MARK) -> str:
    """A short digest of a text."""
    return blake2b(text.encode()).hexdigest()[:length]


def mark_of(key: str, version: str) -> str:
    """The mark of a file."""
    return mark(f"{key}\n{version}")


def _cut(marks: str) -> list[str]:
    return [marks[n : n + _MARK] for n in range(0, len(marks), _MARK)]
