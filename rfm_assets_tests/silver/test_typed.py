"""How texts become quantities, prices, days and ids, and which are read as null."""

import sys
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from rfm_assets.delivered import BLANKS, SPACES
from rfm_assets.silver.rules import typed
from rfm_assets.warehouse.query import Query

TYPED = {
    "Invoice": "trimmed_invoice",
    "StockCode": "trimmed_stock_code",
    "Quantity": "typed_quantity",
    "Price": "typed_price",
    "LineAmount": "typed_line_amount",
    "InvoiceDate": "typed_date",
    "CustomerID": "typed_customer",
}

Meaning = Callable[[str, str | None], Any]


@pytest.fixture(scope="module")
def meaning() -> Iterator[Meaning]:
    """The typed value of a bronze column that holds this text."""
    with duckdb.connect() as connection:

        def read(column: str, text: str | None) -> Any:  # noqa: ANN401 - of the column's own type
            texts = dict.fromkeys(TYPED, "NULL") | {column: "$text"}
            line = Query(f"SELECT {', '.join(f'CAST({value} AS VARCHAR) AS {name}' for name, value in texts.items())}")
            found = connection.execute(f"SELECT {TYPED[column]} FROM ({typed(line).sql()})", {"text": text}).fetchall()
            return found[0][0]

        yield read


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("12", 12),
        (" 12 ", 12),
        ("\t12\u00a0", 12),
        ("12.", 12),
        ("12.0", 12),
        ("12.000", 12),
        ("+5", 5),
        ("-3", -3),
        ("-0", 0),
        ("0", 0),
        ("0012", 12),
        ("100", 100),  # zeros before the point are not dropped
        ("100.0", 100),
        ("2147483647", 2_147_483_647),
        ("2147483648", None),  # more than INTEGER can hold
        ("99999999999", None),
        ("12.7", None),  # a cast would round it to 13
        ("12.01", None),
        ("1e3", None),  # a cast would read 1000
        ("1,000", None),
        ("1 000", None),
        ("1_000", None),
        ("0x10", None),
        ("--3", None),
        ("+", None),
        (".", None),
        (".0", None),
        ("NaN", None),
        ("twelve", None),
        ("\u0663", None),  # three, in Arabic
        ("\uff11\uff12", None),  # twelve, in wide digits
        ("12\n", None),
        ("", None),
        ("   ", None),
        (None, None),
    ],
)
def test_a_quantity_is_a_whole_number_or_nothing(meaning: Meaning, text: str | None, quantity: int | None) -> None:
    assert meaning("Quantity", text) == quantity


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("6.95", "6.95"),
        (" 6.95 ", "6.95"),
        ("\u00a06.95\t", "6.95"),
        ("7", "7.00"),
        (".5", "0.50"),
        ("5.", "5.00"),
        ("+1.25", "1.25"),
        ("0", "0.00"),
        ("0.004", "0.00"),
        ("0.005", "0.01"),  # half up
        ("2.345", "2.35"),  # as a binary fraction it would be less than half
        ("2.3449999999999999999", "2.34"),
        ("1.005", "1.01"),
        ("-0.01", "-0.01"),
        ("-0.004", "0.00"),
        ("99999999.99", "99999999.99"),
        ("99999999.994", "99999999.99"),
        (f"0.{'1' * 60}", "0.11"),
        ("1e-3", None),
        ("1E2", None),
        ("1,5", None),
        ("1.234,50", None),
        ("£6.95", None),
        ("6.95 GBP", None),
        ("1.2.3", None),
        (".", None),
        ("-", None),
        ("Infinity", None),
        ("\u0663.\u0665", None),
        ("", None),
        (None, None),
    ],
)
@pytest.mark.parametrize("column", ["Price", "LineAmount"])
def test_a_price_is_a_plain_decimal_rounded_half_up_or_nothing(
    meaning: Meaning, text: str | None, price: str | None, column: str
) -> None:
    assert meaning(column, text) == (None if price is None else Decimal(price))


