"""What the sensor of landed files has requested, as text small enough for a cursor.

A file is known by its mark, a short digest of its key and version; a day by the marks of its files.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import blake2b
from typing import NamedTuple

from rfm_assets.partitions import days_between

_MARK = 8  # hexadecimal characters: one chance in four billion that two versions of a file look the same
MOST_COUNTED = 4  # a lost day is requested whatever the count, for which the cursor has one digit


class LoadedFile(NamedTuple):
    """A file that the warehouse holds."""

    day: date
    key: str
    version: str


@dataclass(frozen=True)
class Seen:
    """What was requested before.

    The marks of each day's files at the time (possibly none), the number of requests, the marks of the current remarks,
    the days whose files the warehouse held at the last look, and how often each day was requested again.
    """

    days: Mapping[date, frozenset[str]] = field(default_factory=dict)
    requests: int = 0
    remarked: Sequence[str] = ()
    held: frozenset[date] = frozenset()
    repeats: Mapping[date, int] = field(default_factory=dict)

    @classmethod
    def of(cls, held: Iterable[LoadedFile]) -> "Seen":
        """The state to start from without a cursor: the loaded files count as requested."""
        return cls(marks_by_day(held))

    def encode(self) -> str:
        """The state as text, about 10 characters a day: the first day, each day's marks from there on, and the rest."""
        covered = days_between(min(self.days), max(self.days)) if self.days else []
        marks = ["".join(sorted(self.days.get(day, ()))) for day in covered]
        first = str(covered[0]) if covered else ""
        states = "".join(str(2 * min(self.repeats.get(day, 0), MOST_COUNTED) + (day in self.held)) for day in covered)
        return "|".join([first, ",".join(marks), str(self.requests), "".join(self.remarked), states])

    @classmethod
    def decode(cls, text: str | None) -> "Seen":
        """Reads what `encode` wrote, or an older version without the states; an empty cursor means nothing was seen."""
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
    """The marks of files, by day."""
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
