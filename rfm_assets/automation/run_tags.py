"""The tags of a run: its purpose, its days and its time limit."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from rfm_assets.partitions import days_of_tags, range_tags

MAX_RUNTIME = "dagster/max_runtime"
PURPOSE = "rfm/purpose"

Purpose = Literal["landing", "refresh", "partial-refresh", "watch", "retention", "erasure", "digest"]

_SECONDS_AT_LEAST, _SECONDS_PER_DAY = 30 * 60, 60


def max_runtime(days: int) -> int:
    """Seconds after which Dagster terminates a run over this many days: half an hour, plus a minute per day.

    Far more than any measured run has taken; docs/performance.md has the figures.
    """
    return _SECONDS_AT_LEAST + _SECONDS_PER_DAY * days


def tags_of_purpose(purpose: Purpose) -> dict[str, str]:
    """The tag by which the UI's list of runs is filtered, for instance to hide the daily watch."""
    return {PURPOSE: purpose}


def tags_of_days(first: date, last: date) -> dict[str, str]:
    """The tags of a run over the days from `first` to `last`."""
    return {**range_tags(first, last), MAX_RUNTIME: str(max_runtime((last - first).days + 1))}


def missing_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """The tags that a run lacks, for instance one launched in the UI; tags that it has are kept."""
    days = days_of_tags(tags)
    return {name: value for name, value in tags_of_days(*days).items() if name not in tags} if days else {}
