"""The clusters' tables. Imports scikit-learn and pandas when a day is clustered, not when the graph loads."""

import os
from datetime import date, timedelta
from typing import TYPE_CHECKING

import dagster as dg

from rfm_assets.config import in_force
from rfm_assets.contracts import gold
from rfm_assets.contracts import ml as contract
from rfm_assets.ml.checks import CHECKS
from rfm_assets.ml.metadata import figures_and_picture
from rfm_assets.ml.scratch import Scratch
from rfm_assets.ml.settings import ClusterSettings
from rfm_assets.partitions import days_between, run_days
from rfm_assets.tables.reads import days_and_the_one_before, same_days
from rfm_assets.tables.table_asset import table_asset, tables_asset
from rfm_assets.warehouse.conformance import tables_must_exist
from rfm_assets.warehouse.engine import Engine
from rfm_assets.warehouse.query import Query, sql
from rfm_assets.warehouse.stored import rows_if_stored

if TYPE_CHECKING:
    from rfm_assets.ml.state import State

_KIND = "scikitlearn"
TABLES = (
    contract.CUSTOMER_CLUSTERS,
    contract.CLUSTER_SELECTION,
    contract.CLUSTER_SUMMARY,
    contract.CLUSTER_EVENTS,
    contract.CLUSTER_STATE,
)
SETTINGS = ClusterSettings(refit=in_force.clusters().refit)
CUSTOMERS = "CustomerID, MaxInvoiceDate, Recency, Frequency, CAST(Monetary AS DOUBLE) AS Monetary"


@tables_asset(
    TABLES,
    reads={"customer_rfm": same_days(gold.CUSTOMER_RFM)},
    checks=CHECKS,
    kind=_KIND,
    depends_on=(SETTINGS,),
)
def clusters(context: dg.AssetExecutionContext, warehouse: Engine, customer_rfm: Query) -> tuple[Query, ...]:
    """Groups similar customers of each day with K-Means; the data choose the number of groups.

    Outliers in spending or orders are set apart first. A range of days is clustered several days at a time, or, with
    steady clusters, day by day from the stored state of the day before.
    """
    from rfm_assets.ml.days import cluster_days

    scratch, (first, last) = Scratch(), run_days(context)
    customer_rfm = customer_rfm.bind(first, last)
    with warehouse.connect(read_only=True) as connection, tables_must_exist(contract.CUSTOMER_CLUSTERS):
        scratch.take(connection, gold.CUSTOMER_RFM, customer_rfm)
    before = _state_of(warehouse, first - timedelta(days=1)) if SETTINGS.refit == "steady" else None
    warehouse.release()  # clustering takes a while
    customers = scratch.each_day(gold.CUSTOMER_RFM, days_between(first, last), columns=CUSTOMERS)
    for day, found in cluster_days(customers, SETTINGS, workers=os.cpu_count() or 1, before=before):
        for table, rows in zip(TABLES, found.rows(day), strict=True):
            if len(rows) or day == first:  # gives the columns if no day has rows
                scratch.add(table, str(day), rows)
        said = figures_and_picture(day, found, with_picture=day == last)
        context.add_asset_metadata(said, contract.CUSTOMER_CLUSTERS.asset_key, str(day))
    label, selection, summary, events, state = map(scratch.rows, TABLES)
    labelled = sql(__package__, "customer_clusters", customer_rfm=customer_rfm, label=label, summary=summary)
    return labelled, selection, summary, events, state


def _state_of(warehouse: Engine, day: date) -> "State | None":
    """The stored state of a day for the next day's clusters; None if there is none."""
    from rfm_assets.ml.state import STORED, state_of

    select = f"SELECT {', '.join(STORED)} FROM {contract.CLUSTER_STATE.address} WHERE as_of_date = DATE '{day}'"
    return state_of(rows_if_stored(warehouse, contract.CLUSTER_STATE, select))


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
    """How far each day's clusters agree with those of the day before, whatever their numbers.

    A day has no row if the day before is not stored.
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
