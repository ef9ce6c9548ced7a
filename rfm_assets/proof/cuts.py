"""The cuts, days at whose end customers are ranked, and the horizons."""

from rfm_assets.warehouse.query import CALENDAR, Query, sql

HORIZONS = (30, 90, 365)
"""Days after the cut; the partition mapping reaches back as far as the longest."""


def month_end_cuts() -> Query:
    """The month-end cuts whose horizon ends on a day of the run."""
    horizon = Query(f"SELECT * FROM (VALUES {', '.join(f'({days})' for days in HORIZONS)}) AS horizon(days)")
    return sql(__package__, "cuts", calendar=CALENDAR, horizon=horizon)
