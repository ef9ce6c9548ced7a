"""Classifies texts that should be a day, YYYY-MM-DD."""

import re
from datetime import date

from rfm_assets.config import in_force
from rfm_assets.forms.kind import Kind, empty, is_no_value, trimmed

_ISO = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(.*)", re.DOTALL)
_SERIAL = re.compile(r"[2-7][0-9]{4}(?:[.][0-9]+)?")  # 1954 to 2119
_UNIX = re.compile(r"1[0-9]{9}(?:[0-9]{3})?(?:[.]0*)?")
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,2})(?:[ T].*)?", re.DOTALL)
_YEAR_LAST = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4}|[0-9]{2})(?:[ T].*)?", re.DOTALL)

_MONTHS = 12
_DELIVER = "deliver YYYY-MM-DD"
_EXAMPLE = f"{_DELIVER} such as 2026-11-12"


def date_kind(text: str | None) -> Kind:  # noqa: PLR0911 - a list of kinds, the most specific first
    """The kind of a text that is not a valid YYYY-MM-DD."""
    delivered = trimmed(text)
    if not delivered:
        return empty("the day of the sale, YYYY-MM-DD")
    if is_no_value(delivered):
        return Kind("a word for no value", "deliver the day of the sale, YYYY-MM-DD")
    if match := _ISO.fullmatch(delivered):
        return _iso_kind(match[1])
    if match := _COMPACT.fullmatch(delivered):
        return Kind("a date without dashes", _such_as(*match.groups()))
    if match := _YEAR_FIRST.fullmatch(delivered):
        return Kind("a date with other separators or without zeros", _such_as(*match.groups()))
    if match := _YEAR_LAST.fullmatch(delivered):
        return Kind("a date in another order", _DELIVER + _if_it_is_sure(*match.groups()))
    if _SERIAL.fullmatch(delivered):  # maybe an id: its date would give it away
        return Kind("an Excel serial number", _EXAMPLE)
    if _UNIX.fullmatch(delivered):
        return Kind("seconds since 1970", _EXAMPLE)
    if any(character.isalpha() for character in delivered):
        return Kind("words or letters", _EXAMPLE, is_one_form=False)
    return Kind("not a date", _EXAMPLE, is_one_form=False)


def late_kind(_: str | None) -> Kind:
    """The kind of a date after the day of its file."""
    return Kind("after the day of its file", "deliver it on its day, or correct the date")


def _iso_kind(text: str) -> Kind:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return Kind("a day that does not exist", "correct the date")
    if day < (first := in_force.rules().first_invoice_date):
        before = first.year if (first.month, first.day) == (1, 1) else first
        return Kind(f"before {before}", "deliver the day of the sale")
    return Kind("a date followed by other text", _DELIVER + ", followed by a time of day at most")


def _such_as(year: str, month: str, day: str) -> str:
    try:
        return f"{_DELIVER} such as {date(int(year), int(month), int(day))}"
    except ValueError:
        return _DELIVER


def _if_it_is_sure(one: str, other: str, year: str) -> str:
    """An example, if a number above twelve shows which one is the day."""
    century = year if len(year) > len("26") else f"20{year}"
    if int(one) > _MONTHS >= int(other):
        return _such_as(century, other, one).removeprefix(_DELIVER)
    return _such_as(century, one, other).removeprefix(_DELIVER) if int(other) > _MONTHS else ""
