"""Runs the daily refresh in this process, over any days, and reports progress."""

from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from uuid import uuid4

import click
import dagster as dg

from rfm_assets.automation.arrivals import why_left_alone
from rfm_assets.automation.jobs import daily_refresh
from rfm_assets.automation.lost_runs import fail_lost_runs
from rfm_assets.automation.process_of_run import end_at_hangup, own_run
from rfm_assets.automation.records import open_records
from rfm_assets.automation.run_outcomes import cause_of, findings
from rfm_assets.automation.run_tags import tags_of_days
from rfm_assets.automation.shop import SHOP, shop_of
from rfm_assets.contracts.gold import SEGMENT_THRESHOLDS
from rfm_assets.definitions import defs
from rfm_assets.errors import LandingError, RfmError, SettingError
from rfm_assets.home import dagster_home
from rfm_assets.landing.zone import LandingZone
from rfm_assets.partitions import DAILY, utc_today
from rfm_assets.scratch import sweep
from rfm_assets.settings import settings
from rfm_assets.warehouse.engine import Engine
from rfm_assets.warehouse.stored import rows_if_stored

# Dagster could not retry a run outside the queue, and a person is watching anyway.
_NOT_TRIED_AGAIN = {"dagster/max_retries": "0"}


@dataclass(frozen=True)
class Refreshed:
    """The refreshed days, both included, and the red checks of ERROR severity."""

    first: date
    last: date
    red_checks: tuple[str, ...]


def refresh_days(first: date | None = None, last: date | None = None) -> Refreshed:
    """Materializes every asset from `first` to `last` in one run, by default from the first landed day to the newest.

    The newest is the last landed day, or the last that is stored if that is later.

    The run is recorded in the Dagster instance that DAGSTER_HOME or ./dagster.yaml names.

    Raises:
        SettingError: when a day is outside the calendar, or there is no instance.
        LandingError: when no daily file has landed and no days are given.
        RfmError: when the run fails, with the reason of its first failed step; or when it cannot be recorded.
    """
    zone: LandingZone = defs.resources["landing"]  # type: ignore[index]
    warehouse: Engine = defs.resources["warehouse"]  # type: ignore[index]
    first, last = days_to_refresh(zone, warehouse, first, last)
    end_at_hangup()
    sweep()
    result = _run(tags_of_days(first, last) | _NOT_TRIED_AGAIN | {SHOP: shop_of(zone, warehouse)})
    if not result.success:
        message = (
            f"the run {result.run_id} failed: {cause_of(result)}\n"
            "Days not made again are unchanged; `make dev` shows the run's log"
        )
        raise RfmError(message)
    red = [one.name for one in findings(result.get_asset_check_evaluations()) if one.is_red]
    return Refreshed(first, last, tuple(red))


def _run(tags: dict[str, str]) -> dg.ExecuteInProcessResult:
    """Executes the job `daily_refresh` in this process, recorded in Dagster's instance."""
    job = defs.resolve_job_def(daily_refresh.name)
    run_id = str(uuid4())
    with open_records(dagster_home()) as instance:
        for lost in fail_lost_runs(instance):
            click.echo(click.style(lost, fg="yellow"), err=True)
        own_run(instance, run_id)
        return job.execute_in_process(
            instance=instance,
            run_id=run_id,
            tags=tags,
            raise_on_error=False,
            run_config={"loggers": {"progress": {}}},
        )


def days_to_refresh(
    zone: LandingZone, warehouse: Engine, first: date | None = None, last: date | None = None
) -> tuple[date, date]:
    """The days of a refresh, both included; missing ones are chosen as in `refresh_days`.

    Raises:
        SettingError: when a day is outside the calendar.
        LandingError: when a day must be chosen, and no daily file has landed.
        WarehouseError: when the warehouse cannot be opened; a run would only wait for it again.
    """
    if first is None or last is None:
        days = _landed_days(zone)
        if not days:
            message = (
                f"no file in {zone.address} belongs to a day of the calendar ({_calendar()}): "
                "land one named YYYY-MM-DD….csv or .csv.gz, or name the days with --from and --to"
            )
            raise LandingError(message)
        first = first or min(days)
        # A corrected day changes every later snapshot, even those after the last file.
        last = last or max(*days, _newest_snapshot(warehouse) or first)
    if first > last:
        raise SettingError(f"the first day {first} is after the last day {last}")
    for day in (first, last):
        if not DAILY.has_partition_key(str(day)):
            way_out = "it is in the future" if day > utc_today() else "set RFM_START_DATE to the first day you want"
            message = f"{day} is outside the calendar ({_calendar()}): {way_out}"
            raise SettingError(message)
    return first, last


def _landed_days(zone: LandingZone) -> set[date]:
    """The days of the calendar with landed files; reports files that belong to none."""
    days = set()
    for stored in sorted(zone.walk(), key=attrgetter("key")):
        calendar = {"start": settings().start_date, "today": utc_today()}
        reason = stored.left_alone or why_left_alone(stored.key, stored.day, **calendar)
        if reason:
            click.echo(click.style(reason, fg="yellow"), err=True)
        elif stored.day:
            days.add(stored.day)
    return days


def _newest_snapshot(warehouse: Engine) -> date | None:
    """The newest stored as-of day; None in a new warehouse."""
    select = f"SELECT max(as_of_date) FROM {SEGMENT_THRESHOLDS.address}"
    newest: date | None = next((day for (day,) in rows_if_stored(warehouse, SEGMENT_THRESHOLDS, select)), None)
    return newest


def _calendar() -> str:
    return f"{settings().start_date} to {utc_today()}"
