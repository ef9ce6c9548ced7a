"""The one daily calendar: every table is partitioned by it, from the start date to today, today included."""

import warnings
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import dagster as dg

from rfm_assets.settings import settings

# Both are beta in Dagster 1.13 and covered by our tests; otherwise every load would warn once per asset.
warnings.filterwarnings("ignore", "Specifying a partitions_def on an AssetCheckSpec", category=dg.PreviewWarning)
warnings.filterwarnings(
    "ignore", "Parameter `(backfill_policy|allow_nonexistent_upstream_partitions)`", category=dg.BetaWarning
)

# Today's partition exists already, since a day's file arrives on that day.
DAILY = dg.DailyPartitionsDefinition(start_date=settings().start_date.isoformat(), end_offset=1)

_RANGE_START, _RANGE_END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"
_PARTITION = "dagster/partition"
_DAYS = "days"  # a tag shown in the UI's list of runs

ONE_RUN = dg.BackfillPolicy.single_run()

# An as-of table needs every day so far; the offset exceeds any calendar, and a missing day blocks nothing.
EVERY_DAY_SO_FAR = dg.TimeWindowPartitionMapping(start_offset=-100_000, allow_nonexistent_upstream_partitions=True)

THE_DAY_BEFORE_TOO = dg.TimeWindowPartitionMapping(start_offset=-1, allow_nonexistent_upstream_partitions=True)

THIRTY_DAYS_BEFORE_TOO = dg.TimeWindowPartitionMapping(start_offset=-30, allow_nonexistent_upstream_partitions=True)

A_YEAR_BEFORE_TOO = dg.TimeWindowPartitionMapping(start_offset=-365, allow_nonexistent_upstream_partitions=True)


def run_days(context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext) -> tuple[date, date]:
    """The first and the last day of a run, or the whole calendar for a check launched without days.

    A check step carries its run's days as a partition range; without one it checks every stored day.
    """
    if not (context.has_partition_key or context.has_partition_key_range):
        return date.min, date.max
    days = context.partition_key_range
    return date.fromisoformat(days.start), date.fromisoformat(days.end)


def utc_today() -> date:
    """The calendar's last day; for decisions about what to run, never for what a run computes."""
    return datetime.now(UTC).date()


def range_tags(first: date, last: date) -> dict[str, str]:
    """The tags of a run over the days from `first` to `last`, which also show in the UI's list of runs.

    A single day is a partition, as in runs launched from the UI.
    """
    if first == last:
        return {_PARTITION: str(first)}
    return {_RANGE_START: str(first), _RANGE_END: str(last), _DAYS: f"{first}..{last}"}


def days_of_tags(tags: Mapping[str, str]) -> tuple[date, date] | None:
    """The first and the last day of a run with these tags, if it has any."""
    first, last = tags.get(_RANGE_START, tags.get(_PARTITION)), tags.get(_RANGE_END, tags.get(_PARTITION))
    return (date.fromisoformat(first), date.fromisoformat(last)) if first and last else None


def days_between(first: date, last: date) -> Sequence[date]:
    """All days from `first` to `last`, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def in_words(days: Collection[date]) -> str:
    """Days in a few words, such as `8 days from 2025-06-26 to 2025-07-03`, or `2025-06-26`."""
    first, last = min(days), max(days)
    return str(first) if first == last else f"{len(days)} days from {first} to {last}"
