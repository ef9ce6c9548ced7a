"""At which days' ends customers are ranked, and how far ahead is looked."""

from rfm_assets.warehouse.query import CALENDAR, Query, sql

HORIZONS = (30, 90, 365)
"""Days after the cut; the partition mapping of what a cut reads reaches as far back as the longest."""


def month_end_cuts() -> Query:
    """The cuts of month ends whose horizon ends on a day of the run."""
    horizon = Query(f"SELECT * FROM (VALUES {', '.join(f'({days})' for days in HORIZONS)}) AS horizon(days)")
    return sql(__package__, "cuts", calendar=CALENDAR, horizon=horizon)
