"""Names clusters, and says what to do about them: by their medians against all customers, never by number."""

from collections.abc import Iterable
from typing import NamedTuple


class Medians(NamedTuple):
    """The medians of a group."""

    monetary: float
    frequency: float
    recency: float


OUTLIERS = {-1: "outliers in spending", -2: "outliers in orders", -3: "outliers in both"}
"""The classes of customers set apart before clustering, by number."""

# Tiers by spending: the group's median exceeds this many times the overall median; 0 is everybody else.
TIERS = {4: "Platinum", 2: "Gold", 1: "Silver", 0: "Bronze"}

# Habits by orders, likewise: the name while recent, and the name after that.
HABITS = {2: ("Champions", "At Risk"), 1: ("Loyalists", "Slipping"), 0: ("Potentials", "Dormant")}
BRONZE_HABITS = HABITS | {0: ("New", "Hibernating")}

RECOMMENDATIONS = {
    "Platinum Champions": "Name a personal contact, open new ranges to them first and never lead with a discount.",
    "Platinum At Risk": "Call them this week, ask what went wrong and put it right before offering anything.",
    "Platinum Loyalists": "Thank them by name and offer standing orders, so that their rhythm is kept.",
    "Platinum Slipping": "Have somebody they know write with a tailored offer before the habit is lost.",
    "Platinum Potentials": "Follow each large order with service and a reason to come back within the month.",
    "Platinum Dormant": "Win back one by one: ask for a talk, show what is new, make the return easy.",
    "Gold Champions": "Invite them to a loyalty programme and ask for reviews and referrals.",
    "Gold At Risk": "Send a personal win-back offer with an end date, and ask why they left.",
    "Gold Loyalists": "Show the ranges they have not tried yet and reward the next larger basket.",
    "Gold Slipping": "Remind them of what they usually buy, with a modest thank-you for ordering now.",
    "Gold Potentials": "Turn good baskets into a habit: refill reminders and a bonus on the next order.",
    "Gold Dormant": "Bring back with news of their favourite ranges and a return offer worth opening.",
    "Silver Champions": "Raise the basket with bundles and volume prices; they already come often.",
    "Silver At Risk": "Restart the routine with a timely reminder and a small incentive.",
    "Silver Loyalists": "Recommend products that go with past orders and let points add up to a reward.",
    "Silver Slipping": "Ask for feedback and offer free delivery on the next order.",
    "Silver Potentials": "Suggest a second and third product line soon after each purchase.",
    "Silver Dormant": "Include in seasonal reactivation mailings with their past favourites.",
    "Bronze Champions": "Lift small baskets with minimum-order perks and multi-buy offers.",
    "Bronze At Risk": "Send an automatic reminder with a low-cost perk, then let them be.",
    "Bronze Loyalists": "Keep them with useful content and a gentle step up to larger packs.",
    "Bronze Slipping": "Use automatic nudges tied to the items they used to reorder.",
    "Bronze New": "Welcome them, explain the range and make the second order easy.",
    "Bronze Hibernating": "Spend little: an occasional newsletter, and clean the list of those who never react.",
}


def cluster_name(group: Medians, overall: Medians) -> str:
    """Names a group of customers by its medians against those of the day's customers; a key of RECOMMENDATIONS.

    Comparisons are strict; recent means that the group's median customer bought more recently than the overall one.
    """
    tier = TIERS[times_exceeded(group.monetary, overall.monetary, TIERS)]
    habits = BRONZE_HABITS if tier == "Bronze" else HABITS
    recent, dormant = habits[times_exceeded(group.frequency, overall.frequency, habits)]
    return f"{tier} {recent if group.recency < overall.recency else dormant}"


def times_exceeded(value: float, middle: float, steps: Iterable[int]) -> int:
    """Returns the first of the descending steps that the value exceeds in multiples of the middle, or 0.

    A value of zero or less exceeds none: net of returns, a negative middle is greater than its own multiples.
    """
    return next((times for times in steps if times and value > max(times * middle, 0)), 0)
