"""The twelve segments, a recommendation for each, and the rule that divides customers by a shop's policy."""

from collections.abc import Mapping
from decimal import Decimal

from rfm_assets.config import in_force
from rfm_assets.config.segments import Cell, Segments
from rfm_assets.literals import literal
from rfm_assets.settings import settings
from rfm_assets.warehouse.query import Query, sql

# How many days back a day's segments are compared; the partition mapping reaches back as far.
LOOK_BACKS = (1, 7, 30)

_RECOMMENDATIONS = {
    "High Value - Active & Engaged": "VIP retention: Loyalty rewards, exclusive access, personalized service",
    "High Value - At Risk": "Urgent win-back: Personal outreach, premium incentives, feedback collection",
    "High Value - Developing": "Frequency building: Subscription offers, engagement campaigns, upsell opportunities",
    "High Value - Inactive": "High-touch reactivation: Direct outreach, special offers, re-engagement incentives",
    "Growing Value - Active & Engaged": "Tier upgrade: Cross-sell campaigns, loyalty programs, value expansion",
    "Growing Value - At Risk": "Targeted retention: Personalized offers, loyalty appeals, habit rebuilding",
    "Growing Value - Developing": "Engagement nurturing: Educational content, onboarding optimization, trial offers",
    "Growing Value - Inactive": "Standard reactivation: Email campaigns, modest incentives, feedback surveys",
    "Base Value - Active & Engaged": "Value expansion: AOV increase through bundles, category cross-sells, upsells",
    "Base Value - At Risk": "Light-touch re-engagement: Automated reminders, small incentives, habit triggers",
    "Base Value - Developing": "New customer onboarding: Welcome series, product education, first-purchase incentives",
    "Base Value - Inactive": "Minimal investment: Automated surveys, low-cost reactivation, list maintenance",
}


def recommendations(policy: Segments) -> Mapping[str, str]:
    """The recommendation for each segment, by the policy's names."""
    return {
        name: policy.cells.get(cell, Cell()).recommendation or _RECOMMENDATIONS[cell]
        for cell, name in policy.names.items()
    }


CELL_OF = {name: cell for cell, name in in_force.segments().names.items()}
"""The rule's cell of each segment, by the name in force."""


def is_lapsed(segment: str) -> bool:
    """Whether the customers of a segment are At Risk or Inactive, whatever the shop calls it."""
    return CELL_OF.get(segment, segment).endswith(("At Risk", "Inactive"))


RECOMMENDATIONS = recommendations(in_force.segments())
"""The recommendation for each segment, by the name in force."""


def thresholds(customer_rfm: Query, policy: Segments | None = None) -> Query:
    """The medians of each day's customers under a policy, by default the one in force."""
    chosen = policy or in_force.segments()
    in_window = f"Recency <= {chosen.window_days}" if chosen.window_days else "true"
    medians = sql(__package__, "segment_thresholds", customer_rfm=customer_rfm)
    return medians.given(in_window=in_window, policy=literal(chosen.policy))


def placed(customer: Query, segment_thresholds: Query, policy: Segments | None = None) -> Query:
    """Customers with tier, status and segment by their day's medians, under a policy, by default the one in force."""
    chosen = policy or in_force.segments()
    rule = sql(__package__, "segment_rule", customer=customer, segment_thresholds=segment_thresholds)
    return rule.given(
        growing_above=_spent_above(chosen.growing_above_amount, chosen.growing_above),
        high_above=_spent_above(chosen.high_above_amount, chosen.high_above),
        recent_below=str(chosen.active_within_days or "median_recency"),
        segment=_named(chosen.names),
    )


def compared(customer_segments: Query, calendar: Query, look_back: Query) -> Query:
    """Customers of each day of a calendar, with their segment on the earlier days that it is compared with."""
    found = sql(
        __package__,
        "compared_customers",
        customer_segments=customer_segments,
        calendar=calendar,
        look_back=look_back,
    )
    return found.given(invoice_days_ahead=str(settings().invoice_days_ahead))


def moved(compared: Query, segment_thresholds: Query) -> Query:
    """Customers of a day, with their segment on an earlier day, and why they moved, by the earlier day's medians."""
    return sql(__package__, "moved_customers", placed_by_then=placed(compared, segment_thresholds))


def spending_thresholds(median: float) -> tuple[Decimal, Decimal]:
    """The exact spending thresholds of Growing Value and High Value, under the policy in force."""
    policy, exact = in_force.segments(), Decimal(str(median)).quantize(Decimal("0.001"))
    if policy.growing_above_amount is not None and policy.high_above_amount is not None:
        return policy.growing_above_amount, policy.high_above_amount
    return exact * policy.growing_above, exact * policy.high_above


def recency_threshold(median: float) -> float:
    """Active customers purchased fewer days ago than this, under the policy in force."""
    return in_force.segments().active_within_days or median


def _spent_above(amount: Decimal | None, multiple: Decimal) -> str:
    """SQL for an exact money threshold: a median may be a half penny, which a double cannot represent."""
    if amount is not None:
        return f"CAST({amount} AS DECIMAL(31, 2))"
    median = "CAST(median_monetary AS DECIMAL(29, 3))"
    return median if multiple == 1 else f"{median} * CAST({multiple} AS DECIMAL(6, 3))"


def _named(names: Mapping[str, str]) -> str:
    """SQL for the name of a segment, from tier and status."""
    cell = "value_tier || ' - ' || engagement_status"
    own = [f"WHEN {cell} = {literal(of)} THEN {literal(name)}" for of, name in names.items() if name != of]
    return f"CASE {' '.join(own)} ELSE {cell} END" if own else cell
