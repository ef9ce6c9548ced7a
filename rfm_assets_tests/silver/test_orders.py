"""What counts as one order when an invoice number recurs: by hand, and against plain Python."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rfm_assets.config.shop_file import Rules
from rfm_assets.contracts import bronze
from rfm_assets.contracts.gold import CUSTOMER_MONEY, CUSTOMER_RFM
from rfm_assets.contracts.silver import CUSTOMER_INVOICES, INVOICES, REJECTED_TRANSACTIONS, RETURNS, TRANSACTIONS
from rfm_assets.publishing.growth import GROWTH, make_growth
from rfm_assets.silver.sales import orders
from rfm_assets.warehouse.days import stored_rows
from rfm_assets_tests.helpers.plain import FIRST, Row, day, dicts, empty_warehouse, line, materialize, put, sold

pytestmark = pytest.mark.slow

REUSED, LATEST = day(182), day(400)


def numbers(rules: Rules, *sales: Row) -> Sequence[str]:
    """The orders of some sales, sorted by amount."""
    every_line = stored_rows(TRANSACTIONS, "<= $last")
    with empty_warehouse() as store:
        put(store, TRANSACTIONS, *sales)
        named = orders(every_line, every_line, rules).bind(FIRST, LATEST).sql()
        return [number for (number,) in store.execute(f"SELECT OrderNo FROM ({named}) ORDER BY TotalPrice").fetchall()]


def test_a_number_that_comes_again_after_half_a_year_is_another_order() -> None:
    assert numbers(Rules(), sold(), sold(amount="2", on=day(181))) == ["489434", "489434"]
    assert numbers(Rules(), sold(), sold(amount="2", on=day(182))) == ["489434", "489434 (2)"]
    year = Rules(invoice_reuse_days=365)
    assert numbers(year, sold(), sold(amount="2", on=day(366))) == ["489434", "489434"]
    assert numbers(year, sold(), sold(amount="2", on=day(367))) == ["489434", "489434 (2)"]


def test_it_is_the_day_of_the_invoice_that_counts_and_not_that_of_its_delivery() -> None:
    assert numbers(Rules(), sold(), sold(amount="2", on=LATEST, InvoiceDate=FIRST)) == ["489434", "489434"]


def test_a_late_line_is_of_the_order_that_it_is_nearest_to() -> None:
    late = [sold(amount=str(3 + n), on=LATEST, InvoiceDate=day(n)) for n in (1, 90, 130, 182, 250)]
    found = numbers(Rules(), sold(), sold(amount="2", on=REUSED), *late)
    assert found[2:] == ["489434", "489434", "489434 (2)", "489434 (2)", "489434 (2)"]


def test_stores_number_by_themselves_where_the_shop_says_so() -> None:
    sales = [
        sold(source_file="London/2025-06-26.csv"),
        sold(amount="2", source_file="Paris/till 1/2025-06-26.csv"),
        sold(amount="3", source_file="2025-06-26.csv"),
        sold(amount="4", source_file="Paris/2026-01-01.csv", on=REUSED),
    ]
    assert numbers(Rules(stores="folder"), *sales) == [
        "London/489434",
        "Paris/489434",
        "489434",
        "Paris/489434 (2)",
    ]
    assert numbers(Rules(), *sales) == ["489434", "489434", "489434", "489434 (2)"]


def test_every_count_of_orders_follows() -> None:
    lines = [
        line(),
        line(on=REUSED, Quantity="5"),
        line(on=REUSED, StockCode="85049", Quantity="1"),
        line(on=day(183), Invoice="C489434", Quantity="-5"),
    ]
    with empty_warehouse() as store:
        put(store, bronze.TRANSACTIONS, *lines)
        made = {TRANSACTIONS, REJECTED_TRANSACTIONS, INVOICES, CUSTOMER_INVOICES, RETURNS, CUSTOMER_MONEY, CUSTOMER_RFM}
        materialize(store, FIRST, day(184), tables=made)
        (rfm,) = dicts(store, f"SELECT * FROM {CUSTOMER_RFM.address} WHERE as_of_date = DATE '{day(184)}'")
        (money,) = dicts(store, f"SELECT * FROM {CUSTOMER_MONEY.address} WHERE as_of_date = DATE '{day(184)}'")
        (returned,) = dicts(store, f"SELECT * FROM {RETURNS.address}")
        store.execute("CREATE SCHEMA IF NOT EXISTS meta")
        store.execute(make_growth())
        grown = store.execute(f"SELECT sum(orders) FROM {GROWTH}").fetchone()
    assert rfm["Frequency"] == 2
    assert (money["Orders"], money["Orders_Kept"]) == (2, 2)
    assert (returned["TakesBack"], returned["SoldQuantity"], returned["OrderQuantity"]) == ("489434 (2)", 5, 6)
    assert grown == (2,)


def test_an_order_that_came_back_whole_does_not_take_the_earlier_one_of_its_number_with_it() -> None:
    lines = [line(), line(on=REUSED, Quantity="5"), line(on=day(183), Invoice="C489434", Quantity="-5")]
    with empty_warehouse() as store:
        put(store, bronze.TRANSACTIONS, *lines)
        made = {TRANSACTIONS, REJECTED_TRANSACTIONS, CUSTOMER_INVOICES, RETURNS, CUSTOMER_MONEY}
        materialize(store, FIRST, day(183), tables=made)
        (money,) = dicts(store, f"SELECT * FROM {CUSTOMER_MONEY.address} WHERE as_of_date = DATE '{day(183)}'")
    assert (money["Orders"], money["Orders_Kept"], money["Returned"]) == (2, 1, Decimal("34.75"))


Sale = tuple[str, int, int]
"""An invoice number, its delivery day, and how many days earlier it is dated."""


def by_hand(sales: Iterable[Sale]) -> Mapping[tuple[str, date], int]:
    """For each date of an invoice number, which of the number's orders it belongs to, from 1, in plain Python."""
    found: dict[tuple[str, date], int] = {}
    started: dict[str, list[date]] = {}
    for number, delivered, before in sorted(sales, key=lambda sale: (sale[0], sale[1], -sale[2])):
        dated = day(delivered) - timedelta(days=before)
        if (number, dated) in found:
            continue
        starts = started.setdefault(number, [])
        if not any(abs((dated - other).days) <= 180 for name, other in found if name == number):
            starts.append(dated)
        nearest = min(starts, key=lambda start: (abs((dated - start).days), starts.index(start)))
        found[number, dated] = starts.index(nearest) + 1
    return found


