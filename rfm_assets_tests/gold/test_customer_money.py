"""Spent, returned and kept money equals histories worked out by hand, and plain Python for any history."""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rfm_assets.config.shop_file import Rules
from rfm_assets.contracts import bronze
from rfm_assets.contracts.gold import (
    CUSTOMER_MONEY,
    CUSTOMER_RFM,
    CUSTOMER_SEGMENTS,
    SEGMENT_SUMMARY,
    SEGMENT_THRESHOLDS,
)
from rfm_assets.contracts.silver import CUSTOMER_INVOICES, REJECTED_TRANSACTIONS, RETURNS, TRANSACTIONS
from rfm_assets.gold.assets import net_rfm
from rfm_assets.gold.money_checks import MONEY_CHECKS, RFM_IS_NET
from rfm_assets.silver.return_checks import NO_RETURN_BEFORE_ITS_SALE, RETURNS_RECONCILE
from rfm_assets.silver.returns import taken_back
from rfm_assets.silver.sales import of_run, orders
from rfm_assets.tables.run_checks import evaluate
from rfm_assets.warehouse.days import Days, stored_rows
from rfm_assets.warehouse.duckdb.write import replace_days
from rfm_assets.warehouse.query import sql
from rfm_assets_tests.gold.money_oracle import Line, Shop
from rfm_assets_tests.gold.oracle import Gold, gold_of
from rfm_assets_tests.helpers.plain import FIRST, Row, day, empty_warehouse, line, materialize, put

pytestmark = pytest.mark.slow

LAST = day(6)
DAYS = [day(number) for number in range(1, 7)]
LINES_OF_SILVER = (TRANSACTIONS, REJECTED_TRANSACTIONS)
SILVER = (*LINES_OF_SILVER, CUSTOMER_INVOICES, RETURNS)
SEGMENTS = (SEGMENT_THRESHOLDS, CUSTOMER_SEGMENTS, SEGMENT_SUMMARY)


def make_net(store: duckdb.DuckDBPyConnection, first: date, last: date) -> None:
    """Fills gold from silver as a shop with `monetary = "net"` does."""
    materialize(store, first, last, tables={CUSTOMER_MONEY})
    net = net_rfm(stored_rows(CUSTOMER_INVOICES, "<= $last"), stored_rows(CUSTOMER_MONEY, "BETWEEN $first AND $last"))
    replace_days(store, Days(CUSTOMER_RFM, first, last), net)
    materialize(store, first, last, tables=SEGMENTS)


def make_silver_by_store(store: duckdb.DuckDBPyConnection) -> None:
    """Fills silver from bronze as a shop with `stores = "folder"` does."""
    rules = Rules(stores="folder")
    materialize(store, FIRST, LAST, tables=LINES_OF_SILVER)
    so_far = stored_rows(TRANSACTIONS, "<= $last")
    invoices = sql("rfm_assets.silver", "customer_invoices", orders=orders(of_run(so_far), so_far, rules))
    replace_days(store, Days(CUSTOMER_INVOICES, FIRST, LAST), invoices)
    returned = taken_back(so_far, stored_rows(REJECTED_TRANSACTIONS, "BETWEEN $first AND $last"), rules)
    replace_days(store, Days(RETURNS, FIRST, LAST), returned)


class Kept(NamedTuple):
    """What a customer spent, sent back and kept, and their orders."""

    gross: str
    returned: str
    net: str
    orders: int
    orders_kept: int


def money(*lines: Row, customer: str = "13085") -> dict[int, Kept]:
    """A customer's money on each of six days, by day number."""
    with empty_warehouse() as store:
        put(store, bronze.TRANSACTIONS, *lines)
        materialize(store, FIRST, LAST, tables={*SILVER, CUSTOMER_MONEY})
        columns = "as_of_date, Gross, Returned, Net, Orders, Orders_Kept"
        found = store.execute(
            f"SELECT {columns} FROM {CUSTOMER_MONEY.address} WHERE CustomerID = ?", [customer]
        ).fetchall()
    return {
        DAYS.index(on) + 1: Kept(*map(str, amounts), *orders) for on, *amounts, o, k in found for orders in [(o, k)]
    }


def bought(number: int = 1, units: int = 10, **varied: object) -> Row:
    """A sale of units at 1.00 each, delivered on the day of that number."""
    return line(**{"on": day(number), "Quantity": str(units), "Price": "1.00", "Invoice": "500001"} | varied)


def back(number: int = 3, units: int = 10, **varied: object) -> Row:
    """A return of units at 1.00 each."""
    return bought(number, -units, **{"Invoice": "C50000"} | varied)


def test_an_order_stops_counting_on_the_day_that_takes_it_back_as_a_whole() -> None:
    found = money(bought(), bought(2, 5, Invoice="500002"), back(3))
    assert found[2] == ("15.00", "0.00", "15.00", 2, 2)
    assert found[3] == found[6] == ("15.00", "10.00", "5.00", 2, 1)


