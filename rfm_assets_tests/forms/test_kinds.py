"""Every kind of unusable text gets its name and its way out."""

import pytest

from rfm_assets.forms.common import column_of
from rfm_assets.forms.dates import date_kind, late_kind
from rfm_assets.forms.numbers import line_amount_kind, price_kind, quantity_kind
from rfm_assets.forms.texts import invoice_kind, line_kind, product_kind, stock_code_kind
from rfm_assets.silver.rules import RULES


@pytest.mark.parametrize(
    ("text", "name", "way_out"),
    [
        (None, "empty", "deliver a number"),
        (" ", "empty", "deliver a number"),
        ("$36.93", "a currency sign", "deliver plain numbers such as 36.93"),
        ("36,93 €", "a currency sign", "deliver plain numbers such as 36.93"),
        ("-£1,234.50", "a currency sign", "deliver plain numbers such as -1234.50"),
        ("EUR 5.00", "a currency sign", "deliver plain numbers such as 5.00"),
        ("5.00USD", "a currency sign", "deliver plain numbers such as 5.00"),
        ("$1,234", "a currency sign", "deliver plain numbers"),  # 1234 or 1.234
        ("5,00", "a decimal comma", "deliver plain numbers such as 5.00"),
        ("0,125", "a decimal comma", "deliver plain numbers such as 0.125"),
        ("1,234.50", "thousands separators", "deliver plain numbers such as 1234.50"),
        ("1.234,50", "thousands separators", "deliver plain numbers such as 1234.50"),
        ("1 234,50", "thousands separators", "deliver plain numbers such as 1234.50"),
        ("1\u202f234\u202f567", "thousands separators", "deliver plain numbers such as 1234567"),
        (
            "1,234",
            "a comma for thousands or decimals",
            "deliver plain numbers: no thousands separators, a point before the decimals",
        ),
        ("1.5e3", "scientific notation", "deliver plain numbers such as 1500"),
        ("1E+300", "scientific notation", "deliver plain numbers"),
        ("(5.00)", "brackets for below zero", "deliver a minus in front"),
        ("nan", "a word for no value", "deliver a number"),
        ("#N/A", "a word for no value", "deliver a number"),
        ("CUS042", "letters", "deliver plain numbers such as 36.93"),  # a code, and not one of a currency
        ("$13085551234", "a currency sign", "deliver plain numbers"),  # as long as a telephone's
        ("free", "letters", "deliver plain numbers such as 36.93"),
        ("5.00.00", "other characters", "deliver plain numbers such as 36.93"),
        ("-38925.87", "below zero", "accounting corrections are excluded on purpose"),
        ("123456789012", "too large", "99999999.99 is the highest price that a line may have"),
        ("99999999.995", "too large", "99999999.99 is the highest price that a line may have"),
        ("9" * 50, "too large", "99999999.99 is the highest price that a line may have"),
        ("36.93\n", "other characters", "deliver plain numbers such as 36.93"),
    ],
)
def test_a_wrong_price_is_named_with_the_way_out(text: str | None, name: str, way_out: str) -> None:
    assert price_kind(text)[:2] == (name, way_out)


@pytest.mark.parametrize(
    ("text", "name", "way_out"),
    [
        ("-5", "below zero", "deliver a line amount with the sign of its quantity"),
        ("9" * 17, "too large", "9999999999999999.99 is the highest amount that a line may have"),
        ("1,50", "a decimal comma", "deliver plain numbers such as 1.50"),
    ],
)
def test_a_wrong_line_amount_is_named_with_the_way_out(text: str, name: str, way_out: str) -> None:
    assert line_amount_kind(text)[:2] == (name, way_out)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("-1", "below zero"),
        ("0", "zero"),
        ("1.5", "a fraction"),
        ("2147483648", "too large"),
        ("1e3", "scientific notation"),
        ("1,000", "a comma for thousands or decimals"),
        ("many", "letters"),
        ("12\n", "other characters"),
        (None, "empty"),
    ],
)
def test_a_wrong_quantity_is_named(text: str | None, name: str) -> None:
    assert quantity_kind(text).name == name


@pytest.mark.parametrize(
    ("text", "name", "way_out"),
    [
        (None, "empty", "deliver the day of the sale, YYYY-MM-DD"),
        ("NaT", "a word for no value", "deliver the day of the sale, YYYY-MM-DD"),
        ("12/11/2026", "a date in another order", "deliver YYYY-MM-DD"),
        ("31/12/2026 08:30", "a date in another order", "deliver YYYY-MM-DD such as 2026-12-31"),
        ("12.31.26", "a date in another order", "deliver YYYY-MM-DD such as 2026-12-31"),
        ("41000", "an Excel serial number", "deliver YYYY-MM-DD such as 2026-11-12"),  # an id may look like one
        ("46338", "an Excel serial number", "deliver YYYY-MM-DD such as 2026-11-12"),
        ("46338.25", "an Excel serial number", "deliver YYYY-MM-DD such as 2026-11-12"),
        ("1794441600", "seconds since 1970", "deliver YYYY-MM-DD such as 2026-11-12"),
        ("20261112", "a date without dashes", "deliver YYYY-MM-DD such as 2026-11-12"),
        ("2026/11/12", "a date with other separators or without zeros", "deliver YYYY-MM-DD such as 2026-11-12"),
        ("2026-6-1", "a date with other separators or without zeros", "deliver YYYY-MM-DD such as 2026-06-01"),
        ("2026-02-30", "a day that does not exist", "correct the date"),
        ("0001-01-01", "before 1990", "deliver the day of the sale"),
        ("12 Nov 2026", "words or letters", "deliver YYYY-MM-DD such as 2026-11-12"),
        ("7", "not a date", "deliver YYYY-MM-DD such as 2026-11-12"),
        (
            "2026-11-12Z",
            "a date followed by other text",
            "deliver YYYY-MM-DD, followed by a time of day at most",
        ),
    ],
)
def test_a_wrong_date_is_named_with_the_way_out(text: str | None, name: str, way_out: str) -> None:
    assert date_kind(text)[:2] == (name, way_out)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (None, "empty"),
        ("48943", "too short an invoice number"),
        ("10000000", "too long an invoice number"),
        (" 48943\u00a0", "too short an invoice number"),
    ],
)
def test_a_wrong_invoice_number_is_named(text: str | None, name: str) -> None:
    assert invoice_kind(text).name == name


def test_a_missing_code_another_code_and_a_late_date_are_named() -> None:
    assert stock_code_kind(None).name == "empty"
    assert product_kind("SKU036").name == "not a product"
    assert late_kind("2026-11-13").name == "after the day of its file"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("", "too few: 1 field"),
        ("489434,85048,too few", "too few: 3 fields"),
        ('489434,85048,"MUG, RED",2,5.00,13085', "too few: 6 fields"),
        ("1,2,3,4,5,6,7,8,9", "9 fields, not as many as the header has"),
        ("1,2,CAFÉ,4,5,6,7,8", "characters that are not UTF-8"),
        ('1,"open,3', "a quote that is not closed or not doubled"),
        ("1,2\u2400,3", "a NUL inside"),
        ("1,2\r3", "a carriage return inside"),
    ],
)
def test_a_malformed_line_is_named(line: str, name: str) -> None:
    assert line_kind(line).name == name


def test_every_rule_says_which_column_it_looks_at() -> None:
    assert all(column_of(rule.name) for rule in RULES)
