"""Movements between segments have the right one of three causes, by hand and by plain Python."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rfm_assets.contracts.gold import CUSTOMER_RFM, CUSTOMER_SEGMENTS, SEGMENT_MIGRATION, SEGMENT_THRESHOLDS
from rfm_assets.contracts.silver import CUSTOMER_INVOICES
from rfm_assets.contracts.silver import TRANSACTIONS as SILVER
from rfm_assets.gold.segments import LOOK_BACKS
from rfm_assets.partitions import THIRTY_DAYS_BEFORE_TOO
from rfm_assets_tests.gold.oracle import migration
from rfm_assets_tests.helpers.plain import Row, day, empty_warehouse, materialize, put, sold

pytestmark = pytest.mark.slow

TABLES = (CUSTOMER_INVOICES, CUSTOMER_RFM, SEGMENT_THRESHOLDS, CUSTOMER_SEGMENTS, SEGMENT_MIGRATION)

# Days that are 1, 7 or 30 apart, and others that are not.
DELIVERIES = [day(number) for number in (1, 2, 5, 8, 31, 32)]
LAST_DAY = DELIVERIES[-1]

SALES = st.builds(
    lambda age, **varied: sold(**varied, InvoiceDate=varied["on"] - timedelta(days=age)),
    age=st.sampled_from([0, 0, 0, 3, 20]),
    on=st.sampled_from(DELIVERIES),
    customer=st.sampled_from("ABCDE"),
    invoice=st.sampled_from(["500001", "500002", "500003", "500004", "500005", "500006"]),
    Quantity=st.integers(1, 3),
    UnitPrice=st.sampled_from(["0.00", "1.00", "2.00", "5.00"]),
)


def moves(store: duckdb.DuckDBPyConnection, now: date, then: date) -> set[tuple[Any, ...]]:
    select = f"SELECT * EXCLUDE (as_of_date, compared_to) FROM {SEGMENT_MIGRATION.address} WHERE as_of_date = '{now}'"
    return set(store.execute(f"{select} AND compared_to = '{then}'").fetchall())


@given(st.lists(SALES, max_size=20))
@settings(max_examples=15, deadline=None, derandomize=True)
def test_every_movement_of_a_history_is_as_plain_python_has_it(history: list[Row]) -> None:
    with empty_warehouse() as store:
        put(store, SILVER, *history)
        materialize(store, day(1), LAST_DAY, tables=TABLES)
        for now in (day(2), day(8), day(9), day(31), LAST_DAY):
            for back in LOOK_BACKS:
                then = now - timedelta(days=back)
                wanted = migration(now, then, history) if then >= day(1) else set()
                assert moves(store, now, then) == wanted, (now, then)


@given(st.lists(SALES, max_size=20))
@settings(max_examples=2, deadline=None, derandomize=True)
def test_days_one_by_one_give_what_one_run_gives(history: list[Row]) -> None:
    everything = f"FROM {SEGMENT_MIGRATION.address} ORDER BY ALL"
    with empty_warehouse() as store:
        put(store, SILVER, *history)
        materialize(store, day(1), LAST_DAY, tables=TABLES)
        in_one_run = store.execute(everything).fetchall()
        store.execute(f"TRUNCATE {SEGMENT_MIGRATION.address}")
        for number in reversed(range(1, 33)):
            materialize(store, day(number), tables={SEGMENT_MIGRATION})
        assert store.execute(everything).fetchall() == in_one_run


# With medians of 100.00 spent, 2 orders and 10 days, unless a test says otherwise.
MEDIANS = {"median_monetary": 100.0, "median_frequency": 2.0, "median_recency": 10.0, "customers": 1}
THEN, NOW = day(1), day(8)


def customer(segment: str, *, on: date, spent: str = "50.00", orders: int = 1, recency: int = 0) -> Row:
    return {
        "as_of_date": on,
        "CustomerID": "A",
        "Recency": recency,
        "Frequency": orders,
        "Monetary": Decimal(spent),
        "segment": segment,
    }


INACTIVE, DEVELOPING, GROWING = "Base Value - Inactive", "Base Value - Developing", "Growing Value - Developing"


@pytest.mark.parametrize(
    ("then", "now", "causes"),
    [
        (customer(INACTIVE, on=THEN, recency=20), customer(DEVELOPING, on=NOW, recency=0), (1, 0, 0)),
        # bought on the last possible day, and has not aged since
        (customer(INACTIVE, on=THEN, recency=20), customer(DEVELOPING, on=NOW, recency=6), (1, 0, 0)),
        # an invoice older than the compared day, but delivered later
        (customer(DEVELOPING, on=THEN, recency=0), customer(GROWING, on=NOW, spent="150.00", recency=7), (1, 0, 0)),
        (customer(DEVELOPING, on=THEN, recency=0), customer(INACTIVE, on=NOW, orders=2, recency=7), (1, 0, 0)),
        # nothing was delivered: only recency passed the earlier median, or did not
        (customer(DEVELOPING, on=THEN, recency=3), customer(INACTIVE, on=NOW, recency=10), (0, 1, 0)),
        (customer(DEVELOPING, on=THEN, recency=2), customer(INACTIVE, on=NOW, recency=9), (0, 0, 1)),
        (
            customer(GROWING, on=THEN, spent="150.00"),
            customer(DEVELOPING, on=NOW, spent="150.00", recency=7),
            (0, 0, 1),
        ),
        # a customer who stayed has no cause, whatever they bought
        (customer(DEVELOPING, on=THEN, recency=2), customer(DEVELOPING, on=NOW, orders=2), (0, 0, 0)),
    ],
)
def test_a_mover_purchased_or_aged_or_the_threshold_moved(then: Row, now: Row, causes: tuple[int, int, int]) -> None:
    with empty_warehouse() as store:
        put(store, SEGMENT_THRESHOLDS, {"as_of_date": THEN, **MEDIANS}, {"as_of_date": NOW, **MEDIANS})
        put(store, CUSTOMER_SEGMENTS, then, now)
        materialize(store, NOW, tables={SEGMENT_MIGRATION})
        assert moves(store, NOW, THEN) == {(then["segment"], now["segment"], 1, now["Monetary"], *causes)}


def test_who_was_not_seen_then_is_a_new_customer_and_has_purchased() -> None:
    with empty_warehouse() as store:
        put(store, SEGMENT_THRESHOLDS, {"as_of_date": THEN, **MEDIANS})
        put(store, CUSTOMER_SEGMENTS, customer(INACTIVE, on=THEN) | {"CustomerID": "gone"})
        put(store, CUSTOMER_SEGMENTS, customer(INACTIVE, on=NOW, recency=30))
        materialize(store, NOW, tables={SEGMENT_MIGRATION})
        assert moves(store, NOW, THEN) == {("New customer", INACTIVE, 1, Decimal("50.00"), 1, 0, 0)}


def test_a_day_that_is_not_stored_is_not_compared_with() -> None:
    with empty_warehouse() as store:
        put(store, SEGMENT_THRESHOLDS, {"as_of_date": THEN, **MEDIANS})
        put(store, CUSTOMER_SEGMENTS, customer(INACTIVE, on=THEN), customer(INACTIVE, on=NOW))
        materialize(store, NOW, tables={SEGMENT_MIGRATION})
        assert store.execute(f"SELECT DISTINCT compared_to FROM {SEGMENT_MIGRATION.address}").fetchall() == [(THEN,)]


def test_a_day_whose_customers_were_deleted_is_not_compared_with() -> None:
    with empty_warehouse() as store:
        put(store, SEGMENT_THRESHOLDS, {"as_of_date": THEN, **MEDIANS})
        put(store, CUSTOMER_SEGMENTS, customer(INACTIVE, on=NOW))
        materialize(store, NOW, tables={SEGMENT_MIGRATION})
        assert moves(store, NOW, THEN) == set()


def test_the_input_reaches_as_far_back_as_the_longest_comparison() -> None:
    assert -THIRTY_DAYS_BEFORE_TOO.start_offset == max(LOOK_BACKS)
