"""Gold's tables."""

import dagster as dg

from rfm_assets.contracts import gold as contract
from rfm_assets.contracts import silver
from rfm_assets.gold.segments import RECOMMENDATIONS
from rfm_assets.partitions import calendar, run_days
from rfm_assets.table_asset import every_day_so_far, same_days, table_asset
from rfm_assets.warehouse.query import Query, sql, table


@table_asset(contract.CUSTOMER_RFM, reads={"customer_invoices": every_day_so_far(silver.CUSTOMER_INVOICES)})
def customer_rfm(context: dg.AssetExecutionContext, customer_invoices: Query) -> Query:
    """Recency, frequency and monetary value of each customer seen so far, as of each day.

    A day's row uses only what was delivered up to that day, so an old day computed today is as it was then.
    """
    days = calendar(*run_days(context))
    return sql(__package__, "customer_rfm", customer_invoices=customer_invoices, calendar=days)


@table_asset(contract.SEGMENT_THRESHOLDS, reads={"customer_rfm": same_days(contract.CUSTOMER_RFM)})
def segment_thresholds(customer_rfm: Query) -> Query:
    """The medians of spending, orders and recency that divide each day's customers."""
    return sql(__package__, "segment_thresholds", customer_rfm=customer_rfm)


@table_asset(
    contract.CUSTOMER_SEGMENTS,
    reads={
        "customer_rfm": same_days(contract.CUSTOMER_RFM),
        "segment_thresholds": same_days(contract.SEGMENT_THRESHOLDS),
    },
)
def customer_segments(customer_rfm: Query, segment_thresholds: Query) -> Query:
    """Every customer in one of twelve segments, as of each day, with a recommendation for marketing.

    The value tier compares spending with the day's median, the engagement status recency and frequency with theirs.
    """
    segments = table(RECOMMENDATIONS, key="segment", value="recommendation")
    return sql(
        __package__,
        "customer_segments",
        customer_rfm=customer_rfm,
        segment_thresholds=segment_thresholds,
        segments=segments,
    )


@table_asset(contract.SEGMENT_SUMMARY, reads={"customer_segments": same_days(contract.CUSTOMER_SEGMENTS)})
def segment_summary(customer_segments: Query) -> Query:
    """Customers, averages, revenue and shares of each segment, as of each day."""
    return sql(__package__, "segment_summary", customer_segments=customer_segments)
