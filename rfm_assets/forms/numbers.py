"""Classifies texts that should be a quantity or a price."""

import re
import unicodedata
from decimal import Decimal

from rfm_assets.delivered import HIGHEST_LINE_AMOUNT, HIGHEST_PRICE, LARGEST_QUANTITY
from rfm_assets.forms.kind import Kind, empty, is_no_value, trimmed
from rfm_assets.forms.quoted import CURRENCY_CODES, has_few_digits

_PLAIN = re.compile(r"[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)")
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:[.][0-9]*)?[eE][+-]?[0-9]{1,3}")
_THOUSANDS = re.compile(
    r"[+-]?[1-9][0-9]{0,2}(?:([,.' \u00a0\u2009\u202f\u2019])[0-9]{3})(?:\1[0-9]{3})*(?:[.,][0-9]+)?"
)
_EITHER_COMMA = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+")
_CURRENCY_CODE = re.compile(rf"(?:{CURRENCY_CODES}) ?(?=[0-9.,+-])|(?<=[0-9.,]) ?(?:{CURRENCY_CODES})$")
_BRACKETS = re.compile(r"\(.*[0-9].*\)")


def quantity_kind(text: str | None) -> Kind:
    """The kind of a text that is not a whole number above zero."""
    number = trimmed(text)
    if _PLAIN.fullmatch(number) is None:
        return _not_plain(number)
    value = Decimal(number)
    if value < 0:
        return Kind("below zero", "returns and corrections are excluded on purpose")
    if value == 0:
        return Kind("zero", "deliver lines of one unit or more")
    if value != value.to_integral_value():
        return Kind("a fraction", "deliver whole units")
    return Kind("too large", f"{LARGEST_QUANTITY} is the most that a line may sell")


def price_kind(text: str | None) -> Kind:
    """The kind of a text that is not a price of zero or more."""
    number = trimmed(text)
    if _PLAIN.fullmatch(number) is None:
        return _not_plain(number)
    if Decimal(number) < 0:
        return Kind("below zero", "accounting corrections are excluded on purpose")
    return Kind("too large", f"{HIGHEST_PRICE} is the highest price that a line may have")


def line_amount_kind(text: str | None) -> Kind:
    """The kind of a text that is not the amount of a sale."""
    number = trimmed(text)
    if _PLAIN.fullmatch(number) is None:
        return _not_plain(number)
    if Decimal(number) < 0:
        return Kind("below zero", "deliver a line amount with the sign of its quantity")
    return Kind("too large", f"{HIGHEST_LINE_AMOUNT} is the highest amount that a line may have")


def _not_plain(text: str) -> Kind:  # noqa: PLR0911 - a list of kinds, the most specific first
    """The kind of a text that does not read as a number."""
    if not text:
        return empty("a number")
    if is_no_value(text):
        return Kind("a word for no value", "deliver a number")
    without = _without_currency(text)
    if without != text:
        return Kind("a currency sign", _such_as(without.strip()))
    if _SCIENTIFIC.fullmatch(text):
        return Kind("scientific notation", _such_as(text))
    if _EITHER_COMMA.fullmatch(text):
        return Kind(
            "a comma for thousands or decimals",
            "deliver plain numbers: no thousands separators, a point before the decimals",
        )
    if _THOUSANDS.fullmatch(text):
        return Kind("thousands separators", _such_as(text))
    if _DECIMAL_COMMA.fullmatch(text):
        return Kind("a decimal comma", _such_as(text))
    if _BRACKETS.fullmatch(text):
        return Kind("brackets for below zero", "deliver a minus in front")
    if any(character.isalpha() for character in text):
        return Kind("letters", "deliver plain numbers such as 36.93", is_one_form=False)
    return Kind("other characters", "deliver plain numbers such as 36.93", is_one_form=False)


def _without_currency(text: str) -> str:
    """The text without signs such as $ and codes such as EUR."""
    unsigned = "".join(character for character in text if unicodedata.category(character) != "Sc")
    return _CURRENCY_CODE.sub("", unsigned)


def _such_as(text: str) -> str:
    """What to deliver, with the number itself if it is unambiguous."""
    plain = _as_plain(text)
    return "deliver plain numbers" + (f" such as {plain}" if plain and has_few_digits(plain) else "")


def _as_plain(text: str) -> str | None:
    if _PLAIN.fullmatch(text):
        return text
    if _SCIENTIFIC.fullmatch(text):
        return f"{Decimal(text):f}"
    if _EITHER_COMMA.fullmatch(text):
        return None
    if match := _THOUSANDS.fullmatch(text):
        return text.replace(match[1], "").replace(",", ".")
    return text.replace(",", ".") if _DECIMAL_COMMA.fullmatch(text) else None
