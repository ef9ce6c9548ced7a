"""Gold equals plain Python on any small history, and does not depend on how its days are split into runs."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rfm_assets.contracts import Table
from rfm_assets.contracts.gold import (
    CUSTOMER_RFM,
    CUSTOMER_SEGMENTS,
    SEGMENT_MIGRATION,
    SEGMENT_SUMMARY,
    SEGMENT_THRESHOLDS,
)
from rfm_assets.contracts.silver import CUSTOMER_INVOICES
from rfm_assets.contracts.silver import TRANSACTIONS as SILVER
from rfm_assets_tests.gold.oracle import Gold, gold_as_of
from rfm_assets_tests.helpers.plain import Row, day, empty_warehouse, materialize, put, sold

pytestmark = pytest.mark.slow

DAYS = [day(number) for number in range(1, 6)]
SNAPSHOTS = (CUSTOMER_RFM, SEGMENT_THRESHOLDS, CUSTOMER_SEGMENTS, SEGMENT_SUMMARY)
GOLD = (CUSTOMER_INVOICES, *SNAPSHOTS)

# Few values of each kind, so that invoices are split over days and customers, with many ties.
SALES = st.builds(
    lambda age, **varied: sold(**varied, InvoiceDate=varied["on"] - timedelta(days=age)),
    age=st.integers(0, 3),
    on=st.sampled_from(DAYS),
    customer=st.sampled_from(["13085", "14000", "AB-1", "ab-1", "15000", None]),
    invoice=st.sampled_from(["500001", "500002", "500003", "500004", "500005", "500006", "C500007"]),
    StockCode=st.sampled_from(["85048", "85048A", "PADS", "POST"]),
    Quantity=st.integers(1, 3),
    UnitPrice=st.sampled_from(["0.00", "0.01", "0.10", "0.20", "1.00"]) | st.decimals(0, 9, places=2),
)
HISTORIES = st.lists(SALES, max_size=25)


def stored(store: duckdb.DuckDBPyConnection) -> list[Gold]:
    """Gold's rows of each day, in the form of the plain Python ones."""

    def by_day(table: Table, leave_out: str = "as_of_date") -> dict[date, set[tuple[Any, ...]]]:
        found = store.execute(f"SELECT as_of_date, * EXCLUDE ({leave_out}) FROM {table.address}").fetchall()
        assert len(set(found)) == len(found)
        return {one: {tuple(row) for as_of, *row in found if as_of == one} for one in DAYS}

    rfm, thresholds = by_day(CUSTOMER_RFM), by_day(SEGMENT_THRESHOLDS, "as_of_date, policy")
    segments, summary = (by_day(table, "as_of_date, recommendation") for table in (CUSTOMER_SEGMENTS, SEGMENT_SUMMARY))
    return [Gold(rfm[one], thresholds[one], segments[one], summary[one]) for one in DAYS]


@given(HISTORIES)
@settings(max_examples=30, deadline=None, derandomize=True)
def test_every_day_of_a_history_is_as_plain_python_has_it(history: list[Row]) -> None:
    with empty_warehouse() as store:
        put(store, SILVER, *history)
        materialize(store, DAYS[0], DAYS[-1], tables=GOLD)
        assert stored(store) == [gold_as_of(one, history) for one in DAYS]


@given(HISTORIES, st.permutations(DAYS), st.permutations(DAYS))
@settings(max_examples=5, deadline=None, derandomize=True)
def test_days_one_by_one_in_any_order_give_what_one_run_gives(
    history: list[Row], deliveries: list[date], snapshots: list[date]
) -> None:
    with empty_warehouse() as store:
        put(store, SILVER, *history)
        materialize(store, DAYS[0], DAYS[-1], tables=GOLD)
        in_one_run = contents(store)
        for table in GOLD:
            store.execute(f"TRUNCATE {table.address}")
        for one in deliveries:
            materialize(store, one, tables={CUSTOMER_INVOICES})
        for one in snapshots:
            materialize(store, one, tables=SNAPSHOTS)
        assert contents(store) == in_one_run


@given(HISTORIES, st.integers(1, 12))
@settings(max_examples=10, deadline=None, derandomize=True)
def test_days_that_are_made_some_at_a_time_are_as_if_made_at_once(history: list[Row], rows_at_once: int) -> None:
    tables = (*GOLD, SEGMENT_MIGRATION)
    later = DAYS[-1] + timedelta(days=32)  # compared with days of other batches, a week and thirty days before
    with empty_warehouse() as store:
        put(store, SILVER, *history)
        materialize(store, DAYS[0], later, tables=tables)
        at_once = contents(store, tables)
        materialize(store, DAYS[0], later, tables=tables, rows_at_once=rows_at_once)
        assert contents(store, tables) == at_once


@given(HISTORIES, SALES, st.integers(0, 4), st.integers(0, 4))
@settings(max_examples=5, deadline=None, derandomize=True)
def test_a_day_delivered_again_changes_that_day_and_later_ones_as_a_fresh_build_does(
    history: list[Row], correction: Row, one: int, other: int
) -> None:
    first, last = sorted([one, other])
    changed = [
        *(row for row in history if row["processing_date"] != DAYS[first]),
        {**correction, "processing_date": DAYS[first]},
    ]
    with empty_warehouse() as store:
        put(store, SILVER, *history)
        materialize(store, DAYS[0], DAYS[-1], tables=GOLD)
        store.execute(f"TRUNCATE {SILVER.address}")
        put(store, SILVER, *changed)
        if first < last:  # the repair may come in parts, from the changed day on
            materialize(store, DAYS[first], DAYS[last], tables=GOLD)
        materialize(store, DAYS[first], DAYS[-1], tables=GOLD)
        repaired = contents(store)
        materialize(store, DAYS[0], DAYS[-1], tables=GOLD)
        assert contents(store) == repaired


def contents(store: duckdb.DuckDBPyConnection, tables: Sequence[Table] = GOLD) -> Sequence[list[tuple[Any, ...]]]:
    """All rows of gold's tables."""
    return [store.execute(f"FROM {table.address} ORDER BY ALL").fetchall() for table in tables]


def test_the_plain_python_tells_a_tie_from_a_difference() -> None:
    history = [sold("A", "500001", "1.00"), sold("B", "500002", "2.00"), sold("B", "500003", "0.01")]
    assert gold_as_of(DAYS[0], history).segments == {
        ("A", 0, 1, Decimal("1.00"), "Base Value", "Inactive", "Base Value - Inactive"),
        ("B", 0, 2, Decimal("2.01"), "Growing Value", "At Risk", "Growing Value - At Risk"),
    }
