"""The twelve segments and what marketing may do for each: a table in code."""

from rfm_assets.settings import settings
from rfm_assets.warehouse.query import Query

VALUE_TIERS = ("High Value", "Growing Value", "Base Value")
ENGAGEMENT_STATUSES = ("Active & Engaged", "At Risk", "Developing", "Inactive")

NEW_CUSTOMER = "New customer"
"""Where a customer was who was not seen yet on an earlier day; compared_customers.sql says the same."""

# How many days back the segments of a day are compared; the partition mapping of what is compared reaches as far.
LOOK_BACKS = (1, 7, 30)

RECOMMENDATIONS = {
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


def tolerance() -> Query:
    """How many days after its file an invoice may be dated, as a table of one row."""
    return Query(f"SELECT {settings().invoice_days_ahead} AS days_ahead")
