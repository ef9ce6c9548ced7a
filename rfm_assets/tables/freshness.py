"""Freshness of the assets that people look at: a badge in the UI, next to the asset's name."""

from datetime import timedelta

import dagster as dg

from rfm_assets.settings import settings

_DAY, _TIME_TO_RUN = timedelta(days=1), timedelta(hours=1)


def refreshed_daily(stale_after_days: int | None = None) -> dg.FreshnessPolicy:
    """Fresh until an hour after the next RFM_REFRESH_AT, then late, and stale RFM_STALE_AFTER_DAYS days later.

    Dagster takes the latest materialization of any day, so one of an old day counts, too. The check
    `newest_day_is_recent` tests whether the newest day is recent.
    """
    days = settings().stale_after_days if stale_after_days is None else stale_after_days
    late = _DAY + _TIME_TO_RUN
    return dg.FreshnessPolicy.time_window(fail_window=late + days * _DAY, warn_window=late if days else None)
