"""What is wrong with a text that should be a quantity or a price."""

import re
import unicodedata
from decimal import Decimal

from rfm_assets.forms.kind import NO_VALUE_WORDS, Kind, empty

_PLAIN = re.compile(r"[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)")
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:[.][0-9]*)?[eE][+-]?[0-9]{1,3}")
_THOUSANDS = re.compile(
    r"[+-]?[1-9][0-9]{0,2}(?:([,.' \u00a0\u2009\u202f\u2019])[0-9]{3})(?:\1[0-9]{3})*(?:[.,][0-9]+)?"
)
_EITHER_COMMA = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+")
_CURRENCY_CODE = re.compile(r"(?:[A-Z]{3} ?(?=[0-9.,+-]))|(?:(?<=[0-9.,]) ?[A-Z]{3})$")
_BRACKETS = re.compile(r"\(.*[0-9].*\)")

_TOO_LARGE_PRICE = Decimal("99999999.995")  # rounds to more than DECIMAL(10,2) holds
_LARGEST_INTEGER = 2**31 - 1
_MOST_DIGITS_SHOWN = 15


def quantity_kind(text: str | None) -> Kind:
    """The kind of a text that is not a whole number above zero."""
    said = (text or "").strip()
    if _PLAIN.fullmatch(said) is None:
        return _not_plain(said)
    value = Decimal(said)
    if value < 0:
        return Kind("below zero", "nothing to do for returns and corrections")
    if value == 0:
        return Kind("zero", "deliver lines of one unit or more")
    if value != value.to_integral_value():
        return Kind("a fraction", "deliver whole units")
    if value > _LARGEST_INTEGER:
        return Kind("too large", f"{_LARGEST_INTEGER:,} is the most that a line may sell".replace(",", " "))
    return Kind("characters around the number", "deliver plain numbers such as 12")


def price_kind(text: str | None) -> Kind:
    """The kind of a text that is not a price of zero or more."""
    said = (text or "").strip()
    if _PLAIN.fullmatch(said) is None:
        return _not_plain(said)
    value = Decimal(said)
    if value < 0:
        return Kind("below zero", "nothing to do for corrections of the books")
    if value >= _TOO_LARGE_PRICE:
        return Kind("too large", "99999999.99 is the highest price that a line may have")
    return Kind("characters around the number", "deliver plain numbers such as 36.93")


def _not_plain(said: str) -> Kind:  # noqa: PLR0911 - a list of kinds, the most telling first
    """The kind of a text that does not read as a number."""
    if not said:
        return empty("a number")
    if said.lower() in NO_VALUE_WORDS:
        return Kind("a word for no value", "deliver a number")
    without = _without_currency(said)
    if without != said:
        return Kind("a currency sign", _such_as(without))
    if _SCIENTIFIC.fullmatch(said):
        return Kind("scientific notation", _such_as(said))
    if _EITHER_COMMA.fullmatch(said):
        return Kind(
            "a comma for thousands or decimals",
            "deliver plain numbers: no thousands separators, a point before the decimals",
        )
    if _THOUSANDS.fullmatch(said):
        return Kind("thousands separators", _such_as(said))
    if _DECIMAL_COMMA.fullmatch(said):
        return Kind("a decimal comma", _such_as(said))
    if _BRACKETS.fullmatch(said):
        return Kind("brackets for below zero", "deliver a minus in front")
    if any(character.isalpha() for character in said):
        return Kind("letters", "deliver plain numbers such as 36.93", telling=False)
    return Kind("other characters", "deliver plain numbers such as 36.93", telling=False)


def _without_currency(said: str) -> str:
    """The text without signs such as $ and codes such as EUR."""
    unsigned = "".join(character for character in said if unicodedata.category(character) != "Sc")
    return _CURRENCY_CODE.sub("", unsigned).strip()


def _such_as(said: str) -> str:
    """What to deliver, with the very number where it is sure which one is meant."""
    plain = _as_plain(said)
    return "deliver plain numbers" + (f" such as {plain}" if plain and len(plain) <= _MOST_DIGITS_SHOWN else "")


def _as_plain(said: str) -> str | None:
    if _PLAIN.fullmatch(said):
        return said
    if _SCIENTIFIC.fullmatch(said):
        return f"{Decimal(said):f}"
    if _EITHER_COMMA.fullmatch(said):
        return None
    if match := _THOUSANDS.fullmatch(said):
        return said.replace(match[1], "").replace(",", ".")
    return said.replace(",", ".") if _DECIMAL_COMMA.fullmatch(said) else None
