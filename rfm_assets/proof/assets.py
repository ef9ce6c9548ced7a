"""Proof's tables. A cut is measured on the day its horizon ends, so that no partition looks past its own day."""

import dagster as dg

from rfm_assets.contracts import gold, silver
from rfm_assets.contracts import proof as contract
from rfm_assets.partitions import run_days
from rfm_assets.proof.checks import CHECKS
from rfm_assets.proof.cuts import month_end_cuts
from rfm_assets.proof.intervals import revenue_intervals
from rfm_assets.proof.statements import measures, outcomes, rankings
from rfm_assets.tables.table_asset import days_and_a_year_before, every_day_so_far, same_days, table_asset
from rfm_assets.warehouse.conformance import tables_must_exist
from rfm_assets.warehouse.engine import Engine
from rfm_assets.warehouse.query import CALENDAR, Query, sql

_CUSTOMERS_THEN = days_and_a_year_before(gold.CUSTOMER_SEGMENTS)
_DELIVERED_SINCE = days_and_a_year_before(silver.CUSTOMER_INVOICES)


@table_asset(
    contract.SEGMENT_OUTCOMES,
    reads={"customer_segments": _CUSTOMERS_THEN, "customer_invoices": _DELIVERED_SINCE},
    checks=CHECKS,
)
def segment_outcomes(
    context: dg.AssetExecutionContext, warehouse: Engine, customer_segments: Query, customer_invoices: Query
) -> Query:
    """How many customers of each segment bought within 30, 90 and 365 days of a month's end, and what they spent."""
    outcome = outcomes(month_end_cuts(), customer_segments, customer_invoices)
    with warehouse.connect(read_only=True) as connection, tables_must_exist(contract.SEGMENT_OUTCOMES):
        intervals = revenue_intervals(connection, outcome.bind(*run_days(context)))
    return sql(__package__, "segment_outcomes", outcome=outcome, revenue_interval=intervals)


@table_asset(
    contract.BACKTEST,
    reads={
        "customer_segments": _CUSTOMERS_THEN,
        "customer_scores": days_and_a_year_before(gold.CUSTOMER_SCORES),
        "segment_outcomes": every_day_so_far(contract.SEGMENT_OUTCOMES),
        "customer_invoices": _DELIVERED_SINCE,
    },
    checks=CHECKS,
)
def backtest(
    customer_segments: Query, customer_scores: Query, segment_outcomes: Query, customer_invoices: Query
) -> Query:
    """How well segments, scores and plain measures of a month's end ranked customers by what they spent afterwards."""
    cuts = month_end_cuts()
    ranking = rankings(cuts, customer_segments, customer_scores, segment_outcomes)
    outcome = outcomes(cuts, customer_segments, customer_invoices)
    return measures(ranking, outcome).in_batches_of(gold.CUSTOMER_SEGMENTS)


@table_asset(
    contract.EXPECTED_REVENUE,
    reads={
        "customer_segments": same_days(gold.CUSTOMER_SEGMENTS),
        "customer_scores": same_days(gold.CUSTOMER_SCORES),
        "segment_outcomes": every_day_so_far(contract.SEGMENT_OUTCOMES),
    },
    checks=CHECKS,
)
def expected_revenue(customer_segments: Query, customer_scores: Query, segment_outcomes: Query) -> Query:
    """What each segment is expected to spend in the next 30 days, and how much of it overdue customers put at risk."""
    expected = sql(
        __package__,
        "expected_revenue",
        customer_segments=customer_segments,
        customer_scores=customer_scores,
        segment_outcomes=segment_outcomes,
        calendar=CALENDAR,
    )
    return expected.in_batches_of(gold.CUSTOMER_SEGMENTS)
