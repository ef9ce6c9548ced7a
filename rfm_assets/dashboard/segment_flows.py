"""Movements between any two days: stored ones for 1, 7 and 30 days, otherwise computed by the pipeline's own rule."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from rfm_assets.config.segments import NEW_CUSTOMER
from rfm_assets.dashboard.published_copy import PublishedCopy
from rfm_assets.gold.segments import compared, moved
from rfm_assets.warehouse.query import Query, sql

if TYPE_CHECKING:
    import pandas as pd


_GOLD = "rfm_assets.gold"


def comparable_days(copy: PublishedCopy, as_of: date, customer_days: Sequence[date]) -> list[date]:
    """The earlier days that a day can be compared with, oldest first.

    Days with stored movements, and, if the day's own customers are stored, all days whose customers are.
    """
    stored = copy.rows("movements_days", as_of=as_of) if copy.has("gold.segment_migration") else []
    days = {row["day"] for row in stored}.union(customer_days if as_of in customer_days else ())
    return sorted(day for day in days if day < as_of)


def flows(copy: PublishedCopy, as_of: date, compared_to: date) -> "pd.DataFrame":
    """A row for each pair of earlier and later segment, with the number of customers and the causes.

    Customers not seen before count as new, not as movers who purchased.
    """
    days = {"as_of": as_of, "compared_to": compared_to}
    rows = copy.frame("movements", **days) if copy.has("gold.segment_migration") else None
    if rows is None or rows.empty:
        rows = copy.frame(between_any_two_days(), **days)
    is_new = rows["from_segment"] == NEW_CUSTOMER
    return rows.assign(new=rows["customers"].where(is_new, 0), purchased=rows["purchased"].mask(is_new, 0))


def moved_customers(as_of: date | str, compared_to: date | str) -> Query:
    """The customers of a day, with their segment on an earlier day, and why they moved."""
    return _moved(f"DATE '{as_of}'", f"DATE '{compared_to}'")


def _moved(as_of: str, compared_to: str) -> Query:
    """The same with the days as SQL: bound parameters, or literals."""
    two = f"({as_of}, {compared_to})"
    thresholds = Query(f"SELECT * FROM gold.segment_thresholds WHERE as_of_date = {compared_to}")
    pairs = compared(
        Query(f"SELECT * FROM gold.customer_segments WHERE as_of_date IN {two}"),
        calendar=Query(f"SELECT CAST({as_of} AS DATE) AS as_of_date"),
        look_back=Query(f"SELECT CAST(datediff('day', {compared_to}, {as_of}) AS INTEGER) AS days"),
    )
    return moved(pairs, thresholds)


@cache
def between_any_two_days() -> Query:
    """The rule of gold.segment_migration over two bound days."""
    migration = sql(_GOLD, "segment_migration", moved_customers=_moved("$as_of", "$compared_to")).sql()
    return Query(
        "SELECT from_segment, to_segment, Customer_Count AS customers, purchased, aged, threshold "
        f"FROM ({migration}) AS migration"
    )
