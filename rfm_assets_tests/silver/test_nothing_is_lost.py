"""Bronze = silver + rejected whatever the lines hold, and each verdict equals one in plain Python."""

import re
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rfm_assets.contracts.bronze import TRANSACTIONS as BRONZE
from rfm_assets.contracts.silver import REJECTED_TRANSACTIONS as REJECTED
from rfm_assets.contracts.silver import TRANSACTIONS as SILVER
from rfm_assets_tests.helpers.plain import FIRST, Row, day, empty_warehouse, line, malformed, materialize, put

pytestmark = pytest.mark.slow

SIGNS_AND_DIGITS = st.text("0123456789+-., eE", max_size=8)

LINES = st.builds(
    lambda varied, on, file: line(on=on, source_file=file, **varied),
    st.fixed_dictionaries(
        {},
        optional={
            "Invoice": st.sampled_from([None, "489434", "C489434", "c48943", "48943", "48943412", " 489434", "\t"])
            | st.text(max_size=9),
            "StockCode": st.none() | st.sampled_from(["85048", "POST", "M", "85048 ", "\u00a0", ""]),
            "Quantity": st.none()
            | st.sampled_from(["12", " 7.0 ", "\t7", "0", "-3", "12.7", "1e3", "2147483648"])
            | SIGNS_AND_DIGITS,
            "Price": st.none() | st.sampled_from(["6.95", "0.005", "-0.01", ".5", "99999999.995"]) | SIGNS_AND_DIGITS,
            "LineAmount": st.none() | st.sampled_from(["10", " 0.005", "-1", "", "\t"]) | SIGNS_AND_DIGITS,
            "CustomerID": st.none()
            | st.sampled_from(["13085.0", " AB-1 ", "", "13,085", "1E+5"])
            | st.text(max_size=5),
            "InvoiceDate": st.none()
            | st.sampled_from(
                ["2025-06-26 08:26", "2025-02-30", "26/06/2025", "2025-06-27", "2025-06-28", "1989-12-31"]
            )
            | st.text(max_size=12),
        },
    ),
    st.sampled_from([FIRST, day(2)]),
    st.sampled_from(["a.csv", "b.csv"]),
)
DELIVERIES = st.lists(LINES | st.builds(malformed), max_size=10)


def reasons(row: Row) -> str:
    """The rules a line fails, as the data contract words them."""
    if row["_rescued_data"] is not None:
        return "malformed_line"
    passes = {
        "valid_invoice_no": len(trimmed(row["Invoice"])) in {6, 7},
        "valid_stock_code": trimmed(row["StockCode"]) != "",
        "valid_quantity": 0 < quantity(row["Quantity"]) < 2**31,
        "valid_unit_price": 0 <= price(row["Price"]) < 10**8,
        "valid_line_amount": is_amount_of(row["LineAmount"], quantity(row["Quantity"])),
        "valid_invoice_date": (invoiced := day_of(row["InvoiceDate"])) is not None and invoiced.year >= 1990,
        "not_after_its_file": invoiced is None or invoiced <= row["processing_date"],
        "valid_customer_id": not re.fullmatch(
            r"[0-9][.,0-9]*[eE]\+[0-9]+|[0-9]{1,3}([ ',\u00a0\u202f][0-9]{3})+(\.0+)?", trimmed(row["CustomerID"])
        ),
    }
    return ",".join(rule for rule, passed in passes.items() if not passed)


def trimmed(text: str | None) -> str:
    """The text without a tab or any space of Unicode at either end."""
    blank = "".join({one for one in text or "" if one == "\t" or unicodedata.category(one) == "Zs"})
    return (text or "").strip(blank) if blank else text or ""


def quantity(text: str | None) -> int:
    match = re.fullmatch(r"([+-]?[0-9]+)(\.0*)?", trimmed(text))
    return int(match[1]) if match else 0


def price(text: str | None) -> Decimal:
    match = re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)", trimmed(text))
    return Decimal(match[0]).quantize(Decimal("0.01"), ROUND_HALF_UP) if match else Decimal(-1)


def is_amount_of(text: str | None, quantity: int) -> bool:
    match = re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)", trimmed(text))
    if match is None:
        return trimmed(text) == ""
    amount = Decimal(match[0]).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return amount >= 0 or -(2**31) <= quantity < 0


def day_of(text: str | None) -> date | None:
    match = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})([ T][0-9]{1,2}:[0-9]{2}.*)?", trimmed(text))
    try:
        return date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None


@given(DELIVERIES)
@settings(max_examples=25, deadline=None, derandomize=True)
def test_every_line_is_in_silver_or_rejected_once_and_for_its_reasons(lines: list[Row]) -> None:
    numbered = [{**row, "Description": str(number)} for number, row in enumerate(lines)]
    expected = {number: (reasons(row), row["processing_date"], row["source_file"]) for number, row in enumerate(lines)}
    with empty_warehouse() as store:
        put(store, BRONZE, *numbered)
        materialize(store, FIRST, day(2), tables=(SILVER, REJECTED))
        found = store.execute(
            f"""SELECT Description, '', processing_date, source_file FROM {SILVER.address}
            UNION ALL SELECT Description, failed_rules, processing_date, source_file FROM {REJECTED.address}"""
        ).fetchall()
    assert len(found) == len(lines)
    assert {int(number): tuple(rest) for number, *rest in found} == expected
