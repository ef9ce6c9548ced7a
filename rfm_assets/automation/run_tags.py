"""The tags of a run: what it is for and over which days, for the UI's list of runs, and how long it may take."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from rfm_assets.partitions import days_of_tags, range_tags

MAX_RUNTIME = "dagster/max_runtime"
PURPOSE = "rfm/purpose"

Purpose = Literal["landing", "refresh", "partial-refresh", "watch", "retention", "erasure", "digest"]

_SECONDS_AT_LEAST, _SECONDS_PER_DAY = 30 * 60, 60


def max_runtime(days: int) -> int:
    """Seconds after which Dagster gives up a run over this many days: half an hour, and a minute for each day.

    One real day takes 20 seconds, a year of them two minutes; 307 days of a hundred million lines take half an hour.
    """
    return _SECONDS_AT_LEAST + _SECONDS_PER_DAY * days


def tags_of_purpose(purpose: Purpose) -> dict[str, str]:
    """The tag of a job and its runs by which the UI's list of runs is filtered, such as without the daily watch."""
    return {PURPOSE: purpose}


def tags_of_days(first: date, last: date) -> dict[str, str]:
    """The tags of a run over the days from `first` to `last`."""
    return {**range_tags(first, last), MAX_RUNTIME: str(max_runtime((last - first).days + 1))}


def missing_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """What a run with these tags lacks of them, such as one that was launched in the UI; what it has is kept."""
    days = days_of_tags(tags)
    return {name: value for name, value in tags_of_days(*days).items() if name not in tags} if days else {}
