"""Which daily snapshots are kept: the last days, and the end of each month before them."""

from collections.abc import Collection
from datetime import date


def kept_days(stored: Collection[date], *, daily_for_days: int) -> frozenset[date]:
    """The days to keep of those stored: the newest, `daily_for_days` before it, and each month's last stored day.

    A month that misses its last day keeps the last one it has. Applied again to what is left, the rule keeps all of it.
    """
    newest = max(stored, default=date.min)
    recent = {day for day in stored if (newest - day).days <= daily_for_days}
    month_ends = {(day.year, day.month): day for day in sorted(stored)}
    return frozenset(recent.union(month_ends.values()))
