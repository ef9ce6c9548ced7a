"""Clusters one day: sets outliers apart, then clusters, numbers and names the rest."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.preprocessing import StandardScaler

from rfm_assets.ml import steady
from rfm_assets.ml.numbering import Event, event_rows, renumbered
from rfm_assets.ml.outliers import outlier_classes
from rfm_assets.ml.selection import figures_of, select_k
from rfm_assets.ml.settings import ClusterSettings
from rfm_assets.ml.state import State, state_rows
from rfm_assets.ml.summary import summarise
from rfm_assets.ml.threads import Mapper, one_thread_each

CUSTOMER_COLUMNS = ("CustomerID", "MaxInvoiceDate", "Recency", "Frequency", "Monetary")
FEATURES = ("Monetary", "Frequency", "Recency")  # the order matters: K-Means adds up distances column by column


@dataclass(frozen=True)
class DayClusters:
    """The result of one day's clustering: the frames of the ml tables, and figures about them.

    Attributes:
        customer_clusters: one row per customer, sorted by CustomerID.
        cluster_selection: one row per k tried; empty when nothing was clustered.
        cluster_summary: one row per cluster, outlier classes first.
        chosen_k: the chosen number of clusters; None when nothing was clustered.
        silhouette: how well separated these are, -1 to 1; None when nothing was clustered.
        silhouette_customers: the number of customers that the silhouettes were measured on.
        silhouette_is_sampled: whether these are a sample, because there are too many customers.
        unclustered_because: why nothing was clustered, in a sentence; None when something was.
        events: how steady clusters came and went; empty if clusters are refitted daily.
        state: where the next day's steady clusters start; None if clusters are refitted daily.
    """

    customer_clusters: pd.DataFrame
    cluster_selection: pd.DataFrame
    cluster_summary: pd.DataFrame
    chosen_k: int | None = None
    silhouette: float | None = None
    silhouette_customers: int = 0
    silhouette_is_sampled: bool = False
    unclustered_because: str | None = None
    events: tuple[Event, ...] = ()
    state: State | None = None

    def rows(self, day: date) -> tuple[pd.DataFrame, ...]:
        """The rows of the ml tables that a day's clusters fill, in the asset's order."""
        labels = self.customer_clusters[["as_of_date", "CustomerID", "Cluster"]]
        events, state = of_day(day, event_rows(self.events)), of_day(day, state_rows(self.state))
        return labels, self.cluster_selection, self.cluster_summary, events, state


def cluster_day(
    day: date, customers: pd.DataFrame, settings: ClusterSettings | None = None, *, threads: int = 1
) -> DayClusters:
    """Clusters the customers of one day, with the same result on any number of threads.

    Takes CustomerID, MaxInvoiceDate, Recency, Frequency and Monetary (as float), one row per customer in any order.
    With too few distinct customers besides the outliers, they form cluster 0 and the selection is empty.
    """
    with one_thread_each(threads) as each:
        return clusters_of(day, customers, settings or ClusterSettings(), each=each)


def clusters_of(
    day: date, customers: pd.DataFrame, settings: ClusterSettings, *, each: Mapper, before: State | None = None
) -> DayClusters:
    """Implements `cluster_day`, inside `one_thread_each`.

    Steady clusters continue from the state of the day `before`. A day that cannot be clustered passes it on unchanged.
    """
    customers = in_order(customers)
    monetary, frequency = (customers[name].to_numpy(dtype=float) for name in FEATURES[:2])
    labels = outlier_classes(monetary, frequency, fence=settings.fence)
    inside = labels == 0
    measures = customers.loc[inside, list(FEATURES)].to_numpy(dtype=float)
    reason = too_few(measures, settings, outliers=len(customers) - len(measures))
    if reason:
        frames = frames_of(day, customers.assign(Cluster=labels), figures_of(()))
        return DayClusters(*frames, unclustered_because=reason, state=before)
    if settings.refit == "steady":
        fit = steady.refit(measures, settings, before, each=each)
        selection, labels[inside], events, state = fit.selection, fit.numbers, fit.events, fit.state
    else:
        selection, events, state = select_k(standardised(measures), settings, each=each), (), None
        labels[inside] = renumbered(selection.labels, measures)
    return DayClusters(
        *frames_of(day, customers.assign(Cluster=labels), selection.figures),
        chosen_k=selection.k,
        silhouette=selection.silhouette,
        silhouette_customers=selection.silhouette_customers,
        silhouette_is_sampled=selection.silhouette_customers < len(measures),
        events=events,
        state=state,
    )


def in_order(customers: pd.DataFrame) -> pd.DataFrame:
    """Sorts customers by CustomerID, on which the starts of K-Means depend; sorted ones pass unchanged."""
    if customers["CustomerID"].is_monotonic_increasing:
        return customers.reset_index(drop=True)
    return customers.sort_values("CustomerID", ignore_index=True)


def too_few(measures: NDArray[np.float64], settings: ClusterSettings, *, outliers: int) -> str | None:
    """Why these customers cannot be clustered; None when they can."""
    distinct = len(pd.DataFrame(measures).drop_duplicates())
    if distinct >= settings.fewest_points:
        return None
    return (
        f"Too few customers to cluster: {distinct} distinct ones (by {', '.join(FEATURES)}) besides {outliers} "
        f"outliers, and up to {settings.largest_k} clusters need {settings.fewest_points}."
    )


def standardised(measures: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scales each measure to mean 0 and standard deviation 1; a constant measure becomes 0."""
    points: NDArray[np.float64] = StandardScaler().fit_transform(measures)
    return points


def frames_of(
    day: date, customers: pd.DataFrame, figures: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Lays out the day's rows of customer_clusters, cluster_selection and cluster_summary."""
    summary = summarise(customers)
    texts = summary.set_index("Cluster")[["Cluster_Description", "Cluster_Recommendation"]]
    clusters = customers[[*CUSTOMER_COLUMNS, "Cluster"]].join(texts, on="Cluster")
    return of_day(day, clusters), of_day(day, figures), of_day(day, summary)


def of_day(day: date, frame: pd.DataFrame) -> pd.DataFrame:
    """Adds the as-of date as the first column of a day's rows."""
    frame.insert(0, "as_of_date", pd.Series(pd.Timestamp(day), index=frame.index, dtype="datetime64[s]"))
    return frame
