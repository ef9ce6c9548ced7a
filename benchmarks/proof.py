"""Shows how well each method ranked customers: at the month ends that proof.backtest has, and at one cut of your own.

    python benchmarks/proof.py WAREHOUSE [--cut 2025-10-26 --days 305]

Only reads. A cut of your own needs its day's customers, so one that was not thinned.
"""

import argparse
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
from measure import table

from rfm_assets.contracts import gold, proof, silver
from rfm_assets.proof.statements import measures, outcomes, rankings
from rfm_assets.warehouse.days import stored_rows
from rfm_assets.warehouse.query import Query

MEASURES = ("spearman", "auc_purchase", "top10_share", "top20_share", "normalised_gini")
POPULATIONS = {"all customers": "true", "two or more invoices": "Frequency >= 2"}


def month_ends(connection: duckdb.DuckDBPyConnection) -> Sequence[tuple[Any, ...]]:
    """The mean of each measure over the stored cuts, by horizon and method."""
    means = ", ".join(f"avg({name})" for name in MEASURES)
    return connection.execute(
        f"""SELECT horizon_days, method, count(*), {means} FROM {proof.BACKTEST.address}
        GROUP BY ALL ORDER BY horizon_days, avg(spearman) DESC"""
    ).fetchall()


def one_cut(
    connection: duckdb.DuckDBPyConnection, cut: date, days: int, *, customers: str = "true"
) -> Sequence[tuple[Any, ...]]:
    """What proof.backtest would hold for a cut: method, customers, buyers and the measures.

    `customers` is a condition on who is ranked.
    """
    end = cut + timedelta(days=days)
    cuts = Query(f"SELECT DATE '{end}' AS measured_on, DATE '{cut}' AS as_of_date, {days} AS horizon_days")
    known = stored_rows(gold.CUSTOMER_SEGMENTS, f"= DATE '{cut}' AND {customers}")
    scores = stored_rows(gold.CUSTOMER_SCORES, f"= DATE '{cut}'")
    earlier = stored_rows(proof.SEGMENT_OUTCOMES, f"<= DATE '{cut}'")
    since = stored_rows(silver.CUSTOMER_INVOICES, f"<= DATE '{end}'")
    measured = measures(rankings(cuts, known, scores, earlier), outcomes(cuts, known, since))
    return connection.execute(
        f"SELECT method, customers, buyers, {', '.join(MEASURES)} FROM ({measured.sql()}) ORDER BY spearman DESC"
    ).fetchall()


def printed(header: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> str:
    """A table with three decimals."""
    return table(header, [[f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row] for row in rows])


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("warehouse", type=Path)
    parser.add_argument("--cut", type=date.fromisoformat, help="the last day that a method may see")
    parser.add_argument("--days", type=int, default=30, help="how far ahead to look from there")
    chosen = parser.parse_args()
    with duckdb.connect(str(chosen.warehouse), read_only=True) as connection:
        print("Means over the month ends:\n")
        print(printed(["days", "method", "cuts", *MEASURES], month_ends(connection)))
        for name, condition in POPULATIONS.items() if chosen.cut else ():
            print(f"\nCut {chosen.cut}, {chosen.days} days, {name}:\n")
            rows = one_cut(connection, chosen.cut, chosen.days, customers=condition)
            print(printed(["method", "customers", "buyers", *MEASURES], rows))


if __name__ == "__main__":
    main()
