"""A customer's page explains their segment by the shop's own policy."""

from decimal import Decimal

import pytest

from rfm_assets.config import in_force
from rfm_assets.config.segments import Segments
from rfm_assets.dashboard.cards import growth_of
from rfm_assets.dashboard.what_if import Customer, Thresholds
from rfm_assets.dashboard.why_segment import why_status, why_tier
from rfm_assets.gold import segments

MEDIANS = Thresholds(monetary=311.05, frequency=2, recency=20)
AMOUNTS = {"growing_above_amount": 250, "high_above_amount": 1000}


@pytest.mark.parametrize(
    ("policy", "spent", "tier", "said"),
    [
        ({}, "622.11", "High Value", "£622.11 spent, more than £622.10, twice the median of £311.05."),
        (
            {},
            "622.10",
            "Growing Value",
            "£622.10 spent, more than the median of £311.05, but not more than £622.10, twice the median of £311.05.",
        ),
        ({}, "311.05", "Base Value", "£311.05 spent, not more than the median of £311.05."),
        ({"high_above": 3}, "940", "High Value", "£940.00 spent, more than £933.15, 3 times the median of £311.05."),
        (AMOUNTS, "999", "Growing Value", "£999.00 spent, more than £250.00, but not more than £1,000.00."),
        (AMOUNTS, "250", "Base Value", "£250.00 spent, not more than £250.00."),
        (
            {},
            "-3",
            "Base Value",
            "-£3.00 spent: customers who have spent nothing are Base Value, whatever the thresholds.",
        ),
    ],
)
def test_a_tier_is_explained_by_the_shops_own_thresholds(
    monkeypatch: pytest.MonkeyPatch, policy: dict[str, object], spent: str, tier: str, said: str
) -> None:
    chosen = Segments.model_validate(policy)
    monkeypatch.setattr(in_force, "segments", lambda: chosen)
    assert why_tier(Customer(0, 1, Decimal(spent)), MEDIANS, tier) == said


@pytest.mark.parametrize(
    ("policy", "recency", "said"),
    [
        ({}, 19, "ordered 19 days ago, more recently than the median of 20 days ago."),
        ({}, 20, "ordered 20 days ago, no more recently than the median of 20 days ago."),
        ({"active_within_days": 90}, 20, "ordered 20 days ago, more recently than 90 days ago."),
    ],
)
def test_a_status_is_explained_by_what_the_shop_calls_recent(
    monkeypatch: pytest.MonkeyPatch, policy: dict[str, object], recency: int, said: str
) -> None:
    chosen = Segments.model_validate(policy)
    monkeypatch.setattr(in_force, "segments", lambda: chosen)
    orders = "3 orders, more than the median of 2"
    assert why_status(Customer(recency, 3, Decimal(1)), MEDIANS) == f"{orders}; {said}"


def test_growth_of_the_lapsed_is_bad_news_whatever_the_shop_calls_them(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"VIPs who drift": "High Value - At Risk", "At Risk no more": "High Value - Active & Engaged"}
    monkeypatch.setattr(segments, "CELL_OF", names)
    assert growth_of(["VIPs who drift"]) == "bad"
    assert growth_of(["At Risk no more"]) == "good"
    assert growth_of(list(names)) == "neither"
