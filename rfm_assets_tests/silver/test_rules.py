"""The rules, the reasons they give, and the split of bronze into silver and rejected."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from rfm_assets.contracts.bronze import SOURCE_COLUMNS
from rfm_assets.contracts.bronze import TRANSACTIONS as BRONZE
from rfm_assets.contracts.gold import CUSTOMER_RFM
from rfm_assets.contracts.silver import REJECTED_TRANSACTIONS as REJECTED
from rfm_assets.contracts.silver import TRANSACTIONS as SILVER
from rfm_assets.silver.rules import RULES, judged, not_after_its_file
from rfm_assets.warehouse.query import Query
from rfm_assets_tests.helpers.plain import (
    FIRST,
    READ_AT,
    Row,
    day,
    dicts,
    empty_warehouse,
    line,
    malformed,
    materialize,
    put,
)

RULES_IN_ORDER = [
    *("valid_invoice_no", "valid_stock_code", "valid_quantity", "valid_unit_price", "valid_line_amount"),
    *("valid_invoice_date", "not_after_its_file", "valid_customer_id"),
]

# For each rule, the lines that break only that rule.
BREAKS_ONLY = {
    "valid_invoice_no": [
        {"Invoice": text} for text in (None, "", " ", "\t\u00a0", "48943", "48943412", " 48943 ", "TEST")
    ],
    "valid_stock_code": [{"StockCode": text} for text in (None, "", " ", "\t", "\u00a0")],
    "valid_quantity": [{"Quantity": text} for text in (None, "0", "-1", "1.5", "1e3", "many", "99999999999")],
    "valid_unit_price": [{"Price": text} for text in (None, "-0.01", "free", "1,5", "123456789012")],
    "valid_line_amount": [{"LineAmount": text} for text in ("-0.01", "free", "1,5", "1e3", "nan", "9" * 17)],
    "valid_invoice_date": [
        {"InvoiceDate": text} for text in (None, "26/06/2025", "2025-02-30", "45834", "1989-12-31", "0001-01-01")
    ],
    "not_after_its_file": [{"InvoiceDate": text} for text in ("2025-06-27", "2025-06-27 00:00", "9999-12-31")],
    "valid_customer_id": [
        {"CustomerID": text}
        for text in (
            "1.23457E+12",
            " 1,2e+16",
            "1E+10",
            "13,085",
            "1'234'567",
            "12\u00a0346",
            "12.346.789",
            "13,085.00",
        )
    ],
}


def judge(*lines: Row) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Which bronze lines silver keeps and which it refuses."""
    with empty_warehouse() as store:
        put(store, BRONZE, *lines)
        materialize(store, FIRST, day(30), tables=(SILVER, REJECTED))
        return dicts(store, f"FROM {SILVER.address}"), dicts(store, f"FROM {REJECTED.address}")


def silver(**varied: str | None) -> Mapping[str, Any]:
    """The silver row of a line that passes every rule."""
    (kept,), refused = judge(line(**varied))
    assert not refused
    return kept


def failed_rules(row: Row) -> str:
    """The reasons why a line is refused; empty if it is not."""
    kept, refused = judge(row)
    assert len(kept) + len(refused) == 1
    return str(refused[0]["failed_rules"]) if refused else ""


def test_the_rules_are_in_the_order_of_their_reasons() -> None:
    assert [rule.name for rule in RULES] == RULES_IN_ORDER


@pytest.mark.parametrize("rule", BREAKS_ONLY)
def test_a_line_that_breaks_one_rule_is_refused_for_that_rule_alone(rule: str) -> None:
    kept, refused = judge(*(line(**varied) for varied in BREAKS_ONLY[rule]))
    assert not kept
    assert [row["failed_rules"] for row in refused] == [rule] * len(BREAKS_ONLY[rule])


