"""Trims delivered texts, and finds texts that stand for a missing value."""

from rfm_assets.config import in_force
from rfm_assets.delivered import BLANKS, DATABASE_NULL, NO_VALUE_WORDS
from rfm_assets.literals import literal
from rfm_assets.warehouse.query import Query, sql

_WITHOUT_BLANKS, _NUMBER = "^[!-~]+$", "^[1-9][0-9]*([.]0)?$"
_WORDS = (*NO_VALUE_WORDS, *in_force.customers().nobody)


def trimmed(delivered: Query) -> Query:
    """Bronze lines with their trimmed texts, NULL if empty.

    Trimming takes ten times as long as a pattern that finds nothing to trim, so it is done only if needed: for numbers
    and days only if they are not plain (plain.sql).
    """
    columns = {
        "trimmed_invoice": f"CASE {_as_it_is('Invoice')} {_unless_blank('Invoice')} END",
        "trimmed_stock_code": f"CASE {_as_it_is('StockCode')} {_unless_blank('StockCode')} END",
        "trimmed_quantity": f"CASE WHEN plain_quantity IS NULL THEN {_trim('Quantity')} END",
        "trimmed_price": f"CASE WHEN plain_price IS NULL THEN {_trim('Price')} END",
        "trimmed_line_amount": "CASE WHEN plain_line_amount IS NOT NULL THEN LineAmount "
        f"{_unless_blank('LineAmount')} END",
        "trimmed_date": f"CASE WHEN plain_date IS NULL THEN {_trim('InvoiceDate')} END",
        "trimmed_customer": f"CASE {_OWN_NUMBERS}{_as_it_is('CustomerID', _NUMBER)} {_NOBODY} "
        f"{_unless_blank('CustomerID')} END",
    }
    listed = ",\n    ".join(f"{text} AS {name}" for name, text in columns.items())
    plain = sql(__package__, "plain", delivered=delivered)
    return Query(f"SELECT\n    *,\n    {listed}\nFROM plain", {"plain": plain})


def any_case(words: tuple[str, ...]) -> str:
    """A pattern, portable across engines, of texts that are one of the words in any case."""
    return f"^({'|'.join(map(_spelled, words))})$"


def _spelled(word: str) -> str:
    """A pattern of a word in any case, or of a number with or without zeros after its point."""
    spelled = "".join(f"[{letter}{letter.upper() if letter.isalpha() else ''}]" for letter in word)
    return f"{spelled}([.]0*)?" if word.isdigit() else spelled


def _trim(column: str) -> str:
    return f"trim({column}, {literal(BLANKS)})"


def _as_it_is(column: str, pattern: str = _WITHOUT_BLANKS) -> str:
    return f"WHEN regexp_matches({column}, '{pattern}') THEN {column}"


def _unless_blank(column: str) -> str:
    return f"WHEN {_trim(column)} <> '' THEN {_trim(column)}"


_IS_NO_VALUE = (
    f"regexp_matches({_trim('CustomerID')}, {literal(any_case(_WORDS))}) "
    f"OR {_trim('CustomerID')} = {literal(DATABASE_NULL)}"
)
_NOBODY = f"WHEN {_IS_NO_VALUE} THEN NULL"
_OWN_NUMBERS = f"{_NOBODY} " if any(word[0] in "123456789" for word in _WORDS) else ""  # _NUMBER would let them pass

NAMES_NOBODY = f"(coalesce({_trim('CustomerID')}, '') = '' OR {_IS_NO_VALUE})"
"""SQL for whether a bronze line has no customer."""
