"""The clusters' tables. scikit-learn and pandas are imported when a day is clustered, not when the graph is loaded."""

import os
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import dagster as dg

from rfm_assets.contracts import gold
from rfm_assets.contracts import ml as contract
from rfm_assets.ml.scratch import Scratch
from rfm_assets.partitions import DAILY, ONE_RUN, days_between, run_days
from rfm_assets.table_asset import WAREHOUSE_POOL, days_and_the_one_before, same_days, table_asset, table_out
from rfm_assets.warehouse.connection import Warehouse
from rfm_assets.warehouse.query import Query, sql

if TYPE_CHECKING:
    import pandas as pd

    from rfm_assets.ml.clustering import DayClusters

_MEASURES = "CustomerID, MaxInvoiceDate, Recency, Frequency, CAST(Monetary AS DOUBLE) AS Monetary"


@dg.multi_asset(
    ins={"customer_rfm": same_days(gold.CUSTOMER_RFM)},
    outs={
        "customer_clusters": table_out(contract.CUSTOMER_CLUSTERS, kind="scikitlearn"),
        "cluster_selection": table_out(contract.CLUSTER_SELECTION, kind="scikitlearn"),
        "cluster_summary": table_out(contract.CLUSTER_SUMMARY, kind="scikitlearn"),
    },
    partitions_def=DAILY,
    backfill_policy=ONE_RUN,
    pool=WAREHOUSE_POOL,
)
def clusters(
    context: dg.AssetExecutionContext, warehouse: dg.ResourceParam[Warehouse], customer_rfm: Query
) -> tuple[Query, Query, Query]:
    """Groups each day's customers by likeness with K-Means, the number of groups chosen by the data.

    Outliers in spending or orders are set apart first. A range of days is clustered several days at a time.
    """
    scratch = Scratch()
    with warehouse.connect(read_only=True) as connection:
        scratch.take(connection, "rfm", Query(f"FROM ({customer_rfm.sql()}) ORDER BY as_of_date, CustomerID"))
    for day, found in _cluster(scratch, *run_days(context)):
        for name, frame in (
            ("label", found.customer_clusters[["as_of_date", "CustomerID", "Cluster"]]),
            ("selection", found.cluster_selection),
            ("summary", found.cluster_summary),
        ):
            scratch.add(name, day, frame)
        _tell(context, day, found)
    label, selection, summary = (scratch.rows(name) for name in ("label", "selection", "summary"))
    labelled = sql(__package__, "customer_clusters", customer_rfm=customer_rfm, label=label, summary=summary)
    return labelled, selection, summary


def _cluster(scratch: Scratch, first: date, last: date) -> Iterator[tuple[date, "DayClusters"]]:
    from rfm_assets.ml.days import cluster_days
    from rfm_assets.ml.settings import ClusterSettings

    days = scratch.each_day("rfm", days_between(first, last), _MEASURES)
    return cluster_days(days, ClusterSettings(), workers=os.cpu_count() or 1)


def _tell(context: dg.AssetExecutionContext, day: date, found: "DayClusters") -> None:
    """Puts a day's figures where the UI plots them, and says so where it was clustered less than fully."""
    figures: dict[str, Any] = {"clusters": found.chosen_k or 0}
    if found.silhouette is not None:
        figures["silhouette"] = found.silhouette
    if found.silhouette_is_sampled:
        figures["silhouette_sample"] = found.silhouette_customers
    if found.unclustered_because:
        figures["unclustered_because"] = found.unclustered_because
    context.add_asset_metadata(figures, contract.CUSTOMER_CLUSTERS.asset_key, str(day))


@table_asset(
    contract.CLUSTER_STABILITY,
    reads={
        "customer_clusters": days_and_the_one_before(contract.CUSTOMER_CLUSTERS),
        "cluster_selection": days_and_the_one_before(contract.CLUSTER_SELECTION),
    },
    kinds=frozenset({"duckdb", "scikitlearn"}),
)
def cluster_stability(
    warehouse: dg.ResourceParam[Warehouse], customer_clusters: Query, cluster_selection: Query
) -> "pd.DataFrame":
    """How far each day's clusters agree with those of the day before, whatever the clusters are numbered."""
    from rfm_assets.ml.stability import stability_of

    with warehouse.connect(read_only=True) as connection:
        moves = connection.execute(sql(__package__, "transitions", customer_clusters=customer_clusters).sql()).df()
        chosen = connection.execute(f"SELECT as_of_date, k FROM ({cluster_selection.sql()}) WHERE chosen").fetchall()
    return stability_of(moves, dict(chosen))
