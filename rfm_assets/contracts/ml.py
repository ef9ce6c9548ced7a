"""Machine learning: similar customers grouped, as of each day."""

from rfm_assets.contracts.gold import FREQUENCY, KIND, MONETARY
from rfm_assets.contracts.table import Column, Table

_AS_OF = Column("as_of_date", "DATE", "The day that the row describes; later deliveries do not count.", nullable=False)
_CLUSTER = Column(
    "Cluster",
    "INTEGER",
    "0 and up by ascending median spending; steady clusters keep theirs. Outliers in spending -1, orders -2, both -3.",
    nullable=False,
)
_NAME = Column("Cluster_Description", "VARCHAR", "The cluster's name, from its medians.", nullable=False)
_ADVICE = Column("Cluster_Recommendation", "VARCHAR", "What marketing can do for it.", nullable=False)


def _figure(name: str, meaning: str) -> Column:
    return Column(name, "DOUBLE", meaning, nullable=False)


CUSTOMER_CLUSTERS = Table(
    "ml.customer_clusters",
    "Every customer in exactly one cluster or outlier class, as of each day.",
    (
        _AS_OF,
        Column("CustomerID", "VARCHAR", "The customer.", nullable=False),
        Column("MaxInvoiceDate", "DATE", "Day of the last purchase, returned or not.", nullable=False),
        Column("Recency", "INTEGER", "Days from the last purchase to the as-of date.", nullable=False),
        FREQUENCY,
        MONETARY,
        _CLUSTER,
        _NAME,
        _ADVICE,
    ),
    key=("as_of_date", "CustomerID"),
)

CLUSTER_SELECTION = Table(
    "ml.cluster_selection",
    "How each candidate number of clusters scored, as of each day; empty if there were too few customers.",
    (
        _AS_OF,
        Column("k", "INTEGER", "The number of clusters tried.", nullable=False),
        _figure("silhouette_score", "How well separated the clusters are, -1 to 1."),
        _figure("inertia", "Summed squared distances to the cluster centres."),
        _figure("elbow_distance", "How far the inertia curve lies from a straight line here."),
        _figure("combined_score", "Silhouette and elbow, each relative to its best, weighted 0.6 and 0.4."),
        Column("chosen", "BOOLEAN", "Whether this k won.", nullable=False),
    ),
    key=("as_of_date", "k"),
)

CLUSTER_SUMMARY = Table(
    "ml.cluster_summary",
    "Size, averages and name of each cluster and outlier class that has customers, as of each day.",
    (
        _AS_OF,
        _CLUSTER,
        Column("Count", "BIGINT", "Customers in it.", nullable=False),
        _figure("Avg_Monetary", f"Mean money spent, {KIND}."),
        _figure("Med_Monetary", f"Median money spent, {KIND}."),
        _figure("Avg_Frequency", "Mean invoices."),
        _figure("Med_Frequency", "Median invoices."),
        _figure("Avg_Recency", "Mean days since the last purchase."),
        _figure("Med_Recency", "Median days since the last purchase."),
        _NAME,
        _ADVICE,
    ),
    key=("as_of_date", "Cluster"),
)

CLUSTER_STABILITY = Table(
    "ml.cluster_stability",
    "How far a day's clusters agree with those of the day before, for customers in both.",
    (
        _AS_OF,
        Column("compared_to", "DATE", "The day before.", nullable=False),
        Column("k", "INTEGER", "Clusters of the day, without outlier classes; empty if nothing was clustered."),
        Column("previous_k", "INTEGER", "Clusters of the day before."),
        Column(
            "adjusted_rand_index", "DOUBLE", "Agreement on pairs of customers beyond chance; 1 means identical groups."
        ),
        Column("matched_agreement", "DOUBLE", "Share of customers in matching clusters, whatever their numbers."),
        Column("customers_in_both", "BIGINT", "Customers in both days.", nullable=False),
    ),
    key=("as_of_date",),
)

CLUSTER_EVENTS = Table(
    "ml.cluster_events",
    "Which steady clusters came and went; empty if each day is clustered from scratch.",
    (
        _AS_OF,
        Column(
            "event",
            "VARCHAR",
            "started: a cluster without a predecessor, as on the first day. split: a new cluster out of another. "
            "merged: a cluster is gone, most of it into another. ended: a cluster is gone, with nobody left in it.",
            nullable=False,
        ),
        Column("from_cluster", "INTEGER", "The cluster before; empty if one started."),
        Column("to_cluster", "INTEGER", "The cluster after; empty if one ended."),
        Column("customers", "BIGINT", "The day's customers in both clusters, or in the only one.", nullable=False),
    ),
    key=("as_of_date", "event", "from_cluster", "to_cluster"),
)

CLUSTER_STATE = Table(
    "ml.cluster_state",
    "Where the next day's steady clusters start; empty if each day is clustered from scratch.",
    (
        _AS_OF,
        Column("k", "INTEGER", "The number of clusters tried.", nullable=False),
        Column("centre", "INTEGER", "The centre's index, from 0.", nullable=False),
        _figure("Centre_Monetary", "Its position: money spent."),
        _figure("Centre_Frequency", "Its position: invoices."),
        _figure("Centre_Recency", "Its position: days since the last purchase."),
        Column("Cluster", "INTEGER", "The number of its cluster; empty for a k that is not in use."),
        Column("days_ahead", "INTEGER", "Consecutive days on which this k has beaten the one in use.", nullable=False),
        Column(
            "newest_cluster", "INTEGER", "The highest cluster number so far, retired ones included.", nullable=False
        ),
    ),
    key=("as_of_date", "k", "centre"),
)
