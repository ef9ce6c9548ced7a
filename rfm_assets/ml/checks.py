"""Checks that every customer is in one cluster, and that the clusters are worth reading."""

from collections.abc import Mapping, Sequence

from rfm_assets.contracts import Table
from rfm_assets.contracts.gold import CUSTOMER_RFM
from rfm_assets.contracts.ml import (
    CLUSTER_SELECTION,
    CLUSTER_STABILITY,
    CLUSTER_STATE,
    CLUSTER_SUMMARY,
    CUSTOMER_CLUSTERS,
)
from rfm_assets.tables.check import WARN, Check, customers_are_those_of, days_of, no_row_where

# Below a quarter, the groups are hardly more than a cut through one cloud (Kaufman and Rousseeuw, 1990).
LOWEST_SILHOUETTE = 0.25
LOWEST_AGREEMENT = 0.8

EVERY_CUSTOMER_HAS_ONE_CLUSTER = customers_are_those_of(
    CUSTOMER_RFM,
    CUSTOMER_CLUSTERS,
    name="every_customer_has_one_cluster",
    promise="Every customer of customer_rfm is in a cluster or outlier class, and nobody else is. key_is_unique checks "
    "that it is only one.",
)

SIZES_ADD_UP = Check(
    "sizes_add_up",
    "Each cluster's count is the number of customers in it.",
    broken=f"""
        SELECT as_of_date, Cluster, counted, summary.Count AS in_summary FROM (
            SELECT as_of_date, Cluster, count(*) AS counted
            FROM {CUSTOMER_CLUSTERS.address} WHERE {days_of(CUSTOMER_CLUSTERS)} GROUP BY as_of_date, Cluster
        ) AS clusters
        FULL JOIN (
            SELECT as_of_date, Cluster, Count FROM {CLUSTER_SUMMARY.address} WHERE {days_of(CLUSTER_SUMMARY)}
        ) AS summary USING (as_of_date, Cluster)
        WHERE counted IS DISTINCT FROM summary.Count AND as_of_date NOT IN ($thinned)""",
)

ONE_K_IS_CHOSEN = Check(
    "one_k_is_chosen",
    "Each day with clusters has one chosen number of clusters, the one with the highest score. Steady clusters may "
    "keep another.",
    broken=f"""
        SELECT as_of_date, clusters, chosen, score, best_score FROM (
            SELECT as_of_date, count(*) AS clusters
            FROM {CLUSTER_SUMMARY.address} WHERE {days_of(CLUSTER_SUMMARY)} AND Cluster >= 0 GROUP BY as_of_date
        ) AS found
        FULL JOIN (
            SELECT as_of_date, count(*) FILTER (WHERE chosen) AS chosen, max(k) FILTER (WHERE chosen) AS chosen_k,
                max(combined_score) FILTER (WHERE chosen) AS score, max(combined_score) AS best_score
            FROM {CLUSTER_SELECTION.address} WHERE {days_of(CLUSTER_SELECTION)} GROUP BY as_of_date
        ) AS selection USING (as_of_date)
        LEFT JOIN (
            SELECT as_of_date, count(Cluster) AS steady_k
            FROM {CLUSTER_STATE.address} WHERE {days_of(CLUSTER_STATE)} GROUP BY as_of_date
        ) AS state USING (as_of_date)
        WHERE chosen <> 1 OR (score <> best_score AND chosen_k IS DISTINCT FROM steady_k)
            OR (chosen IS NULL AND clusters > 1)""",  # too few customers form one cluster, without a choice
)

CLUSTERS_ARE_APART = no_row_where(
    CLUSTER_SELECTION,
    f"chosen AND silhouette_score < {LOWEST_SILHOUETTE}",
    name="clusters_are_apart",
    promise=f"The chosen clusters have a silhouette of at least {LOWEST_SILHOUETTE}; below that, do not act on them.",
    severity=WARN,
)

CLUSTERS_ARE_STEADY = no_row_where(
    CLUSTER_STABILITY,
    f"k IS DISTINCT FROM previous_k OR matched_agreement < {LOWEST_AGREEMENT}",
    name="clusters_are_steady",
    promise=f"The number of clusters equals the day before's, and at least {LOWEST_AGREEMENT:.0%} of customers "
    "stayed in the matching cluster. Compare the days before acting on a customer's move.",
    severity=WARN,
)

CHECKS: Mapping[Table, Sequence[Check]] = {
    CUSTOMER_CLUSTERS: (EVERY_CUSTOMER_HAS_ONE_CLUSTER,),
    CLUSTER_SELECTION: (ONE_K_IS_CHOSEN, CLUSTERS_ARE_APART),
    CLUSTER_SUMMARY: (SIZES_ADD_UP,),
    CLUSTER_STABILITY: (CLUSTERS_ARE_STEADY,),
}
