"""Clusters some days of a warehouse with the pipeline's own functions, for clusters.py.

python benchmarks/clusters_ours.py WAREHOUSE daily|steady DAY...

Steady clusters go from one of the days to the next, the first starting afresh.
"""

import os
import sys
from datetime import date

import duckdb
import pandas as pd

from rfm_assets.contracts.gold import CUSTOMER_RFM
from rfm_assets.ml.assets import CUSTOMERS
from rfm_assets.ml.days import cluster_days
from rfm_assets.ml.settings import ClusterSettings

with duckdb.connect(sys.argv[1], read_only=True) as connection:
    days = (
        (
            date.fromisoformat(day),
            connection.execute(
                f"SELECT {CUSTOMERS} FROM {CUSTOMER_RFM.address} WHERE as_of_date = DATE '{day}' ORDER BY CustomerID"
            ).df(),
        )
        for day in sys.argv[3:]
    )
    found = cluster_days(days, ClusterSettings(refit=sys.argv[2]), workers=os.cpu_count() or 1)
    ours = pd.concat([of_day.customer_clusters[["as_of_date", "CustomerID", "Cluster"]] for _, of_day in found])
    duckdb.execute("COPY ours TO 'ours.parquet'")
