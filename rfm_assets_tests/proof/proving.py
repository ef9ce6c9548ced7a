"""The tables of proof without Dagster, over one connection, and the guard against methods that see the future."""

from collections.abc import Sequence
from datetime import date

import duckdb

from rfm_assets.contracts import TABLES
from rfm_assets.contracts.proof import BACKTEST, EXPECTED_REVENUE, SEGMENT_OUTCOMES
from rfm_assets.contracts.silver import TRANSACTIONS as SILVER
from rfm_assets.proof.cuts import month_end_cuts
from rfm_assets.proof.intervals import revenue_intervals
from rfm_assets.proof.statements import outcomes
from rfm_assets.tables.table_asset import STEPS
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.duckdb.write import replace_days
from rfm_assets.warehouse.query import Query, sql
from rfm_assets_tests.plain import materialize

UP_TO_GOLD = [table for table in TABLES.values() if table.schema in {"silver", "gold"} and table != SILVER]


def prove(store: duckdb.DuckDBPyConnection, first: date, last: date) -> None:
    """Makes proof's tables of some days from the stored ones, as the assets do."""
    known, invoices = (STEPS[SEGMENT_OUTCOMES].inputs[name] for name in ("customer_segments", "customer_invoices"))
    outcome = outcomes(month_end_cuts(), known, invoices)
    intervals = revenue_intervals(store, outcome.bind(first, last))
    made = sql("rfm_assets.proof", "segment_outcomes", outcome=outcome, revenue_interval=intervals)
    replace_days(store, Days(SEGMENT_OUTCOMES, first, last), made)
    materialize(store, first, last, tables={BACKTEST, EXPECTED_REVENUE})


def leaking_methods(store: duckdb.DuckDBPyConnection, ranking: Query, first: date, cut: date, last: date) -> set[str]:
    """The methods whose scores at a cut are others once nothing has been delivered after it.

    `store` has silver's lines of the days from `first` to `last`; it is left as it would be without the later ones.
    """
    with_future = _scores(store, ranking, first, last)
    store.execute(f"DELETE FROM {SILVER.address} WHERE processing_date > DATE '{cut}'")
    without = _scores(store, ranking, first, last)
    assert with_future.keys() == without.keys()
    return {method for method, scores in with_future.items() if scores != without[method]}


def _scores(
    store: duckdb.DuckDBPyConnection, ranking: Query, first: date, last: date
) -> dict[str, Sequence[tuple[object, ...]]]:
    materialize(store, first, last, tables=UP_TO_GOLD)
    prove(store, first, last)
    rows = store.execute(
        f"SELECT method, CustomerID, round(score, 6) FROM ({ranking.sql()}) AS ranked ORDER BY ALL"
    ).fetchall()
    return {method: [row for row in rows if row[0] == method] for method, *_ in rows}
