"""Scores, decayed value and rhythm equal plain Python on any small history, however its days are made."""

from collections.abc import Mapping
from datetime import date, timedelta
from math import exp, sqrt
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rfm_assets.contracts.gold import CUSTOMER_RFM, CUSTOMER_SCORES
from rfm_assets.contracts.silver import CUSTOMER_INVOICES, RETURNS
from rfm_assets.contracts.silver import TRANSACTIONS as SILVER
from rfm_assets.gold.assets import net_scores
from rfm_assets.gold.rfm_names import RFM_NAMES, SCORES, name_of
from rfm_assets.warehouse.days import stored_rows
from rfm_assets_tests.gold.score_oracle import assert_equal, scores_as_of
from rfm_assets_tests.helpers.plain import Row, day, empty_warehouse, materialize, put, sold

pytestmark = pytest.mark.slow

TABLES = (CUSTOMER_INVOICES, CUSTOMER_RFM, CUSTOMER_SCORES)
DELIVERIES = [day(number) for number in (1, 2, 5, 8, 31, 32)]
LAST_DAY = day(40)

# Few values of each kind: invoices come in parts, late ones split gaps, and there are many ties.
SALES = st.builds(
    lambda age, **varied: sold(**varied, InvoiceDate=varied["on"] - timedelta(days=age)),
    age=st.sampled_from([0, 0, 0, 2, 3, 20]),
    on=st.sampled_from(DELIVERIES),
    customer=st.sampled_from("ABCDE"),
    invoice=st.sampled_from(["500001", "500002", "500003", "500004", "500005", "500006"]),
    Quantity=st.integers(1, 3),
    UnitPrice=st.sampled_from(["0.00", "1.00", "2.00", "5.00"]),
)
HISTORIES = st.lists(SALES, max_size=25)


def stored(store: duckdb.DuckDBPyConnection, on: date) -> Mapping[str, tuple[Any, ...]]:
    rows = store.execute(f"SELECT * EXCLUDE (as_of_date) FROM {CUSTOMER_SCORES.address} WHERE as_of_date = '{on}'")
    return {customer: tuple(row) for customer, *row in rows.fetchall()}


@given(HISTORIES)
@settings(max_examples=25, deadline=None, derandomize=True)
def test_every_day_of_a_history_is_as_plain_python_has_it(history: list[Row]) -> None:
    with empty_warehouse() as store:
        put(store, SILVER, *history)
        materialize(store, day(1), LAST_DAY, tables=TABLES)
        for on in (day(1), day(2), day(6), day(8), day(31), LAST_DAY):
            assert_equal(stored(store, on), scores_as_of(on, history))


@given(HISTORIES, st.integers(1, 12))
@settings(max_examples=5, deadline=None, derandomize=True)
def test_a_day_alone_or_in_a_batch_is_as_in_a_range(history: list[Row], rows_at_once: int) -> None:
    days = (day(1), day(5), day(8), day(32), LAST_DAY)
    with empty_warehouse() as store:
        put(store, SILVER, *history)
        materialize(store, day(1), LAST_DAY, tables=TABLES)
        in_range = [stored(store, on) for on in days]
        materialize(store, day(1), LAST_DAY, tables={CUSTOMER_SCORES}, rows_at_once=rows_at_once)
        for on, wanted in zip(days, in_range, strict=True):
            assert_equal(stored(store, on), wanted)
        for on, wanted in zip(days, in_range, strict=True):
            materialize(store, on, tables={CUSTOMER_SCORES})
            assert_equal(stored(store, on), wanted)


@given(HISTORIES, SALES)
@settings(max_examples=5, deadline=None, derandomize=True)
def test_a_late_file_rebuilds_the_days_from_its_own_on(history: list[Row], late: Row) -> None:
    with empty_warehouse() as store:
        put(store, SILVER, *history)
        materialize(store, day(1), LAST_DAY, tables=TABLES)
        put(store, SILVER, late)
        materialize(store, late["processing_date"], LAST_DAY, tables=TABLES)
        for on in (day(1), late["processing_date"], LAST_DAY):
            assert_equal(stored(store, on), scores_as_of(on, [*history, late]))


def test_equal_values_share_a_score_and_a_rank() -> None:
    with empty_warehouse() as store:
        put(store, SILVER, *[sold(name, f"50000{n}", "4.00") for n, name in enumerate("ABCD")])
        materialize(store, day(1), tables=TABLES)
        for row in stored(store, day(1)).values():  # the average rank of four is 2.5, which is in the fourth fifth
            assert row == (4, 4, 4, "Champions", pytest.approx(2.0, rel=1e-12), 0.5, None, False, None)


def test_more_of_an_invoice_adds_the_difference_of_the_roots() -> None:
    with empty_warehouse() as store:
        put(store, SILVER, sold("A", "500001", "9.00"), sold("A", "500001", "7.00", on=day(2), InvoiceDate=day(1)))
        materialize(store, day(1), day(2), tables=TABLES)
        assert stored(store, day(1))["A"][4] == pytest.approx(3.0, rel=1e-12)
        assert stored(store, day(2))["A"][4] == pytest.approx(4.0 * 0.99501247919268, abs=1e-9)


