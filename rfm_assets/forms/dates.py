"""What is wrong with a text that should be a day, YYYY-MM-DD."""

import re
from datetime import UTC, date, datetime, timedelta

from rfm_assets.forms.kind import NO_VALUE_WORDS, Kind, empty

_ISO = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(.*)", re.DOTALL)
_SERIAL = re.compile(r"([2-7][0-9]{4})(?:[.][0-9]+)?")  # 1954 to 2119
_UNIX = re.compile(r"(1[0-9]{9})(?:[0-9]{3})?(?:[.]0*)?")
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,2})(?:[ T].*)?", re.DOTALL)
_YEAR_LAST = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4}|[0-9]{2})(?:[ T].*)?", re.DOTALL)

_OLDEST_YEAR = 1990
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_MONTHS = 12
_DELIVER = "deliver YYYY-MM-DD"


def date_kind(text: str | None) -> Kind:  # noqa: PLR0911 - a list of kinds, the most telling first
    """The kind of a text that is not a day of the calendar as YYYY-MM-DD."""
    said = (text or "").strip()
    if not said:
        return empty("the day of the sale, YYYY-MM-DD")
    if said.lower() in NO_VALUE_WORDS:
        return Kind("a word for no value", "deliver the day of the sale, YYYY-MM-DD")
    if match := _ISO.fullmatch(said):
        return _iso_kind(match[1])
    if match := _COMPACT.fullmatch(said):
        return Kind("a date without dashes", _such_as(*match.groups()))
    if match := _YEAR_FIRST.fullmatch(said):
        return Kind("a date with other separators or without zeros", _such_as(*match.groups()))
    if match := _YEAR_LAST.fullmatch(said):
        return Kind("a date in another order", _DELIVER + _which_is_sure(*match.groups()))
    if match := _SERIAL.fullmatch(said):
        return Kind("an Excel serial number", f"{_DELIVER} such as {_EXCEL_DAY_ZERO + timedelta(days=int(match[1]))}")
    if match := _UNIX.fullmatch(said):
        return Kind("seconds since 1970", f"{_DELIVER} such as {datetime.fromtimestamp(int(match[1]), UTC).date()}")
    if any(character.isalpha() for character in said):
        return Kind("words or letters", f"{_DELIVER} such as 2026-11-12", telling=False)
    return Kind("not a date", f"{_DELIVER} such as 2026-11-12", telling=False)


def late_kind(_: str | None) -> Kind:
    """The kind of a date that is after the day of its file."""
    return Kind("after the day of its file", "deliver it on its day, or correct the date")


def _iso_kind(said: str) -> Kind:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return Kind("a day that no calendar has", "correct the date")
    if day.year < _OLDEST_YEAR:
        return Kind(f"before {_OLDEST_YEAR}", "deliver the day of the sale")
    return Kind("a date with something behind it", _DELIVER + ", at most with a time of day behind it")


def _such_as(year: str, month: str, day: str) -> str:
    try:
        return f"{_DELIVER} such as {date(int(year), int(month), int(day))}"
    except ValueError:
        return _DELIVER


def _which_is_sure(one: str, other: str, year: str) -> str:
    """An example, where a number above twelve tells which one is the day."""
    century = year if len(year) > len("26") else f"20{year}"
    if int(one) > _MONTHS >= int(other):
        return _such_as(century, other, one).removeprefix(_DELIVER)
    return _such_as(century, one, other).removeprefix(_DELIVER) if int(other) > _MONTHS else ""
