"""Decides which delivered texts a message may quote: those that cannot name a customer, even if columns are shifted.

An id is a number or a code, and may be an e-mail address or a name; a message shows only the shape of anything that
could be one. Product codes and invoice numbers are quoted, since a wrong one is hard to find by its shape.
"""

import re
import unicodedata
from collections.abc import Callable

from rfm_assets.forms.kind import is_no_value, trimmed
from rfm_assets.forms.shape import shape_of

_LONGEST_QUOTED, _LONGEST_SHOWN = 20, 40
_MOST_DIGITS = 8  # more may be a card or phone number

CURRENCY_CODES = "AUD|BRL|CAD|CHF|CNY|CZK|DKK|EUR|GBP|HUF|INR|JPY|MXN|NOK|NZD|PLN|SEK|TRY|USD|ZAR"
_CURRENCY = rf"(?:[$]|{CURRENCY_CODES})?"
_GROUPS = r"[0-9]{0,3}(?:[,.' \u00a0\u2009\u202f\u2019]?[0-9]{3})*"
_AMOUNT = re.compile(rf"[+-]?{_CURRENCY} ?[(]?[+-]?{_GROUPS}(?:[.,][0-9]*)?(?:[eE][+-]?[0-9]{{1,3}})?[)]? ?{_CURRENCY}")
_DATE = re.compile(
    r"(?:[0-9]{4}[-/. ][0-9]{1,2}[-/. ][0-9]{1,2}|[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ](?:[0-9]{4}|[0-9]{2})"
    r"|(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))(?:[ T][0-9:.]*)?Z?"
)
_CODE = re.compile(r"(?=.*[0-9])[A-Za-z][A-Za-z0-9_-]*|[0-9]+[A-Za-z][A-Za-z0-9_-]*|[A-Z]{1,5}")
_INVOICE = re.compile("[A-Za-z]?[0-9]{6,}")


def has_few_digits(text: str) -> bool:
    """Whether a text has too few digits for a card or phone number."""
    return sum(character.isdigit() for character in text) <= _MOST_DIGITS


def is_amount(text: str) -> bool:
    """Whether a text is a number with few digits, a currency and separators, or a word for a missing value."""
    signs = "".join("$" if unicodedata.category(character) == "Sc" else character for character in text)
    return is_no_value(text) or (has_few_digits(text) and _AMOUNT.fullmatch(signs) is not None)


def is_date(text: str) -> bool:
    """Whether a text is a date in digits, in any order, or a word for a missing value."""
    return is_no_value(text) or _DATE.fullmatch(text) is not None


def is_product_code(text: str) -> bool:
    """Whether a text is a code with both digits and letters, such as SKU036, or a few capitals, such as POST."""
    return _CODE.fullmatch(text) is not None


def is_invoice_number(text: str) -> bool:
    """Whether a text is an invoice number, possibly too long; shorter numbers could be ids."""
    return _INVOICE.fullmatch(text) is not None


def is_never_quoted(_: str) -> bool:
    """False: for raw lines, which contain all columns."""
    return False


def shown(text: str | None, may_be_quoted: Callable[[str], bool]) -> str:
    """A text for a message: as delivered if it may be quoted, else its shape; on one line, and short."""
    without_blanks = trimmed(text)
    if text is None or not without_blanks:
        return "nothing"
    quoted = len(text) <= _LONGEST_QUOTED and may_be_quoted(without_blanks)
    printable = "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)
    whole = printable if quoted else shape_of(printable)
    return f'"{whole[:_LONGEST_SHOWN]}…"' if len(whole) > _LONGEST_SHOWN else f'"{whole}"'
