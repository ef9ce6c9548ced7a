"""Which lines are returns, and which order each takes back, on a few lines worked out by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from rfm_assets.config.shop_file import Rules
from rfm_assets.contracts import bronze
from rfm_assets.contracts.silver import REJECTED_TRANSACTIONS, RETURNS, TRANSACTIONS
from rfm_assets.silver.returns import taken_back
from rfm_assets.warehouse.days import Days, stored_rows
from rfm_assets.warehouse.duckdb.write import replace_days
from rfm_assets_tests.helpers.plain import FIRST, Row, day, dicts, empty_warehouse, line, materialize, put

pytestmark = pytest.mark.slow

LAST = day(9)


def returns(*lines: Row, first: date = FIRST, last: date = LAST, rules: Rules | None = None) -> list[dict[str, Any]]:
    """The returns among some delivered lines, sorted by invoice number."""
    with empty_warehouse() as store:
        put(store, bronze.TRANSACTIONS, *lines)
        materialize(store, FIRST, LAST, tables={TRANSACTIONS, REJECTED_TRANSACTIONS})
        found = taken_back(
            stored_rows(TRANSACTIONS, "<= $last"), stored_rows(REJECTED_TRANSACTIONS, "BETWEEN $first AND $last"), rules
        )
        replace_days(store, Days(RETURNS, first, last), found)
        return dicts(store, f"SELECT * FROM {RETURNS.address} ORDER BY InvoiceNo, Quantity")


def back(**varied: Any) -> Row:  # noqa: ANN401 - whatever a column may hold
    """A cancellation of two units, delivered on the second day, except for the columns named."""
    return line(**{"Invoice": "C500009", "Quantity": "-2", "on": day(2)} | varied)


def orders_taken_back(*lines: Row, rules: Rules | None = None) -> list[str | None]:
    return [one["TakesBack"] for one in returns(*lines, rules=rules)]


def test_a_return_takes_back_the_order_that_it_came_from() -> None:
    (found,) = returns(line(), line(StockCode="22041", Quantity="3"), back())
    assert found == {
        "processing_date": day(2),
        "InvoiceNo": "C500009",
        "StockCode": "85048",
        "CustomerID": "13085",
        "InvoiceDate": day(2),
        "Quantity": 2,
        "Amount": Decimal("13.90"),
        "Kind": "cancellation",
        "CountsForCustomer": True,
        "IsMatched": True,
        "TakesBack": "489434",
        "SoldOn": FIRST,
        "SoldQuantity": 12,
        "SoldAmount": Decimal("83.40"),
        "OrderQuantity": 15,
        "OrderAmount": Decimal("104.25"),
        "source_file": "2025-06-27_transactions.csv",
    }


@pytest.mark.parametrize(
    ("varied", "kind", "amount"),
    [
        ({}, "cancellation", "13.90"),
        ({"Invoice": "500009"}, "negative quantity", "13.90"),
        ({"LineAmount": "-11.00"}, "refund", "11.00"),
        ({"LineAmount": "11.00"}, "cancellation", "11.00"),  # the quantity makes it a return
        ({"Invoice": "500009", "LineAmount": "-11.00"}, "negative quantity", "11.00"),
        ({"Quantity": "2"}, "cancellation", "13.90"),  # a valid line, which its number makes a cancellation
    ],
)
def test_a_return_is_of_one_kind_and_worth_zero_or_more(varied: dict[str, str], kind: str, amount: str) -> None:
    (found,) = returns(line(), back(**varied))
    assert (found["Kind"], found["Amount"], found["Quantity"]) == (kind, Decimal(amount), 2)
    assert found["TakesBack"] == "489434"


@pytest.mark.parametrize(
    "varied", [{"Quantity": "0"}, {"Quantity": "x"}, {"Price": "-1"}, {"InvoiceDate": "never"}, {"Invoice": "C1"}]
)
def test_a_line_with_another_fault_is_not_a_return(varied: dict[str, str]) -> None:
    assert returns(line(), back(**varied)) == []


def test_the_latest_of_several_orders_is_taken_back() -> None:
    orders = [
        line(Invoice=number, InvoiceDate=dated) for number, dated in (("500001", "2025-06-24"), ("500000", FIRST))
    ]
    assert orders_taken_back(*orders, back()) == ["500000"]
    assert orders_taken_back(line(Invoice="500001"), line(Invoice="500002"), back()) == ["500002"]


def test_a_refund_takes_back_the_order_that_its_number_ends_in() -> None:
    orders = [line(Invoice="500001"), line(Invoice="500002")]
    refund = {"Quantity": "-1", "LineAmount": "-83.40"}
    assert orders_taken_back(*orders, back(**{"Invoice": "C500001"} | refund)) == ["500001"]
    assert orders_taken_back(*orders, back(**{"Invoice": "C500009"} | refund)) == ["500002"]
    assert orders_taken_back(*orders, back(Invoice="C500001")) == ["500002"]  # cancellations have numbers of their own


def test_an_order_of_the_same_store_is_taken_back_before_a_later_one_of_another() -> None:
    orders = [
        line(Invoice="500001", source_file="London/a.csv"),
        line(Invoice="500002", source_file="Paris/a.csv", on=day(2)),
        line(Invoice="500003", source_file="a.csv", on=day(2)),
    ]
    stores, one = Rules(stores="folder"), Rules()
    for file, found in (("London/b.csv", "London/500001"), ("Paris/x/b.csv", "Paris/500002"), ("b.csv", "500003")):
        assert orders_taken_back(*orders, back(source_file=file), rules=stores) == [found]
        assert orders_taken_back(*orders, back(source_file=file), rules=one) == ["500003"]
    assert orders_taken_back(*orders, back(source_file="Rome/b.csv"), rules=stores) == ["Paris/500002"]
    refund = back(Invoice="C500002", Quantity="-1", LineAmount="-83.40", source_file="London/b.csv")
    assert orders_taken_back(*orders, refund, rules=stores) == ["London/500001"]  # each store has its own numbers
    alike = [back(source_file=f"{name}/b.csv") for name in ("London", "Paris")]
    assert orders_taken_back(*orders, *alike, rules=stores) == ["London/500001", "Paris/500002"]


def test_an_order_of_another_customer_product_or_time_or_of_too_few_units_is_not_taken_back() -> None:
    for other in (
        {"CustomerID": "14000"},
        {"CustomerID": None},
        {"StockCode": "85049"},
        {"Quantity": "1"},
        {"on": day(3), "InvoiceDate": str(FIRST)},  # delivered after the return
        {"on": day(2), "InvoiceDate": str(day(2))},  # dated after it
        {"Invoice": "C500001"},
    ):
        (found,) = returns(line(**other), back(InvoiceDate=str(FIRST)))[-1:]
        assert (found["IsMatched"], found["TakesBack"], found["SoldOn"]) == (False, None, None), other
        assert found["CountsForCustomer"]


def test_units_of_one_order_add_up_over_its_lines_and_deliveries() -> None:
    parts = [line(Quantity="1"), line(Quantity="1", on=day(2), InvoiceDate=str(FIRST))]
    assert orders_taken_back(*parts, back()) == ["489434"]
    assert orders_taken_back(*parts, back(Quantity="-3")) == [None]


def test_what_is_bought_and_sent_back_on_one_day_is_matched() -> None:
    assert orders_taken_back(line(on=day(2)), back()) == ["489434"]


def test_every_line_of_a_return_is_kept_and_those_alike_take_back_the_same() -> None:
    assert orders_taken_back(line(), back(), back(), back(StockCode="22041")) == ["489434", "489434", None]


def test_a_return_of_nobody_or_of_no_product_is_kept_but_does_not_count() -> None:
    postage = {"StockCode": "POST", "Quantity": "-1", "Invoice": "C500008"}
    found = returns(line(), line(StockCode="POST", Quantity="1"), back(**postage), back(CustomerID=None))
    assert [(one["CountsForCustomer"], one["TakesBack"]) for one in found] == [(False, "489434"), (False, None)]
    assert found[0]["OrderQuantity"] == 12  # postage is no product


def test_a_day_made_alone_takes_back_what_a_run_of_all_days_does() -> None:
    lines = [line(), line(Invoice="500002", on=day(3)), back(), back(on=day(4))]
    whole = returns(*lines)
    assert [one["TakesBack"] for one in whole] == ["489434", "500002"]
    assert returns(*lines, first=day(4), last=day(4)) == whole[1:]


def test_the_largest_return_is_counted() -> None:
    (found,) = returns(back(Quantity="-2147483648", Price="99999999.99"))
    assert (found["Quantity"], found["Amount"]) == (2_147_483_648, 2_147_483_648 * Decimal("99999999.99"))