@pytest.mark.parametrize(
    "varied",
    [
        {"Invoice": "C489434"},
        {"Invoice": "1234567"},
        {"Invoice": "ABCDEF"},
        {"StockCode": "POST"},  # a fee is no product, but a valid line
        {"Description": None},
        {"CustomerID": None},
        {"Country": None},
        {"Quantity": "1"},
        {"Price": "0"},
        {"Price": "0.004"},
        {"InvoiceDate": "1990-01-01"},
        {"InvoiceDate": str(FIRST)},
        {"Invoice": " 489434 "},
        {"Invoice": "\t489434\u00a0"},
        {"StockCode": "BANK CHARGES"},
        *({"CustomerID": text} for text in ("13.085", "1E10", "12-345", "1,2", "e+5", "12,3456", "Ann, 123", "0")),
        *({"LineAmount": text} for text in ("", " \t", "0", " 10 ", "+.5", "5.", "9999999999999999.99")),
    ],
)
def test_a_line_at_the_edge_of_the_rules_is_kept(varied: dict[str, str | None]) -> None:
    assert failed_rules(line(**varied)) == ""


def test_a_line_names_every_rule_it_fails_in_order() -> None:
    nothing = dict.fromkeys(["Invoice", "StockCode", "Quantity", "Price", "InvoiceDate"])
    # An unreadable date is not after anything, and a line needs no amount.
    failed = [
        rule for rule in RULES_IN_ORDER if rule not in {"not_after_its_file", "valid_line_amount", "valid_customer_id"}
    ]
    assert failed_rules(line(**nothing)) == ",".join(failed)
    assert failed_rules(line(**nothing, LineAmount="x")) == ",".join(RULES_IN_ORDER[:-2])
    assert failed_rules(line(Quantity="0", InvoiceDate="2025-06-27")) == "valid_quantity,not_after_its_file"
    assert failed_rules(line(InvoiceDate="never", Invoice="1")) == "valid_invoice_no,valid_invoice_date"


def test_a_malformed_line_is_refused_as_such_and_not_judged_by_the_rules() -> None:
    assert failed_rules(malformed()) == "malformed_line"
    assert failed_rules(line(_rescued_data="489434,85048")) == "malformed_line"


def test_a_refused_line_is_kept_as_it_was_delivered() -> None:
    delivered = line(Quantity=" -12 ", Price="6,95", CustomerID=" 13085.0", Description=" tea,\n 'cup' ")
    kept, refused = judge(delivered)
    assert not kept
    assert refused == [{**delivered, "failed_rules": "valid_quantity,valid_unit_price"}]


def test_a_kept_line_is_typed_and_nothing_of_it_is_lost() -> None:
    kept = silver(
        Quantity=" 3 ", Price="2.345", CustomerID="13085.0", InvoiceDate="2025-06-22 08:26", Description=" tea "
    )
    assert kept == {
        "InvoiceNo": "489434",
        "StockCode": "85048",
        "Description": " tea ",
        "Quantity": 3,
        "UnitPrice": Decimal("2.35"),
        "CustomerID": "13085",
        "Country": "United Kingdom",
        "InvoiceDate": date(2025, 6, 22),
        "ingestion_timestamp": READ_AT,
        "source_file": "2025-06-26_transactions.csv",
        "processing_date": FIRST,
        "IsCancellation": False,
        "TotalPrice": Decimal("7.05"),  # of the rounded price
        "Year": 2025,
        "Month": 6,
        "DayOfWeek": 1,
        "SurrogateKey": "489434_85048_3",
        "LineAmount": None,
        "ExactUnitPrice": Decimal("2.345"),
    }


@pytest.mark.parametrize(
    ("amount", "total"),
    [
        ("10", "10.00"),
        (" 10.005 ", "10.01"),
        ("0", "0.00"),
        ("9999999999999999.99",) * 2,
        (None, "20.85"),
        ("", "20.85"),
    ],
)
def test_the_total_of_a_line_is_its_line_amount_where_it_has_one(amount: str | None, total: str) -> None:
    kept = silver(Quantity="3", Price="6.95", LineAmount=amount)
    assert kept["TotalPrice"] == Decimal(total)
    assert kept["LineAmount"] == (kept["TotalPrice"] if (amount or "").strip() else None)


