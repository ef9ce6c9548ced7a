"""Which daily snapshots are kept: the most recent days, and month ends before them."""

from collections.abc import Collection
from datetime import date


def kept_days(stored: Collection[date], *, daily_for_days: int) -> frozenset[date]:
    """The days to keep of those stored: the newest, `daily_for_days` before it, and each month's last stored day.

    A month whose last day is not stored keeps its last stored day. The rule is idempotent: it keeps all that it kept.
    """
    newest = max(stored, default=date.min)
    recent = {day for day in stored if (newest - day).days <= daily_for_days}
    month_ends = {(day.year, day.month): day for day in sorted(stored)}
    return frozenset(recent.union(month_ends.values()))
