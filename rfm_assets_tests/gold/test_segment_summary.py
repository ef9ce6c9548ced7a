"""The summary's averages, medians and shares equal rows worked out by hand, halves rounded up."""

from decimal import Decimal
from typing import Any

import pytest

from rfm_assets.contracts.gold import CUSTOMER_SEGMENTS, SEGMENT_SUMMARY
from rfm_assets_tests.helpers.plain import FIRST, Row, day, dicts, empty_warehouse, materialize, put


def customer(segment: str, monetary: str = "1.00", frequency: int = 1, recency: int = 0, *, number: int = 1) -> Row:
    tier, status = segment.split(" - ")
    return {
        "as_of_date": day(number),
        "CustomerID": "any",
        "Recency": recency,
        "Frequency": frequency,
        "Monetary": Decimal(monetary),
        "value_tier": tier,
        "engagement_status": status,
        "segment": segment,
        "recommendation": f"Do something about {segment}",
    }


A, B = "High Value - At Risk", "Base Value - Inactive"


def summarise(*customers: Row) -> list[dict[str, Any]]:
    with empty_warehouse() as store:
        put(store, CUSTOMER_SEGMENTS, *customers)
        materialize(store, FIRST, day(9), tables={SEGMENT_SUMMARY})
        return dicts(store, f"FROM {SEGMENT_SUMMARY.address} ORDER BY as_of_date, Segment DESC")


def test_a_segment_is_summed_up() -> None:
    high, base = summarise(
        customer(A, "10.00", 5, 3), customer(A, "30.00", 8, 7), customer(A, "20.01", 5, 0), customer(B, "0.99", 1, 9)
    )
    assert high == {
        "as_of_date": FIRST,
        "Segment": A,
        "recommendation": f"Do something about {A}",
        "Customer_Count": 3,
        "Avg_Monetary": Decimal("20.00"),  # 20.0033
        "Med_Monetary": Decimal("20.01"),
        "Avg_Frequency": Decimal("6.00"),
        "Med_Frequency": Decimal("5.00"),
        "Avg_Recency": Decimal("3.33"),
        "Med_Recency": Decimal("3.00"),
        "Total_Revenue": Decimal("60.01"),
        "Pct_of_Customers": Decimal("75.00"),
        "Pct_of_Revenue": Decimal("98.38"),  # 98.377
    }
    assert (base["Customer_Count"], base["Pct_of_Revenue"]) == (1, Decimal("1.62"))


def test_halves_round_up() -> None:
    (row,) = summarise(*[customer(A, "0.01", 1, 0)] * 4, *[customer(A, "0.02", 2, 1)] * 4)
    assert row["Avg_Monetary"] == row["Med_Monetary"] == Decimal("0.02")  # 0.015
    (row,) = summarise(*[customer(A, frequency=1, recency=0)] * 7, customer(A, frequency=2, recency=1))
    assert (row["Avg_Frequency"], row["Avg_Recency"]) == (Decimal("1.13"), Decimal("0.13"))  # 1.125 and 0.125
    (row,) = summarise(customer(A, "1.01"), customer(A, "1.02"))
    assert row["Med_Monetary"] == Decimal("1.02")  # 1.015, which is slightly less as a double


@pytest.mark.parametrize(
    ("of_a", "of_b", "share"), [(1, 31, "3.13"), (3, 29, "9.38"), (31, 1, "96.88"), (1, 2, "33.33")]
)
def test_the_share_of_customers_rounds_half_up(of_a: int, of_b: int, share: str) -> None:
    assert summarise(*[customer(A)] * of_a, *[customer(B)] * of_b)[0]["Pct_of_Customers"] == Decimal(share)


@pytest.mark.parametrize(
    ("of_a", "of_b", "share"),
    [
        ("0.14", "4.34", "3.13"),  # exactly 3.125, which division of doubles misses
        ("0.42", "4.06", "9.38"),
        ("3.22", "1.26", "71.88"),
        ("1.00", "2.00", "33.33"),
        ("0.00", "5.00", "0.00"),
        ("99999999999999.99", "0.01", "100.00"),
        ("429496729399999999.06", "0.01", "100.00"),
    ],
)
def test_the_share_of_revenue_rounds_half_up(of_a: str, of_b: str, share: str) -> None:
    assert summarise(customer(A, of_a), customer(B, of_b))[0]["Pct_of_Revenue"] == Decimal(share)


def test_a_day_on_which_nobody_has_paid_has_no_shares_of_revenue() -> None:
    assert [row["Pct_of_Revenue"] for row in summarise(customer(A, "0.00"), customer(B, "0.00"))] == [0, 0]


def test_shares_are_of_the_same_day() -> None:
    rows = summarise(customer(A), customer(A, "9.00", number=2), customer(B, number=2))
    assert [(row["as_of_date"], row["Segment"], row["Pct_of_Customers"], row["Pct_of_Revenue"]) for row in rows] == [
        (day(1), A, 100, 100),
        (day(2), A, 50, 90),
        (day(2), B, 50, 10),
    ]


def test_a_segment_without_customers_has_no_row() -> None:
    assert [row["Segment"] for row in summarise(customer(A))] == [A]
    assert summarise() == []
