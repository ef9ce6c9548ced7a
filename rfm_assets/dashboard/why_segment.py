"""Why a customer is in their segment: `gold/segment_rule.sql` by the policy in force, with their numbers."""

from decimal import Decimal

from rfm_assets.config import in_force
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.what_if import Customer, Thresholds
from rfm_assets.gold.segments import recency_threshold, spending_thresholds


def why_tier(customer: Customer, medians: Thresholds, tier: str) -> str:
    """A customer's spend and the thresholds of their value tier, as a sentence."""
    spent = fmt.exact_money(customer.monetary)
    if customer.monetary <= 0:
        return f"{spent} spent: customers who have spent nothing are Base Value, whatever the thresholds."
    growing, high = _spending(medians.monetary)
    compared = {
        "High Value": f"more than {high}",
        "Growing Value": f"more than {growing}, but not more than {high}",
        "Base Value": f"not more than {growing}",
    }[tier]
    return f"{spent} spent, {compared}."


def why_status(customer: Customer, medians: Thresholds) -> str:
    """A customer's orders against the median, and their last order against what counts as recent, as a sentence."""
    frequent = "more than" if customer.frequency > medians.frequency else "not more than"
    within = recency_threshold(medians.recency)
    recent = "more recently than" if customer.recency < within else "no more recently than"
    limit = "" if in_force.segments().active_within_days else "the median of "
    return (
        f"{fmt.plural(customer.frequency, 'order')}, {frequent} the median of {fmt.count(medians.frequency)}; "
        f"ordered {fmt.ago(customer.recency)}, {recent} {limit}{fmt.plural(within, 'day')} ago."
    )


def _spending(median: float) -> tuple[str, str]:
    """The thresholds of Growing Value and High Value in words: amounts, or multiples of the median."""
    policy, (growing, high) = in_force.segments(), spending_thresholds(median)
    if policy.growing_above_amount is not None:
        return fmt.exact_money(growing), fmt.exact_money(high)
    return _multiple(policy.growing_above, growing, median), _multiple(policy.high_above, high, median)


def _multiple(times: Decimal, limit: Decimal, median: float) -> str:
    """`£622.10, twice the median of £311.05`."""
    of_median = f"the median of {fmt.exact_money(median)}"
    words = {Decimal(2): "twice"}.get(times, f"{times} times")
    return of_median if times == 1 else f"{fmt.exact_money(limit)}, {words} {of_median}"