def test_an_order_that_is_taken_back_in_part_is_kept_until_the_rest_is_back() -> None:
    found = money(bought(), back(2, 4), back(4, 6))
    assert (found[2], found[3]) == (("10.00", "4.00", "6.00", 1, 1),) * 2
    assert found[4] == ("10.00", "10.00", "0.00", 1, 0)


def test_an_order_is_kept_as_long_as_one_of_its_products_is() -> None:
    two = [bought(), bought(StockCode="22041")]
    assert money(*two, back(3), back(4))[4].orders_kept == 1  # the same product twice makes up for no other
    assert money(*two, back(3), back(4, StockCode="22041"))[4].orders_kept == 0


def test_an_order_whose_money_is_all_back_is_not_kept() -> None:
    refund = back(3, 1, LineAmount="-10.00")  # as exports have them: one unit, whatever was sold
    assert money(bought(), refund)[3] == ("10.00", "10.00", "0.00", 1, 0)
    assert money(bought(), bought(StockCode="22041", Price="0.00"), refund)[3].orders_kept == 0  # except a gift
    assert money(bought(), back(3, 1, LineAmount="-9.99"))[3] == ("10.00", "9.99", "0.01", 1, 1)


def test_postage_that_was_not_paid_back_does_not_keep_an_order() -> None:
    assert money(bought(), bought(StockCode="POST", units=1), back(3))[3] == ("10.00", "10.00", "0.00", 1, 0)


def test_more_than_was_sold_is_returned_money_but_takes_back_no_order() -> None:
    assert money(bought(), back(3, 11))[3] == ("10.00", "11.00", "-1.00", 1, 1)
    assert money(bought(), back(3), back(4))[4] == ("10.00", "20.00", "-10.00", 1, 0)


def test_an_order_of_which_more_is_delivered_counts_again() -> None:
    late = bought(4, 5, InvoiceDate=str(FIRST))
    found = money(bought(), back(3), late, back(5, 5))
    assert [found[number].orders_kept for number in (2, 3, 4, 5)] == [1, 0, 1, 0]
    assert found[5] == ("15.00", "15.00", "0.00", 1, 0)


def test_a_return_without_a_sale_counts_from_the_first_purchase_on() -> None:
    found = money(back(1, StockCode="22041"), bought(3))
    assert found[3] == ("10.00", "10.00", "0.00", 1, 1)
    assert min(found) == 3


def test_a_return_that_is_delivered_before_its_sale_takes_back_money_and_no_order() -> None:
    found = money(bought(1, 1, Invoice="500002"), back(2), bought(4, InvoiceDate=str(FIRST)))
    assert found[2] == ("1.00", "10.00", "-9.00", 1, 1)
    assert found[4] == ("11.00", "10.00", "1.00", 2, 2)


def test_a_late_return_changes_no_day_before_it() -> None:
    found = money(bought(), back(5, InvoiceDate=str(day(2))))
    assert found[4] == ("10.00", "0.00", "10.00", 1, 1)
    assert found[5] == ("10.00", "10.00", "0.00", 1, 0)


def test_who_never_bought_a_product_is_not_there() -> None:
    assert money(back(2), bought(1, StockCode="POST")) == {}


def test_a_return_rate_is_a_share_of_what_was_spent() -> None:
    with empty_warehouse() as store:
        put(store, bronze.TRANSACTIONS, bought(), back(1, 1), bought(Price="0.00", CustomerID="14000"))
        materialize(store, FIRST, tables={*SILVER, CUSTOMER_MONEY})
        rates = store.execute(f"SELECT CustomerID, Return_Rate FROM {CUSTOMER_MONEY.address} ORDER BY 1").fetchall()
    assert rates == [("13085", 0.1), ("14000", None)]


@pytest.mark.parametrize("spent", ["-0.01", "0.00"])
def test_who_kept_nothing_is_base_value_even_above_the_median(spent: str) -> None:
    with empty_warehouse() as store:
        rest = [("14000", "-5.00"), ("15000", "-5.00"), ("16000", spent)]
        rfm = [{"as_of_date": FIRST, "MaxInvoiceDate": FIRST, "Recency": 0, "Frequency": 0}] * len(rest)
        rows = [row | {"CustomerID": who, "Monetary": Decimal(net)} for row, (who, net) in zip(rfm, rest, strict=True)]
        put(store, CUSTOMER_RFM, *rows)
        materialize(store, FIRST, tables=SEGMENTS)
        found = store.execute(f"SELECT CustomerID, value_tier FROM {CUSTOMER_SEGMENTS.address}").fetchall()
        shares = store.execute(f"SELECT sum(Pct_of_Revenue) FROM {SEGMENT_SUMMARY.address}").fetchall()
    assert sorted(found) == [(who, "Base Value") for who, _ in rest]
    assert shares == [(0,)]


