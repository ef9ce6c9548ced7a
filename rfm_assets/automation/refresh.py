"""Runs the daily refresh in this process, over any days, telling what it does."""

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import dagster as dg

from rfm_assets.automation.jobs import daily_refresh
from rfm_assets.automation.reading import is_red, name_of
from rfm_assets.definitions import defs
from rfm_assets.errors import LandingError, RfmError, SettingError
from rfm_assets.landing.zone import LandingZone, day_of
from rfm_assets.partitions import DAILY, range_tags, utc_today


@dataclass(frozen=True)
class Refreshed:
    """The days that were refreshed, both included, and the checks of ERROR severity that are red since."""

    first: date
    last: date
    red_checks: tuple[str, ...]


def refresh_days(first: date | None = None, last: date | None = None) -> Refreshed:
    """Materializes every asset from `first` to `last` in one run, by default from the first to the last landed day.

    The run is recorded in the Dagster instance that DAGSTER_HOME or ./dagster.yaml names.

    Raises:
        SettingError: when a day is outside the calendar, or there is no instance.
        LandingError: when no daily file has landed and no days are given.
        RfmError: when the run fails; its steps have told why.
    """
    first, last = _days(first, last)
    job = defs.resolve_job_def(daily_refresh.name)
    with dg.DagsterInstance.from_config(_home()) as instance:
        result = job.execute_in_process(
            instance=instance,
            tags=range_tags(first, last),
            raise_on_error=False,
            run_config={"loggers": {"progress": {}}},
        )
    if not result.success:
        message = (
            f"the run {result.run_id} failed, see above; `make dev` shows its log. Days not redone are as they were"
        )
        raise RfmError(message)
    red = [name_of(found) for found in result.get_asset_check_evaluations() if is_red(found)]
    return Refreshed(first, last, tuple(red))


def _days(first: date | None, last: date | None) -> tuple[date, date]:
    if first is None or last is None:
        zone: LandingZone = defs.resources["landing"]  # type: ignore[index]
        days = [day for stored in zone.walk() if (day := day_of(stored.key)) and day <= utc_today()]
        if not days:
            raise LandingError(f"no file in {zone.address} is named YYYY-MM-DD*.csv: land one, or run `make sample`")
        first, last = first or min(days), last or max(days)
    if first > last:
        raise SettingError(f"the first day {first} is after the last day {last}")
    for day in (first, last):
        if not DAILY.has_partition_key(str(day)):
            calendar = f"{DAILY.get_first_partition_key()} to {DAILY.get_last_partition_key()}"
            way_out = "it is yet to come" if day > utc_today() else "set RFM_START_DATE to the first day you want"
            message = f"{day} is outside the calendar ({calendar}): {way_out}"
            raise SettingError(message)
    return first, last


def _home() -> str:
    home = Path(os.environ.get("DAGSTER_HOME", "."))
    if not (home / "dagster.yaml").is_file():
        message = f"there is no dagster.yaml in {home.resolve()}: run this in the project's folder"
        raise SettingError(message)
    return str(home)
