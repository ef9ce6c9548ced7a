"""Clusters one day of made-up customers, 1,000,000 or as many as are asked for, for clusters.py.

python benchmarks/clusters_million.py [CUSTOMERS]
"""

import os
import sys
from datetime import date

import numpy as np
import pandas as pd

from rfm_assets.ml.clustering import cluster_day

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
DAY = date(2026, 1, 31)

draw = np.random.default_rng(42)
frequency = 1 + draw.negative_binomial(0.6, 0.15, COUNT)  # a shop's long tail
recency = draw.integers(0, 300, COUNT)
customers = pd.DataFrame(
    {
        "CustomerID": [f"{number:07d}" for number in range(COUNT)],
        "MaxInvoiceDate": pd.Timestamp(DAY) - pd.to_timedelta(recency, unit="D"),
        "Recency": recency,
        "Frequency": frequency,
        "Monetary": np.round(frequency * np.exp(draw.normal(4.5, 1, COUNT)), 2),
    }
)
found = cluster_day(DAY, customers, threads=os.cpu_count() or 1)
print(found.chosen_k, found.silhouette, found.silhouette_customers)
