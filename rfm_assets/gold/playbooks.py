"""Playbooks, what to do for each segment: aim, channel, offer, timing, and how to tell whether it worked.

The defaults are a start. None treats customers as if they had never bought, or wins back customers who just did.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from rfm_assets.config import in_force
from rfm_assets.config.segments import Cell, Segments
from rfm_assets.gold.segments import is_lapsed


@dataclass(frozen=True)
class Playbook:
    """An actionable recommendation."""

    aim: str
    channel: str
    offer: str
    timing: str
    measure: str


_DEFAULTS = {
    "High Value - Active & Engaged": Playbook(
        "Keep them: thank and reward, without discounts",
        "Personal e-mail, or their account manager",
        "Early access to new products, a thank-you gift",
        "Within a week after an order, twice a month at most",
        "Orders and revenue per customer in 90 days",
    ),
    "High Value - At Risk": Playbook(
        "Bring them back before they are gone",
        "Phone, or a personal e-mail",
        "Ask what is missing; what they usually buy, delivered free",
        "This week, those furthest past their own rhythm first",
        "% who order within 30 days",
    ),
    "High Value - Developing": Playbook(
        "From large orders to regular ones",
        "E-mail after delivery",
        "What goes with their last order; a reorder reminder or a subscription",
        "When their next order is due",
        "% who order again within 60 days",
    ),
    "High Value - Inactive": Playbook(
        "Win back those who spent most",
        "Letter or phone",
        "A personal offer, worth a share of their usual order",
        "Once, and again after 30 days",
        "% who order within 60 days; revenue less the cost of the offer",
    ),
    "Growing Value - Active & Engaged": Playbook(
        "Lift them to the highest tier",
        "E-mail and the shop's account page",
        "Bundles, and categories they have not bought yet",
        "After an order, once a week at most",
        "Revenue per customer in 60 days",
    ),
    "Growing Value - At Risk": Playbook(
        "Revive the habit",
        "E-mail",
        "What they buy most, delivered free for a limited time",
        "As soon as they pass their usual gap between orders",
        "% who order within 30 days",
    ),
    "Growing Value - Developing": Playbook(
        "Make the next order easy",
        "E-mail after delivery",
        "How to use what they bought; what others buy with it",
        "One to two weeks after delivery",
        "% who order again within 60 days",
    ),
    "Growing Value - Inactive": Playbook(
        "Win back at little cost",
        "E-mail",
        "A modest voucher with an end date",
        "Two messages, two weeks apart",
        "% who order within 60 days; revenue less vouchers",
    ),
    "Base Value - Active & Engaged": Playbook(
        "Larger baskets",
        "E-mail and the basket page",
        "Bundles, and free delivery above their usual order",
        "With each order",
        "Average order value in 30 days",
    ),
    "Base Value - At Risk": Playbook(
        "Remind them before they lapse",
        "Automated e-mail",
        "News of what they buy, without a discount",
        "Once, when they pass their usual gap between orders",
        "% who order within 30 days",
    ),
    "Base Value - Developing": Playbook(
        "The next order",
        "Automated e-mail",
        "Product tips, and a small voucher for the next order",
        "One to two weeks after delivery",
        "% who order again within 60 days",
    ),
    "Base Value - Inactive": Playbook(
        "Spend little, and keep the list clean",
        "Automated e-mail",
        "A short survey, or the season's news",
        "Once a quarter; not again after two without a reaction",
        "% who order within 90 days; unsubscribes",
    ),
}

JUST_ORDERED = "They ordered today: thank them; no win-back is needed"
THANK_THEM = Playbook(JUST_ORDERED, channel="", offer="", timing="", measure="")


def playbooks(policy: Segments) -> Mapping[str, Playbook]:
    """The playbook of each segment, by name: the shop file's values, and defaults for the rest."""
    return {name: _own(policy.cells.get(cell, Cell()), _DEFAULTS[cell]) for cell, name in policy.names.items()}


def _own(cell: Cell, default: Playbook) -> Playbook:
    given = cell.model_dump(include={field.name for field in fields(Playbook)}, exclude_none=True)
    aim = {"aim": cell.recommendation} if cell.recommendation else {}
    return replace(default, **given, **aim)


PLAYBOOKS = playbooks(in_force.segments())
"""The playbook of each segment, by the name in force."""


def playbook_for(segment: str, days_since_last_order: int) -> Playbook:
    """The playbook for one customer of a segment; in a shop's first days a customer at risk may have ordered today."""
    ordered_today = days_since_last_order == 0
    return THANK_THEM if ordered_today and is_lapsed(segment) else PLAYBOOKS[segment]


def aim_for(segment: str, days_since_last_order: int) -> str:
    """The playbook's aim."""
    return playbook_for(segment, days_since_last_order).aim
