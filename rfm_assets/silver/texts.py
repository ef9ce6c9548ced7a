"""What a delivered text is without the blanks around it, and which texts mean that nothing is there."""

from collections.abc import Mapping
from types import MappingProxyType

from rfm_assets.warehouse.query import Query, literal

BLANKS = "\t \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
"""The characters that do not count at either end of a text: the tab, and every space of Unicode."""

NO_CUSTOMER = ("-", "nan", "none", "null", "(null)", "na", "n/a", "#n/a", "<na>")
"""What exporters write in place of a customer they do not know, in small or capital letters."""

TRIMMED: Mapping[str, str] = MappingProxyType(
    {
        "Invoice": "trimmed_invoice",
        "StockCode": "trimmed_stock_code",
        "Quantity": "trimmed_quantity",
        "Price": "trimmed_price",
        "CustomerID": "trimmed_customer",
        "InvoiceDate": "trimmed_date",
    }
)
"""Of each bronze column that silver reads a meaning from: the column that holds its text trimmed."""

_WITHOUT_BLANKS, _NUMBER = "^[!-~]+$", "^[0-9]+([.]0)?$"


def trimmed(transactions: Query) -> Query:
    """Bronze lines beside their trimmed texts, NULL where nothing is there."""
    columns = ",\n    ".join(f"{_trimmed(column)} AS {name}" for column, name in TRIMMED.items())
    return Query(f"SELECT\n    *,\n    {columns}\nFROM transactions", {"transactions": transactions})


def without_blanks(column: str) -> str:
    """The expression of a column's text without the blanks at its ends."""
    return f"trim({column}, {literal(BLANKS)})"


def any_case(words: tuple[str, ...]) -> str:
    """The pattern of a text that is one of some words, in small or capital letters, in what all engines read alike."""
    spelled = ("".join(f"[{letter}{letter.upper() if letter.isalpha() else ''}]" for letter in word) for word in words)
    return f"^({'|'.join(spelled)})$"


def _trimmed(column: str) -> str:
    """Most texts have nothing to trim, and are found so by a pattern, which is quicker than trimming them."""
    text = without_blanks(column)
    is_customer = column == "CustomerID"
    as_it_is = f"WHEN regexp_matches({column}, '{_NUMBER if is_customer else _WITHOUT_BLANKS}') THEN {column}"
    nobody = f" WHEN regexp_matches({text}, {literal(any_case(NO_CUSTOMER))}) THEN NULL" if is_customer else ""
    return f"CASE {as_it_is}{nobody} WHEN {text} <> '' THEN {text} END"
