"""The clusters' tables. scikit-learn and pandas are imported when a day is clustered, not when the graph is loaded."""

import os
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import dagster as dg

from rfm_assets.contracts import gold
from rfm_assets.contracts import ml as contract
from rfm_assets.ml.checks import CHECKS
from rfm_assets.ml.metadata import figures_and_picture
from rfm_assets.ml.scratch import Scratch
from rfm_assets.ml.settings import ClusterSettings
from rfm_assets.partitions import days_between, run_days
from rfm_assets.tables.table_asset import days_and_the_one_before, same_days, table_asset, tables_asset
from rfm_assets.warehouse.conformance import tables_must_exist
from rfm_assets.warehouse.engine import Engine
from rfm_assets.warehouse.query import Query, sql

if TYPE_CHECKING:
    from rfm_assets.ml.clustering import DayClusters

_KIND = "scikitlearn"
SETTINGS = ClusterSettings()
CUSTOMERS = "CustomerID, MaxInvoiceDate, Recency, Frequency, CAST(Monetary AS DOUBLE) AS Monetary"


@tables_asset(
    (contract.CUSTOMER_CLUSTERS, contract.CLUSTER_SELECTION, contract.CLUSTER_SUMMARY),
    reads={"customer_rfm": same_days(gold.CUSTOMER_RFM)},
    checks=CHECKS,
    kind=_KIND,
    depends_on=(SETTINGS,),
)
def clusters(context: dg.AssetExecutionContext, warehouse: Engine, customer_rfm: Query) -> tuple[Query, Query, Query]:
    """Groups each day's customers by likeness with K-Means, the number of groups chosen by the data.

    Outliers in spending or orders are set apart first. A range of days is clustered several days at a time.
    """
    scratch, (first, last) = Scratch(), run_days(context)
    customer_rfm = customer_rfm.bind(first, last)
    with warehouse.connect(read_only=True) as connection, tables_must_exist(contract.CUSTOMER_CLUSTERS):
        scratch.take(connection, gold.CUSTOMER_RFM, customer_rfm)
    warehouse.release()  # clustering takes its time
    for day, found in _clustered(scratch, first, last):
        scratch.add(
            contract.CUSTOMER_CLUSTERS, str(day), found.customer_clusters[["as_of_date", "CustomerID", "Cluster"]]
        )
        scratch.add(contract.CLUSTER_SELECTION, str(day), found.cluster_selection)
        scratch.add(contract.CLUSTER_SUMMARY, str(day), found.cluster_summary)
        said = figures_and_picture(day, found, with_picture=day == last)
        context.add_asset_metadata(said, contract.CUSTOMER_CLUSTERS.asset_key, str(day))
    label, selection, summary = map(
        scratch.rows, (contract.CUSTOMER_CLUSTERS, contract.CLUSTER_SELECTION, contract.CLUSTER_SUMMARY)
    )
    labelled = sql(__package__, "customer_clusters", customer_rfm=customer_rfm, label=label, summary=summary)
    return labelled, selection, summary


def _clustered(scratch: Scratch, first: date, last: date) -> Iterator[tuple[date, "DayClusters"]]:
    from rfm_assets.ml.days import cluster_days

    days = scratch.each_day(gold.CUSTOMER_RFM, days_between(first, last), columns=CUSTOMERS)
    return cluster_days(days, SETTINGS, workers=os.cpu_count() or 1)


@table_asset(
    contract.CLUSTER_STABILITY,
    reads={
        "customer_clusters": days_and_the_one_before(contract.CUSTOMER_CLUSTERS),
        "cluster_selection": days_and_the_one_before(contract.CLUSTER_SELECTION),
    },
    checks=CHECKS,
    kind=_KIND,
)
def cluster_stability(
    context: dg.AssetExecutionContext, warehouse: Engine, customer_clusters: Query, cluster_selection: Query
) -> Query:
    """How far each day's clusters agree with those of the day before, whatever the clusters are numbered.

    A day whose day before is not stored has no row.
    """
    from rfm_assets.ml.stability import stability_of

    days = run_days(context)
    with warehouse.connect(read_only=True) as connection, tables_must_exist(contract.CLUSTER_STABILITY):
        transitions = sql(__package__, "transitions", customer_clusters=customer_clusters)
        moves = connection.execute(transitions.bind(*days).sql()).df()
        selection = cluster_selection.bind(*days).sql()
        chosen = connection.execute(f"SELECT as_of_date, k FROM ({selection}) WHERE chosen").fetchall()
    scratch = Scratch()
    scratch.add(contract.CLUSTER_STABILITY, "all", stability_of(moves, dict(chosen)))
    return scratch.rows(contract.CLUSTER_STABILITY)
