"""Gold's tables."""

from rfm_assets.config import in_force
from rfm_assets.contracts import gold as contract
from rfm_assets.contracts import silver
from rfm_assets.gold.checks import CHECKS
from rfm_assets.gold.rfm_names import every_name
from rfm_assets.gold.segments import LOOK_BACKS, RECOMMENDATIONS, compared, moved, placed, thresholds
from rfm_assets.tables.reads import days_and_thirty_before, every_day_so_far, same_days
from rfm_assets.tables.table_asset import table_asset
from rfm_assets.warehouse.query import CALENDAR, Query, sql, table

_INVOICES = {"customer_invoices": every_day_so_far(silver.CUSTOMER_INVOICES)}


@table_asset(
    contract.CUSTOMER_MONEY,
    reads=_INVOICES | {"returns": every_day_so_far(silver.RETURNS)},
    checks=CHECKS,
)
def customer_money(customer_invoices: Query, returns: Query) -> Query:
    """What each customer seen so far has spent, returned and kept, as of each day.

    A return counts from the day that delivers it, and so does the loss of an order that it takes back in full.
    """
    return sql(__package__, "customer_money", customer_invoices=customer_invoices, returns=returns, calendar=CALENDAR)


def gross_rfm(customer_invoices: Query) -> Query:
    """Recency, frequency and monetary value of each customer seen so far, as of each day.

    A day's row uses only deliveries up to that day, so an old day computed today equals what it was then.
    """
    return sql(__package__, "customer_rfm", customer_invoices=customer_invoices, calendar=CALENDAR)


def net_rfm(customer_invoices: Query, customer_money: Query) -> Query:
    """Recency, frequency and monetary value, net of returns, of each customer seen so far, as of each day.

    A day's row uses only deliveries up to that day, so an old day computed today equals what it was then.
    """
    return sql(__package__, "net_rfm", customer_rfm=gross_rfm(customer_invoices), customer_money=customer_money)


customer_rfm = (
    table_asset(
        contract.CUSTOMER_RFM,
        reads=_INVOICES | {"customer_money": same_days(contract.CUSTOMER_MONEY)},
        checks=CHECKS,
    )(net_rfm)
    if in_force.segments().is_net
    else table_asset(contract.CUSTOMER_RFM, reads=_INVOICES, checks=CHECKS)(gross_rfm)
)


@table_asset(
    contract.SEGMENT_THRESHOLDS,
    reads={"customer_rfm": same_days(contract.CUSTOMER_RFM)},
    checks=CHECKS,
)
def segment_thresholds(customer_rfm: Query) -> Query:
    """The medians of spending, orders and recency that divide each day's customers."""
    return thresholds(customer_rfm).in_batches_of(contract.CUSTOMER_RFM)


@table_asset(
    contract.CUSTOMER_SEGMENTS,
    reads={
        "customer_rfm": same_days(contract.CUSTOMER_RFM),
        "segment_thresholds": same_days(contract.SEGMENT_THRESHOLDS),
    },
    checks=CHECKS,
)
def customer_segments(customer_rfm: Query, segment_thresholds: Query) -> Query:
    """Every customer in one of twelve segments, as of each day, with a recommendation for marketing.

    The value tier compares spending with the day's median or the shop's amounts, the engagement status compares recency
    and frequency with theirs.
    """
    segments = table(RECOMMENDATIONS, key="segment", value="recommendation")
    return sql(__package__, "customer_segments", placed=placed(customer_rfm, segment_thresholds), segments=segments)


@table_asset(
    contract.SEGMENT_SUMMARY,
    reads={"customer_segments": same_days(contract.CUSTOMER_SEGMENTS)},
    checks=CHECKS,
)
def segment_summary(customer_segments: Query) -> Query:
    """Customers, averages, revenue and shares of each segment, as of each day."""
    summary = sql(__package__, "segment_summary", customer_segments=customer_segments)
    return summary.in_batches_of(contract.CUSTOMER_SEGMENTS)


@table_asset(
    contract.SEGMENT_MIGRATION,
    reads={
        "customer_segments": days_and_thirty_before(contract.CUSTOMER_SEGMENTS),
        "segment_thresholds": days_and_thirty_before(contract.SEGMENT_THRESHOLDS),
    },
    checks=CHECKS,
)
def segment_migration(customer_segments: Query, segment_thresholds: Query) -> Query:
    """The segments of each day's customers a day, a week and thirty days earlier, and what moved them since.

    They purchased, or time passed, or only the medians changed. Earlier days whose customers are not stored are
    skipped.
    """
    look_back = Query(f"SELECT * FROM (VALUES {', '.join(f'({n})' for n in LOOK_BACKS)}) AS look_back(days)")
    pairs = compared(customer_segments, CALENDAR, look_back)
    moves = sql(__package__, "segment_migration", moved_customers=moved(pairs, segment_thresholds))
    return moves.in_batches_of(contract.CUSTOMER_SEGMENTS)


def gross_scores(customer_invoices: Query, customer_rfm: Query) -> Query:
    """Each customer's rank on the day, by the usual RFM scores and by decayed value, and when the next order is due.

    Segments are for talking about customers; Value_Score is for ranking them. It sums the square roots of invoice
    amounts, discounted by age.
    """
    return _scores(customer_invoices, customer_invoices, customer_rfm)


def net_scores(customer_invoices: Query, returns: Query, customer_rfm: Query) -> Query:
    """Each customer's rank on the day, by the usual RFM scores and by decayed value, and when the next order is due.

    Segments are for talking about customers; Value_Score is for ranking them. It sums the square roots of the amounts
    kept of invoices, discounted by age. Returns of unknown invoices reduce Monetary only.
    """
    kept = sql(__package__, "net_orders", customer_invoices=customer_invoices, returns=returns)
    return _scores(kept, customer_invoices, customer_rfm)


def _scores(order_money: Query, customer_invoices: Query, customer_rfm: Query) -> Query:
    scores = sql(
        __package__,
        "customer_scores",
        order_money=order_money,
        customer_invoices=customer_invoices,
        customer_rfm=customer_rfm,
        calendar=CALENDAR,
        rfm_names=every_name(),
    )
    return scores.in_batches_of(contract.CUSTOMER_RFM)


_RFM_OF_DAYS = {"customer_rfm": same_days(contract.CUSTOMER_RFM)}

customer_scores = (
    table_asset(
        contract.CUSTOMER_SCORES,
        reads=_INVOICES | {"returns": every_day_so_far(silver.RETURNS)} | _RFM_OF_DAYS,
        checks=CHECKS,
    )(net_scores)
    if in_force.segments().is_net
    else table_asset(contract.CUSTOMER_SCORES, reads=_INVOICES | _RFM_OF_DAYS, checks=CHECKS)(gross_scores)
)
