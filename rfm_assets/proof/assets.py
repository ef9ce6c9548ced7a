"""Proof's tables. A cut is measured on the day its horizon ends, so that no partition looks ahead."""

import dagster as dg

from rfm_assets.config import in_force
from rfm_assets.contracts import gold, silver
from rfm_assets.contracts import proof as contract
from rfm_assets.partitions import run_days
from rfm_assets.proof.checks import CHECKS
from rfm_assets.proof.cuts import month_end_cuts
from rfm_assets.proof.intervals import revenue_intervals
from rfm_assets.proof.statements import measures, net_money, outcomes, rankings
from rfm_assets.tables.reads import days_and_a_year_before, every_day_so_far, same_days
from rfm_assets.tables.table_asset import table_asset
from rfm_assets.warehouse.conformance import tables_must_exist
from rfm_assets.warehouse.engine import Engine
from rfm_assets.warehouse.query import CALENDAR, Query, sql

_CUSTOMERS_THEN = days_and_a_year_before(gold.CUSTOMER_SEGMENTS)
_INVOICES_SINCE = {"customer_invoices": days_and_a_year_before(silver.CUSTOMER_INVOICES)}
_RETURNS_SINCE = {"returns": days_and_a_year_before(silver.RETURNS)}
_IS_NET = in_force.segments().is_net
_MONEY_SINCE = _INVOICES_SINCE | _RETURNS_SINCE if _IS_NET else _INVOICES_SINCE


def gross_outcomes(
    context: dg.AssetExecutionContext, warehouse: Engine, customer_segments: Query, customer_invoices: Query
) -> Query:
    """How many customers of each segment bought within 30, 90 and 365 days of a month's end, and what they spent."""
    return _outcomes(context, warehouse, customer_segments, customer_invoices)


def net_outcomes(
    context: dg.AssetExecutionContext,
    warehouse: Engine,
    customer_segments: Query,
    customer_invoices: Query,
    returns: Query,
) -> Query:
    """How many customers of each segment bought within 30, 90 and 365 days of a month's end, and what they spent.

    Returns in these days are deducted, whenever the products were bought.
    """
    return _outcomes(context, warehouse, customer_segments, net_money(customer_invoices, returns))


def _outcomes(context: dg.AssetExecutionContext, warehouse: Engine, customer_segments: Query, money: Query) -> Query:
    outcome = outcomes(month_end_cuts(), customer_segments, money)
    with warehouse.connect(read_only=True) as connection, tables_must_exist(contract.SEGMENT_OUTCOMES):
        intervals = revenue_intervals(connection, outcome.bind(*run_days(context)))
    return sql(__package__, "segment_outcomes", outcome=outcome, revenue_interval=intervals)


segment_outcomes = table_asset(
    contract.SEGMENT_OUTCOMES,
    reads={"customer_segments": _CUSTOMERS_THEN} | _MONEY_SINCE,
    checks=CHECKS,
    depends_on=(_IS_NET,),
)(net_outcomes if _IS_NET else gross_outcomes)


def gross_backtest(
    customer_segments: Query, customer_scores: Query, segment_outcomes: Query, customer_invoices: Query
) -> Query:
    """How well segments, scores and plain measures of a month's end ranked customers by what they spent afterwards."""
    return _backtest(customer_segments, customer_scores, segment_outcomes, customer_invoices)


def net_backtest(
    customer_segments: Query,
    customer_scores: Query,
    segment_outcomes: Query,
    customer_invoices: Query,
    returns: Query,
) -> Query:
    """How well segments, scores and plain measures of a month's end ranked customers by what they spent afterwards.

    Returns in these days are deducted, whenever the products were bought.
    """
    money = net_money(customer_invoices, returns)
    return _backtest(customer_segments, customer_scores, segment_outcomes, money)


def _backtest(customer_segments: Query, customer_scores: Query, segment_outcomes: Query, money: Query) -> Query:
    cuts = month_end_cuts()
    ranking = rankings(cuts, customer_segments, customer_scores, segment_outcomes)
    return measures(ranking, outcomes(cuts, customer_segments, money)).in_batches_of(gold.CUSTOMER_SEGMENTS)


backtest = table_asset(
    contract.BACKTEST,
    reads={
        "customer_segments": _CUSTOMERS_THEN,
        "customer_scores": days_and_a_year_before(gold.CUSTOMER_SCORES),
        "segment_outcomes": every_day_so_far(contract.SEGMENT_OUTCOMES),
    }
    | _MONEY_SINCE,
    checks=CHECKS,
)(net_backtest if _IS_NET else gross_backtest)


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