@pytest.mark.parametrize(("column", "digits"), [("Price", 8), ("LineAmount", 16)])
def test_a_price_that_rounds_to_more_than_its_type_holds_is_nothing(meaning: Meaning, column: str, digits: int) -> None:
    whole = "9" * digits
    assert meaning(column, f"{whole}.994") == Decimal(f"{whole}.99")
    assert meaning(column, f"{whole}.995") is None
    assert meaning(column, f"{whole}9") is None


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2025-06-26", date(2025, 6, 26)),
        (" 2025-06-26 ", date(2025, 6, 26)),
        ("\t2025-06-26\u00a0", date(2025, 6, 26)),
        ("2025-06-26 08:26:00", date(2025, 6, 26)),
        ("2025-06-26 8:26", date(2025, 6, 26)),
        ("2025-06-26T08:26:00", date(2025, 6, 26)),
        ("2025-06-26T23:59:59.999999+14:00", date(2025, 6, 26)),  # the day as written, in whatever time zone
        ("2024-02-29", date(2024, 2, 29)),
        ("2025-02-29", None),
        ("2025-02-30", None),
        ("2025-02-30 08:26", None),
        ("2025-13-01", None),
        ("2025-00-10", None),
        ("2025-6-26", None),
        ("26/06/2025", None),
        ("06/26/2025 08:26", None),
        ("26.06.2025", None),
        ("2025/06/26", None),
        ("20250626", None),
        ("25-06-26", None),
        ("2025-06-26x", None),
        ("2025-06-26 in the morning", None),
        ("2025-06-2608:26", None),
        ("45834", None),  # a spreadsheet's day number
        ("1750926360", None),  # seconds since 1970
        ("infinity", None),
        ("", None),
        (None, None),
    ],
)
def test_a_day_is_year_month_day_with_any_time_dropped_or_nothing(
    meaning: Meaning, text: str | None, read: date | None
) -> None:
    assert meaning("InvoiceDate", text) == read


@pytest.mark.parametrize(
    ("text", "customer"),
    [
        ("13085.0", "13085"),
        ("13085", "13085"),
        (" 13085 ", "13085"),
        (" 13085.0 ", "13085"),
        ("0013085.0", "0013085"),  # another customer than 13085
        ("13085.5", "13085.5"),
        ("-1.0", "-1.0"),
        ("AB-1", "AB-1"),
        ("ab-1", "ab-1"),
        ("AB-1.0", "AB-1.0"),
        ("jane doe", "jane doe"),
        ("9" * 40 + ".0", "9" * 40),
        ("\u0663.0", "\u0663.0"),
        (".0", ".0"),
        ("\t13085.0\u00a0", "13085"),
        ("Nancy", "Nancy"),
        ("12346.00", "12346"),
        (" 00417.000", "00417"),
        ("1.00", "1"),
        ("1.01", "1.01"),
        ("Jane.Doe@Shop.EXAMPLE", "jane.doe@shop.example"),
        ("0", None),
        ("-1", "-1"),
        ("...", "..."),
        *(
            (text, None)
            for text in ("nan", "NaN", "NULL", "null", "None", "(null)", "N/A", "n/a", "NA", "#N/A", "<NA>", "NaT", "-")
        ),
        *(
            (text, None)
            for text in ("--", "\u2014", ".", "?", "nil", "Undefined", "#NULL!", "#REF!", "#NAME?", "#DIV/0!", "\\N")
        ),
        *((text, None) for text in (" nan ", "\tN/A", "\u00a0-", "\t \u00a0")),
        ("", None),
        ("  ", None),
        ("\u200b", None),
        ("\ufeff17850\u200b", "17850"),
        (None, None),
    ],
)
def test_a_customer_id_is_trimmed_and_loses_the_exporters_suffix_and_words_for_nobody_are_no_id(
    meaning: Meaning, text: str | None, customer: str | None
) -> None:
    assert meaning("CustomerID", text) == customer


def test_the_tab_and_every_space_of_unicode_are_blanks() -> None:
    spaces = "".join(chr(code) for code in range(sys.maxunicode) if unicodedata.category(chr(code)) == "Zs")
    assert sorted(SPACES) == sorted("\t" + spaces)
    assert set(SPACES) < set(BLANKS)


@pytest.mark.parametrize(("column", "name"), [("Invoice", "trimmed_invoice"), ("StockCode", "trimmed_stock_code")])
def test_an_invoice_and_a_code_are_trimmed_and_nothing_where_they_are_blank(
    meaning: Meaning, column: str, name: str
) -> None:
    assert TYPED[column] == name
    for text, read in (("\t A 1\u3000", "A 1"), ("nan", "nan"), ("A", "A"), ("", None), (BLANKS, None), (None, None)):
        assert meaning(column, text) == read
