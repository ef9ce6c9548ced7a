"""Shows how well each method ranked customers: at the month ends that proof.backtest has, and at one cut of your own.

At a cut of your own, BG/NBD x Gamma-Gamma stands beside them, fitted to all customers as of the cut.

    python benchmarks/proof.py WAREHOUSE [--cut 2025-10-26 --days 305]

Only reads. A cut of your own needs its day's customers, so one that was not thinned.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from bgnbd import expected_spending
from measure import table

from rfm_assets.config import in_force
from rfm_assets.contracts import gold, proof, silver
from rfm_assets.literals import literal
from rfm_assets.proof.statements import measures, net_money, outcomes, rankings
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


def by_model(connection: duckdb.DuckDBPyConnection, cut: date, days: int) -> Query:
    """What BG/NBD x Gamma-Gamma expects each customer to spend: CustomerID, score.

    A purchase is a day with one, as is usual for it; times are in weeks.
    """
    rows = connection.execute(
        f"""WITH purchase AS (
            SELECT CustomerID, InvoiceDate AS bought_on, sum(Amount) AS spent,
                row_number() OVER (PARTITION BY CustomerID ORDER BY InvoiceDate) > 1 AS repeated
            FROM {silver.CUSTOMER_INVOICES.address} WHERE processing_date <= DATE '{cut}'
            GROUP BY CustomerID, InvoiceDate HAVING sum(Amount) > 0
        )
        SELECT CustomerID, count(*) - 1, (max(bought_on) - min(bought_on)) / 7, (DATE '{cut}' - min(bought_on)) / 7,
            CAST(coalesce(avg(spent) FILTER (WHERE repeated), 0) AS DOUBLE)
        FROM purchase GROUP BY CustomerID ORDER BY CustomerID"""
    ).fetchall()
    if not any(row[1] for row in rows):
        sys.exit(f"BG/NBD needs customers who had bought again by {cut}: choose a later cut")
    x, t_x, known, z = np.array([row[1:] for row in rows], dtype=float).T
    scores = zip((row[0] for row in rows), expected_spending(days / 7, x, t_x, known, z), strict=True)
    values = ", ".join(f"({literal(customer)}, {score:.9e})" for customer, score in scores)
    return Query(f"SELECT * FROM (VALUES {values}) AS expected(CustomerID, score)")


def one_cut(
    connection: duckdb.DuckDBPyConnection, cut: date, days: int, model: Query, *, customers: str = "true"
) -> Sequence[tuple[Any, ...]]:
    """What proof.backtest would hold for a cut: method, customers, buyers and the measures.

    `model` scores customers in one more way; `customers` is a condition on who is ranked.
    """
    end = cut + timedelta(days=days)
    cuts = Query(f"SELECT DATE '{end}' AS measured_on, DATE '{cut}' AS as_of_date, {days} AS horizon_days")
    known = stored_rows(gold.CUSTOMER_SEGMENTS, f"= DATE '{cut}' AND {customers}")
    scores = stored_rows(gold.CUSTOMER_SCORES, f"= DATE '{cut}'")
    earlier = stored_rows(proof.SEGMENT_OUTCOMES, f"<= DATE '{cut}'")
    since = stored_rows(silver.CUSTOMER_INVOICES, f"<= DATE '{end}'")
    if in_force.segments().is_net:
        since = net_money(since, stored_rows(silver.RETURNS, f"<= DATE '{end}'"))
    ranked = rankings(cuts, known, scores, earlier)
    ranked = replace(
        ranked,
        text=f"""{ranked.text} UNION ALL
            SELECT measured_on, as_of_date, horizon_days, CustomerID, 'BG/NBD x Gamma-Gamma', coalesce(score, 0)
            FROM known LEFT JOIN model USING (CustomerID)""",
        inputs={**ranked.inputs, "model": model},
    )
    measured = measures(ranked, outcomes(cuts, known, since))
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
        if not chosen.cut:
            return
        model = by_model(connection, chosen.cut, chosen.days)
        for name, condition in POPULATIONS.items():
            print(f"\nCut {chosen.cut}, {chosen.days} days, {name}:\n")
            rows = one_cut(connection, chosen.cut, chosen.days, model, customers=condition)
            print(printed(["method", "customers", "buyers", *MEASURES], rows))


if __name__ == "__main__":
    main()
