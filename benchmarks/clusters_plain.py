"""Clusters some days of a warehouse as a notebook would, for clusters.py: scikit-learn's silhouette_score for each k.

python benchmarks/clusters_plain.py WAREHOUSE DAY...
"""

import sys

import duckdb
import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import StandardScaler

KS = range(2, 13)


def outliers(values: "pd.Series[float]") -> "pd.Series[bool]":
    """What lies beyond Tukey's fences."""
    low, high = values.quantile(0.25), values.quantile(0.75)
    return (values < low - 1.5 * (high - low)) | (values > high + 1.5 * (high - low))


def clusters(customers: pd.DataFrame) -> pd.DataFrame:
    """The cluster of every customer of a day, as K-Means numbers them."""
    customers["Cluster"] = -1 * outliers(customers["Monetary"]) - 2 * outliers(customers["Frequency"])
    rest = customers.loc[customers["Cluster"] == 0]
    points = StandardScaler().fit_transform(rest[["Monetary", "Frequency", "Recency"]].astype(float).to_numpy())
    models = [KMeans(k, random_state=42, max_iter=1000, n_init="auto").fit(points) for k in KS]
    silhouettes = np.array([silhouette_score(points, model.labels_) for model in models])
    inertias = np.array([model.inertia_ for model in models])
    k, inertia = np.linspace(0, 1, len(KS)), (inertias - inertias.min()) / (inertias.max() - inertias.min())
    elbows = np.abs(1 - k - inertia) / np.sqrt(2)
    best = np.argmax(0.6 * silhouettes / silhouettes.max() + 0.4 * elbows / elbows.max())
    customers.loc[rest.index, "Cluster"] = models[best].labels_
    return customers


found = []
with duckdb.connect(sys.argv[1], read_only=True) as connection:
    for day in sys.argv[2:]:
        select = "SELECT as_of_date, CustomerID, Recency, Frequency, CAST(Monetary AS DOUBLE) AS Monetary"
        of_day = f"{select} FROM gold.customer_rfm WHERE as_of_date = DATE '{day}' ORDER BY CustomerID"
        found.append(clusters(connection.execute(of_day).df()))
plain = pd.concat(found)[["as_of_date", "CustomerID", "Cluster"]]
duckdb.execute("COPY plain TO 'plain.parquet'")
