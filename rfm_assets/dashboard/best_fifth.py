"""The customers whom a backtest method ranks in the best fifth of a day, by the backtest's own statement."""

from datetime import date, timedelta

from rfm_assets.literals import literal
from rfm_assets.proof.statements import rankings
from rfm_assets.warehouse.query import Query, sql


def best_fifth(day: date, method: str, days: int) -> Query:
    """The SELECT of their ids, with all customers of a tie at the fifth's edge, which the backtest counts in part.

    `days` is the horizon: it decides what ranking by segments had learnt by then.
    """
    cut = (
        f"SELECT DATE '{day + timedelta(days=days)}' AS measured_on, DATE '{day}' AS as_of_date, {days} AS horizon_days"
    )
    ranking = rankings(
        Query(cut),
        Query(f"SELECT * FROM gold.customer_segments WHERE as_of_date = DATE '{day}'"),
        Query(f"SELECT * FROM gold.customer_scores WHERE as_of_date = DATE '{day}'"),
        Query("SELECT * FROM proof.segment_outcomes"),
    )
    found = sql("rfm_assets.dashboard", "queries/linked_best_fifth", ranking=ranking)
    return found.given(method=literal(method))