def test_the_last_purchase_stays_the_last_one_though_it_was_sent_back() -> None:
    with empty_warehouse() as store:
        put(store, bronze.TRANSACTIONS, bought(1, 5, Invoice="500002"), bought(3), back(4))
        materialize(store, FIRST, LAST, tables=SILVER)
        make_net(store, FIRST, LAST)
        last = store.execute(f"FROM {CUSTOMER_RFM.address} WHERE as_of_date = ?", [day(5)]).fetchall()
    assert last == [(day(5), "13085", day(3), 2, 1, Decimal("5.00"))]


# Few values of each kind, so that orders are split over days and returned more than once.
LINES = st.builds(
    Line,
    on=st.sampled_from(DAYS),
    invoice=st.sampled_from(["500001", "500002", "500003"]),
    code=st.sampled_from(["85048", "22041", "POST"]),
    customer=st.sampled_from(["13085", "14000", None]),
    dated=st.integers(0, 2),
    units=st.integers(-3, 3).filter(bool),
    amount=st.sampled_from([Decimal("0.00"), Decimal("0.10"), Decimal("1.00")]),
    store=st.just(""),
).map(
    lambda one: one._replace(
        dated=one.on - timedelta(days=one.dated),
        amount=one.units * one.amount,
        is_product=one.code != "POST",
    )
)


LINES_OF_STORES = st.builds(lambda one, name: one._replace(store=name), LINES, st.sampled_from(["", "London", "Paris"]))


def as_delivered(one: Line) -> Row:
    number = one.invoice if one.units > 0 else f"C{one.invoice[1:]}"
    price, dated, file = str(one.amount / one.units), str(one.dated), f"{one.on}.csv"
    texts = {"Invoice": number, "StockCode": one.code, "Quantity": str(one.units), "Price": price}
    source_file = f"{one.store}/{file}" if one.store else file
    return line(on=one.on, CustomerID=one.customer, InvoiceDate=dated, source_file=source_file, **texts)


@given(st.lists(LINES, max_size=25))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_every_day_is_as_plain_python_has_it_and_every_check_is_green(lines: list[Line]) -> None:
    shop = Shop(lines)
    with empty_warehouse() as store:
        put(store, bronze.TRANSACTIONS, *map(as_delivered, lines))
        materialize(store, FIRST, LAST, tables=SILVER)
        make_net(store, FIRST, LAST)
        assert_gold_is_that_of(shop, store)
        of_returns, of_money = (NO_RETURN_BEFORE_ITS_SALE, RETURNS_RECONCILE), (*MONEY_CHECKS, RFM_IS_NET)
        for table, checks in ((RETURNS, of_returns), (CUSTOMER_MONEY, of_money)):
            assert [one.check_name for one in evaluate(checks, table, store, (FIRST, LAST)) if not one.passed] == []
        at_once = store.execute(f"FROM {CUSTOMER_RFM.address} ORDER BY ALL").fetchall()
        for on in reversed(DAYS):
            make_net(store, on, on)
        assert store.execute(f"FROM {CUSTOMER_RFM.address} ORDER BY ALL").fetchall() == at_once


@given(st.lists(LINES_OF_STORES, max_size=25))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_every_day_is_as_plain_python_has_it_where_stores_number_by_themselves(lines: list[Line]) -> None:
    with empty_warehouse() as store:
        put(store, bronze.TRANSACTIONS, *map(as_delivered, lines))
        make_silver_by_store(store)
        make_net(store, FIRST, LAST)
        assert_gold_is_that_of(Shop(lines), store)


def assert_gold_is_that_of(shop: Shop, store: duckdb.DuckDBPyConnection) -> None:
    for on in DAYS:
        expected = shop.money(on)
        assert stored_money(store, on) == {
            who: (one.gross, one.returned, one.orders, one.orders_kept) for who, one in expected.items()
        }
        assert stored_gold(store, on) == gold_of([one.customer(who, on, net=True) for who, one in expected.items()])


def stored_money(store: duckdb.DuckDBPyConnection, on: date) -> dict[str, tuple[Decimal, Decimal, int, int]]:
    """Gross, returned, orders and orders kept of a day's customers."""
    columns = "CustomerID, Gross, Returned, Orders, Orders_Kept"
    found = store.execute(f"SELECT {columns} FROM {CUSTOMER_MONEY.address} WHERE as_of_date = ?", [on]).fetchall()
    return {who: (*values,) for who, *values in found}


def stored_gold(store: duckdb.DuckDBPyConnection, on: date) -> Gold:
    """Gold's rows of a day, in the form of the plain Python ones."""
    tables = (CUSTOMER_RFM, SEGMENT_THRESHOLDS, CUSTOMER_SEGMENTS, SEGMENT_SUMMARY)
    left_out = ("", ", policy", ", recommendation", ", recommendation")
    return Gold(
        *(
            set(
                store.execute(
                    f"SELECT * EXCLUDE (as_of_date{more}) FROM {one.address} WHERE as_of_date = ?", [on]
                ).fetchall()
            )
            for one, more in zip(tables, left_out, strict=True)
        )
    )
