"""The thresholds, the strict comparisons, and the twelve segments with their recommendations."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import product

import pytest

from rfm_assets.config.segments import ENGAGEMENT_STATUSES, VALUE_TIERS, Segments
from rfm_assets.contracts.gold import CUSTOMER_RFM, CUSTOMER_SEGMENTS, SEGMENT_THRESHOLDS
from rfm_assets.gold.segments import RECOMMENDATIONS
from rfm_assets_tests.helpers.plain import FIRST, Row, day, dicts, empty_warehouse, materialize, put

# Written out a second time on purpose: marketing relies on these words.
PROMISED = """
High Value - Active & Engaged | VIP retention: Loyalty rewards, exclusive access, personalized service
High Value - At Risk | Urgent win-back: Personal outreach, premium incentives, feedback collection
High Value - Developing | Frequency building: Subscription offers, engagement campaigns, upsell opportunities
High Value - Inactive | High-touch reactivation: Direct outreach, special offers, re-engagement incentives
Growing Value - Active & Engaged | Tier upgrade: Cross-sell campaigns, loyalty programs, value expansion
Growing Value - At Risk | Targeted retention: Personalized offers, loyalty appeals, habit rebuilding
Growing Value - Developing | Engagement nurturing: Educational content, onboarding optimization, trial offers
Growing Value - Inactive | Standard reactivation: Email campaigns, modest incentives, feedback surveys
Base Value - Active & Engaged | Value expansion: AOV increase through bundles, category cross-sells, upsells
Base Value - At Risk | Light-touch re-engagement: Automated reminders, small incentives, habit triggers
Base Value - Developing | New customer onboarding: Welcome series, product education, first-purchase incentives
Base Value - Inactive | Minimal investment: Automated surveys, low-cost reactivation, list maintenance
"""
RECOMMENDED = dict(line.split(" | ") for line in PROMISED.strip().splitlines())

Customer = tuple[str, int, int]  # monetary, frequency, recency
TYPICAL: Customer = ("100.00", 5, 10)


def snapshot(*customers: Customer, number: int = 1) -> Sequence[Row]:
    """The rows of customer_rfm for one day; each customer's name is their position."""
    return [
        {
            "as_of_date": day(number),
            "CustomerID": str(place),
            "MaxInvoiceDate": day(number - recency),
            "Recency": recency,
            "Frequency": frequency,
            "Monetary": Decimal(monetary),
        }
        for place, (monetary, frequency, recency) in enumerate(customers)
    ]


def place(*rows: Row) -> tuple[list[Row], list[Row]]:
    """The thresholds and the segments of customer_rfm rows."""
    with empty_warehouse() as store:
        put(store, CUSTOMER_RFM, *rows)
        materialize(store, FIRST, day(9), tables={SEGMENT_THRESHOLDS, CUSTOMER_SEGMENTS})
        return (
            dicts(store, f"FROM {SEGMENT_THRESHOLDS.address} ORDER BY ALL"),
            dicts(store, f"FROM {CUSTOMER_SEGMENTS.address} ORDER BY as_of_date, CAST(CustomerID AS INTEGER)"),
        )


def among_typical(*customers: Customer) -> Sequence[str]:
    """The segments of customers among enough typical ones that those alone decide the medians."""
    thresholds, segments = place(*snapshot(*customers, *[TYPICAL] * (len(customers) + 1)))
    medians = [thresholds[0][f"median_{value}"] for value in ("monetary", "frequency", "recency")]
    assert medians == [100.0, 5.0, 10.0]
    return [row["segment"] for row in segments[: len(customers)]]


def test_the_recommendations_are_those_that_marketing_knows() -> None:
    assert RECOMMENDATIONS == RECOMMENDED


def test_every_tier_with_every_status_has_one_recommendation_of_its_own() -> None:
    assert set(RECOMMENDATIONS) == {f"{tier} - {status}" for tier, status in product(VALUE_TIERS, ENGAGEMENT_STATUSES)}
    assert len(set(RECOMMENDATIONS.values())) == 12


def test_all_twelve_segments_can_be_reached() -> None:
    tiers = {"High Value": "200.01", "Growing Value": "200.00", "Base Value": "100.00"}
    statuses = {"Active & Engaged": (6, 9), "At Risk": (6, 10), "Developing": (5, 9), "Inactive": (5, 10)}
    customers = [(monetary, *engaged) for monetary, engaged in product(tiers.values(), statuses.values())]
    assert among_typical(*customers) == [f"{tier} - {status}" for tier, status in product(tiers, statuses)]


@pytest.mark.parametrize(
    ("customer", "segment"),
    [
        (("100.00", 5, 10), "Base Value - Inactive"),  # a tie with all three medians
        (("100.01", 5, 10), "Growing Value - Inactive"),
        (("200.00", 5, 10), "Growing Value - Inactive"),
        (("200.01", 5, 10), "High Value - Inactive"),
        (("0.00", 5, 10), "Base Value - Inactive"),
        (("100.00", 6, 10), "Base Value - At Risk"),
        (("100.00", 6, 11), "Base Value - At Risk"),
        (("100.00", 6, 9), "Base Value - Active & Engaged"),
        (("100.00", 5, 9), "Base Value - Developing"),
        (("100.00", 4, 9), "Base Value - Developing"),
        (("100.00", 4, 11), "Base Value - Inactive"),
    ],
)
def test_comparisons_with_a_median_are_strict(customer: Customer, segment: str) -> None:
    assert among_typical(customer) == [segment]


def test_the_row_carries_its_tier_its_status_and_what_to_do() -> None:
    _, (row,) = place(*snapshot(("5.00", 1, 0)))
    assert row == {
        "as_of_date": FIRST,
        "CustomerID": "0",
        "Recency": 0,
        "Frequency": 1,
        "Monetary": Decimal("5.00"),
        "value_tier": "Base Value",
        "engagement_status": "Inactive",
        "segment": "Base Value - Inactive",
        "recommendation": RECOMMENDED["Base Value - Inactive"],
    }


def test_a_median_between_two_customers_lies_halfway_and_is_not_cut_off() -> None:
    (thresholds,), segments = place(*snapshot(("1.01", 1, 0), ("1.02", 2, 1)))
    assert thresholds == {
        "as_of_date": FIRST,
        "median_monetary": pytest.approx(1.015, abs=1e-12),
        "median_frequency": 1.5,
        "median_recency": 0.5,
        "customers": 2,
        "policy": Segments().policy,
    }
    assert [row["segment"] for row in segments] == ["Base Value - Developing", "Growing Value - At Risk"]


def test_each_day_has_its_own_thresholds() -> None:
    rows = [*snapshot(("1.00", 1, 0), number=1), *snapshot(("9.00", 3, 2), ("9.00", 3, 2), number=3)]
    thresholds, segments = place(*rows)
    assert [(row["as_of_date"], row["median_monetary"], row["customers"]) for row in thresholds] == [
        (day(1), 1.0, 1),
        (day(3), 9.0, 2),
    ]
    assert {row["segment"] for row in segments} == {"Base Value - Inactive"}


def test_a_day_without_customers_has_no_thresholds() -> None:
    assert place() == ([], [])


def test_a_customer_at_exactly_a_threshold_is_not_above_it() -> None:
    (thresholds,), segments = place(*snapshot(*((amount, 1, 0) for amount in ("5.00", "10.10", "10.20", "20.30"))))
    assert 2 * thresholds["median_monetary"] < 20.3  # with doubles it would be above
    assert [row["value_tier"] for row in segments] == ["Base Value", "Base Value", "Growing Value", "Growing Value"]
