"""Summarises clusters: a row each with customers, averages, medians, and the name."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rfm_assets.ml.naming import RECOMMENDATIONS, Medians, cluster_name

MEASURES = ("Monetary", "Frequency", "Recency")


def summarise(customers: pd.DataFrame) -> pd.DataFrame:
    """Summarises customers by their column Cluster, in its order; averages and medians rounded half up to 2 decimals.

    Names compare unrounded medians.
    """
    clusters = customers.groupby("Cluster")[list(MEASURES)]
    averages, medians = clusters.mean(), clusters.median()
    overall = Medians(*customers[list(MEASURES)].median())
    names = [cluster_name(Medians(*middle), overall) for middle in medians.itertuples(index=False)]
    columns = {"Cluster": medians.index.astype("int32"), "Count": clusters.size().to_numpy(dtype="int64")}
    for measure in MEASURES:
        columns[f"Avg_{measure}"] = rounded(averages[measure])
        columns[f"Med_{measure}"] = rounded(medians[measure])
    columns["Cluster_Description"] = pd.Series(names, dtype="object")
    columns["Cluster_Recommendation"] = pd.Series([RECOMMENDATIONS[name] for name in names], dtype="object")
    return pd.DataFrame(columns)


def rounded(figures: Iterable[float]) -> NDArray[np.float64]:
    """Rounds each figure half up to 2 decimals."""
    return np.array([half_up(figure) for figure in figures], dtype=float)


def half_up(value: float) -> float:
    """Rounds to 2 decimals, exact halves away from zero.

    A binary fraction may be just below its decimal (2.675 is 2.67499...), so it is first rounded to eight decimals.
    """
    return float(Decimal(f"{value:.8f}").quantize(Decimal("0.01"), ROUND_HALF_UP))