def test_the_amount_of_a_return_may_be_below_zero_as_its_quantity_is() -> None:
    assert failed_rules(line(Invoice="C489434", Quantity="-1", LineAmount="-6.95")) == "valid_quantity"
    assert failed_rules(line(Invoice="C489434", Quantity="x", LineAmount="-6.95")) == "valid_quantity,valid_line_amount"


@pytest.mark.parametrize(
    ("invoiced", "number"),
    [("2025-06-22", 1), ("2025-06-23", 2), ("2025-06-24", 3), ("2025-06-20", 6), ("2025-06-21", 7), ("2024-02-29", 5)],
)
def test_the_week_starts_on_sunday(invoiced: str, number: int) -> None:
    assert silver(InvoiceDate=invoiced)["DayOfWeek"] == number


@pytest.mark.parametrize(
    ("invoice", "cancels"),
    [
        *(("C489434", True), ("c489434", True), ("C48943", True), (" C489434\t", True)),
        *(("489434C", False), ("A489434", False), ("CA1001", False), ("CH10023", False), ("C48943A", False)),
        *(("CCCCCC", False), ("CC48943", False), ("C\u0664\u0668\u0669\u0664\u0663", False)),
    ],
)
def test_c_followed_by_digits_only_is_a_cancellation(invoice: str, cancels: bool) -> None:  # noqa: FBT001
    assert silver(Invoice=invoice)["IsCancellation"] is cancels


def test_the_largest_quantity_at_the_largest_price_does_not_stop_the_day() -> None:
    kept = silver(Quantity="2147483647", Price="99999999.99")
    assert kept["TotalPrice"] == 2_147_483_647 * Decimal("99999999.99")


def test_exact_duplicates_are_kept() -> None:
    kept, _ = judge(line(), line(), line(Quantity="-1"))
    assert [row["SurrogateKey"] for row in kept] == ["489434_85048_12"] * 2


def test_invoices_and_codes_with_blanks_around_them_count_like_those_without() -> None:
    lines = [
        line(Quantity="1", Price="5.00") | varied for varied in ({}, {"Invoice": " 489434"}, {"StockCode": "85048 "})
    ]
    with empty_warehouse() as store:
        put(store, BRONZE, *lines)
        materialize(store, FIRST)
        assert store.execute(f"SELECT Frequency, Monetary FROM {CUSTOMER_RFM.address}").fetchall() == [(1, 15)]
        keys = store.execute(f"SELECT DISTINCT SurrogateKey FROM {SILVER.address}").fetchall()
        delivered = store.execute(f"SELECT Invoice, StockCode FROM {BRONZE.address} ORDER BY ALL").fetchall()
    assert keys == [("489434_85048_1",)]
    assert delivered == [(" 489434", "85048"), ("489434", "85048"), ("489434", "85048 ")]


@pytest.mark.parametrize(
    ("days_ahead", "invoiced", "refused"),
    [
        *((0, FIRST, False), (0, day(2), True)),
        *((1, day(2), False), (1, day(3), True)),
        *((10**9, date(9999, 12, 31), False), (1, None, False)),
    ],
)
def test_a_setting_allows_dates_some_days_after_the_file(
    days_ahead: int,
    invoiced: date | None,
    refused: bool,  # noqa: FBT001
) -> None:
    text = "CAST(NULL AS VARCHAR)" if invoiced is None else f"'{invoiced}'"
    texts = [name for name in (*SOURCE_COLUMNS.values(), "LineAmount") if name != "InvoiceDate"]
    columns = ", ".join(f"CAST(NULL AS VARCHAR) AS {name}" for name in texts)
    lines = Query(
        f"SELECT {columns}, {text} AS InvoiceDate, DATE '{FIRST}' AS processing_date, "
        "CAST(NULL AS VARCHAR) AS _rescued_data"
    )
    with duckdb.connect() as connection:
        statement = judged(lines, [not_after_its_file(days_ahead)]).sql()
        ((reasons,),) = connection.execute(f"SELECT failed_rules FROM ({statement})").fetchall()
    assert reasons == ("not_after_its_file" if refused else "")