SALES = st.lists(
    st.tuples(
        st.sampled_from(["500001", "500002"]), st.integers(1, 900), st.sampled_from([0, 0, 0, 30, 181, 200, 600])
    ),
    min_size=1,
    max_size=9,
)


@given(SALES, st.integers(1, 900))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_orders_are_those_of_the_rule_whether_days_are_made_at_once_or_in_parts(sales: list[Sale], cut: int) -> None:
    rows = [sold("A", number, on=day(on), InvoiceDate=day(on) - timedelta(days=before)) for number, on, before in sales]
    nth = by_hand(sales)
    expected: set[Any] = set()
    for row in rows:
        number, of = row["InvoiceNo"], nth[row["InvoiceNo"], row["InvoiceDate"]]
        expected.add((row["processing_date"], number if of == 1 else f"{number} ({of})"))
    with empty_warehouse() as store:
        put(store, TRANSACTIONS, *rows)
        found = []
        for parts in ([(1, 900)], [(1, cut), (cut + 1, 901)], [(on, on) for on in sorted({on for _, on, _ in sales})]):
            store.execute(f"DELETE FROM {CUSTOMER_INVOICES.address}")
            for first, last in parts:
                materialize(store, day(first), day(last), tables={CUSTOMER_INVOICES})
            found.append(
                set(store.execute(f"SELECT processing_date, InvoiceNo FROM {CUSTOMER_INVOICES.address}").fetchall())
            )
    assert found == [expected] * 3
