"""What would move a customer follows the rule of gold.customer_segments, strict comparisons included."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rfm_assets.contracts import gold
from rfm_assets.dashboard import what_if
from rfm_assets.dashboard.what_if import PENNY, Customer, Move, Thresholds, amount_over, segments_query
from rfm_assets_tests.helpers.plain import FIRST, empty_warehouse, materialize, put

pytestmark = pytest.mark.slow

EXAMPLES = settings(deadline=None)
MEDIANS = Thresholds(monetary=100.0, frequency=2.0, recency=30.0)
halves = st.integers(0, 12).map(lambda n: n / 2)
customers = st.builds(
    Customer, st.integers(0, 8), st.integers(1, 8), st.integers(0, 900).map(lambda pennies: Decimal(pennies) / 100)
)
thresholds = st.builds(Thresholds, st.integers(0, 900).map(lambda n: n / 200), halves, halves)


def segments_of(people: Sequence[Customer], medians: Thresholds) -> list[str]:
    """The segments that the dashboard finds for these customers under these medians."""
    with empty_warehouse() as connection:
        put_medians(connection, medians)
        return [segment for (segment,) in connection.execute(segments_query(people).sql(), {"as_of": FIRST}).fetchall()]


def put_medians(connection: duckdb.DuckDBPyConnection, medians: Thresholds) -> None:
    values = {
        "as_of_date": FIRST,
        "median_monetary": medians.monetary,
        "median_frequency": medians.frequency,
        "median_recency": medians.recency,
        "customers": 1,
    }
    put(connection, gold.SEGMENT_THRESHOLDS, values)


def moves(customer: Customer, medians: Thresholds) -> list[Move]:
    return what_if.moves(customer, medians, partial(segments_of, medians=medians))


def test_the_dashboard_finds_the_segments_that_the_pipeline_stores_at_and_beside_every_threshold() -> None:
    amounts = ["0.00", "99.99", "100.00", "100.01", "199.99", "200.00", "200.01", "5000.00"]
    people = [
        Customer(recency, frequency, Decimal(amount))
        for recency in (0, 29, 30, 31)
        for frequency in (1, 2, 3)
        for amount in amounts
    ]
    with empty_warehouse() as connection:
        values = [
            {"Recency": one.recency, "Frequency": one.frequency, "Monetary": one.monetary, "CustomerID": f"{n:05}"}
            for n, one in enumerate(people)
        ]
        put(connection, gold.CUSTOMER_RFM, *({"as_of_date": FIRST, "MaxInvoiceDate": FIRST} | one for one in values))
        put_medians(connection, MEDIANS)
        materialize(connection, FIRST, tables={gold.CUSTOMER_SEGMENTS})
        stored = connection.execute("SELECT segment FROM gold.customer_segments ORDER BY CustomerID").fetchall()
    assert segments_of(people, MEDIANS) == [segment for (segment,) in stored]


@given(customers, thresholds)
@EXAMPLES
def test_a_move_leads_where_it_says_and_nothing_less_does(customer: Customer, medians: Thresholds) -> None:
    (here,) = segments_of([customer], medians)
    for move in moves(customer, medians):
        assert move.segment != here
        less = []
        if move.days:
            (before,) = segments_of([customer.after_waiting(move.days - 1)], medians)
            assert before == here
            continue
        if move.amount > PENNY:
            less.append(customer.after_orders(move.orders, move.amount - PENNY))
        if move.orders > 1:
            less.append(customer.after_orders(move.orders - 1, move.amount))
        there, *elsewhere = segments_of([customer.after_orders(move.orders, move.amount), *less], medians)
        assert there == move.segment
        assert move.segment not in elsewhere


@given(customers, thresholds, st.integers(0, 60))
@EXAMPLES
def test_waiting_leads_nowhere_that_is_not_told(customer: Customer, medians: Thresholds, days: int) -> None:
    told = {move.segment for move in moves(customer, medians) if move.days}
    here, there = segments_of([customer, customer.after_waiting(days)], medians)
    assert there in told | {here}


@given(customers, thresholds, st.integers(1, 9), st.integers(1, 2_000))
@EXAMPLES
def test_no_orders_lead_where_it_is_not_told(
    customer: Customer, medians: Thresholds, orders: int, pennies: int
) -> None:
    told = {move.segment for move in moves(customer, medians) if move.orders}
    here, reached = segments_of([customer, customer.after_orders(orders, pennies * PENNY)], medians)
    assert reached in told | {here}


def test_days_run_out_on_the_day_that_recency_meets_the_median() -> None:
    assert moves(Customer(18, 5, Decimal("500.00")), MEDIANS) == [Move("High Value - At Risk", days=12)]


def test_a_median_between_two_days_gives_the_later_one() -> None:
    (move,) = moves(Customer(28, 5, Decimal("500.00")), Thresholds(100.0, 2.0, 29.5))
    assert move == Move("High Value - At Risk", days=2)


def test_spending_as_much_as_the_median_is_not_enough() -> None:
    assert amount_over(Decimal("52.00"), Decimal(100)) == Decimal("48.01")
    assert amount_over(Decimal("52.00"), Decimal("99.995")) == Decimal("48.00")


def test_a_newcomer_has_every_way_before_it() -> None:
    assert moves(Customer(0, 1, Decimal("52.00")), MEDIANS) == [
        Move("Base Value - Inactive", days=30),
        Move("Growing Value - Developing", orders=1, amount=Decimal("48.01")),
        Move("High Value - Developing", orders=1, amount=Decimal("148.01")),
        Move("Base Value - Active & Engaged", orders=2),
        Move("Growing Value - Active & Engaged", orders=2, amount=Decimal("48.01")),
        Move("High Value - Active & Engaged", orders=2, amount=Decimal("148.01")),
    ]


def test_nothing_is_left_to_move_a_lost_customer_but_orders() -> None:
    assert all(move.orders for move in moves(Customer(300, 1, Decimal("10.00")), MEDIANS))