def test_overdue_is_late_for_the_customer_not_for_the_shop() -> None:
    often = [sold("often", f"5000{number:02}", on=day(number)) for number in (1, 3, 5, 7, 9)]
    rarely = [sold("rarely", f"5001{number:02}", on=day(number)) for number in (1, 11, 21, 31)]
    with empty_warehouse() as store:
        put(store, SILVER, *often, *rarely)
        materialize(store, day(1), LAST_DAY, tables=TABLES)
        found = stored(store, LAST_DAY)
    assert {name: row[6:] for name, row in found.items()} == {
        "often": (day(11), True, 2.0),
        "rarely": (day(41), False, 10.0),
    }


def test_fewer_than_three_gaps_are_drawn_to_those_of_the_shop() -> None:
    regular = [sold("regular", f"5000{number:02}", on=day(number)) for number in (1, 3, 5, 7)]
    with empty_warehouse() as store:
        twice = [sold("twice", "500201"), sold("twice", "500202", on=day(8))]
        put(store, SILVER, *regular, sold("once", "500101"), *twice)
        materialize(store, day(1), day(8), tables=TABLES)
        typical = {name: row[8] for name, row in stored(store, day(8)).items()}
    assert typical == {"regular": 2.0, "once": 2.0, "twice": (1 * 7 + 3 * 2) / 4}


def test_each_of_the_125_combinations_has_a_name_and_every_name_is_in_use() -> None:
    named = [name_of(r, f, m) for r in SCORES for f in SCORES for m in SCORES]
    assert len(named) == 125
    assert set(named) == {one.name for one in RFM_NAMES}
    assert len(RFM_NAMES) == 11


@pytest.mark.parametrize(
    ("scores", "name"),
    [
        ((5, 5, 5), "Champions"),
        ((4, 5, 3), "Loyal"),
        ((3, 4, 5), "Loyal"),
        ((5, 3, 1), "Potential Loyalist"),
        ((5, 1, 5), "New"),
        ((4, 2, 1), "Promising"),
        ((3, 3, 3), "Need Attention"),
        ((3, 1, 1), "About to Sleep"),
        ((1, 5, 5), "Can't Lose Them"),
        ((2, 5, 3), "At Risk"),
        ((2, 1, 1), "Hibernating"),
        ((1, 1, 5), "Lost"),
    ],
)
def test_the_names_are_those_people_know(scores: tuple[int, int, int], name: str) -> None:
    assert name_of(*scores) == name


def net_values(first: date, last: date) -> Mapping[date, float]:
    """Value_Score of A by day, net of returns: an order of 16, of which 7 and then the rest come back."""
    invoices = [
        {"processing_date": day(1), "InvoiceNo": "500001", "InvoiceDate": day(1), "Amount": 16},
        {"processing_date": day(2), "InvoiceNo": "500002", "InvoiceDate": day(2), "Amount": 9},
    ]
    back = {"InvoiceNo": "C500009", "StockCode": "85048", "CustomerID": "A", "Quantity": 1, "Kind": "cancellation"}
    back |= {"CountsForCustomer": True, "IsMatched": True, "TakesBack": "500001", "SoldOn": day(1), "source_file": "f"}
    returns = [
        back | {"processing_date": day(5), "InvoiceDate": day(5), "Amount": 7},
        back | {"processing_date": day(8), "InvoiceDate": day(8), "Amount": 20},
        back | {"processing_date": day(8), "InvoiceDate": day(8), "Amount": 5, "IsMatched": False, "TakesBack": None},
    ]
    with empty_warehouse() as store:
        put(store, CUSTOMER_INVOICES, *(one | {"CustomerID": "A"} for one in invoices))
        put(store, RETURNS, *returns)
        materialize(store, first, last, tables={CUSTOMER_RFM})
        scores = net_scores(
            stored_rows(CUSTOMER_INVOICES, "<= $last"),
            stored_rows(RETURNS, "<= $last"),
            stored_rows(CUSTOMER_RFM, "BETWEEN $first AND $last"),
        )
        found = store.execute(f"SELECT as_of_date, Value_Score FROM ({scores.bind(first, last).sql()})").fetchall()
        return dict(found)


def test_the_value_of_net_money_counts_what_was_kept_of_each_order() -> None:
    def value(first: int, second: int, on: int) -> float:
        return sqrt(first) * exp(-(on - 1) / 200) + sqrt(second) * exp(-(on - 2) / 200)

    in_range = net_values(day(1), day(9))
    assert in_range[day(4)] == pytest.approx(value(16, 9, 4))
    assert in_range[day(5)] == pytest.approx(value(9, 9, 5))
    assert in_range[day(8)] == pytest.approx(value(0, 9, 8))
    for on in (day(4), day(5), day(9)):
        assert net_values(on, on)[on] == pytest.approx(in_range[on], rel=1e-9)
