"""A day's clusters follow the contract and equal a plain loop over scikit-learn, with any number of threads."""

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from rfm_assets.ml.clustering import DayClusters, cluster_day, renumbered
from rfm_assets.ml.settings import ClusterSettings
from rfm_assets_tests.ml.crowds import DAY, crowd, customers

FRAMES = ("customer_clusters", "cluster_selection", "cluster_summary")


def assert_same(one: DayClusters, other: DayClusters) -> None:
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)
    assert (one.chosen_k, one.silhouette) == (other.chosen_k, other.silhouette)


def assert_equals_a_plain_loop(clusters: DayClusters, rows: pd.DataFrame) -> None:
    """Follows the contract literally with scikit-learn, and compares groups of customers and figures."""
    inner = rows[~(tukey(rows["Monetary"]) | tukey(rows["Frequency"]))].sort_values("CustomerID")
    points = StandardScaler().fit_transform(inner[["Monetary", "Frequency", "Recency"]])
    for row in clusters.cluster_selection.itertuples():
        with threadpool_limits(1):  # threads only wait for each other with so few points
            model = KMeans(row.k, random_state=42, max_iter=1000, n_init="auto").fit(points)
            silhouette = silhouette_score(points, model.labels_)
        assert row.inertia == pytest.approx(model.inertia_)
        assert row.silhouette_score == pytest.approx(silhouette, abs=1e-9)
        if row.chosen:
            ours = clusters.customer_clusters.query("Cluster >= 0")
            assert ours["CustomerID"].tolist() == inner["CustomerID"].tolist()
            assert len(set(zip(ours["Cluster"], model.labels_, strict=True))) == row.k


def tukey(values: pd.Series) -> np.ndarray:
    low, high = values.quantile([0.25, 0.75])
    return ~values.between(low - 1.5 * (high - low), high + 1.5 * (high - low)).to_numpy()


def test_a_crowd_gets_the_clusters_of_a_plain_loop_over_scikit_learn() -> None:
    rows = crowd(300)
    assert_equals_a_plain_loop(cluster_day(DAY, rows), rows)


def test_day_one_of_the_real_shop_gets_the_clusters_of_a_plain_loop(real_landing: Path) -> None:
    rows = duckdb.sql(
        f"""
        select replace("Customer ID", '.0', '') as CustomerID, max(InvoiceDate::date) as MaxInvoiceDate,
            0::integer as Recency, count(distinct Invoice) as Frequency,
            sum(Quantity::integer * Price::decimal(10, 2))::double as Monetary
        from read_csv('{real_landing}/2025-06-26_transactions.csv', all_varchar = true, ignore_errors = true)
        where "Customer ID" <> '' and length(Invoice) between 6 and 7 and not starts_with(upper(Invoice), 'C')
            and Quantity::integer > 0 and Price::double >= 0 and regexp_full_match(StockCode, '\\d{{5}}[a-zA-Z]*|PADS')
        group by all
        """
    ).df()
    clusters = cluster_day(DAY, rows)
    assert (len(rows), clusters.chosen_k) == (89, 4)
    assert_equals_a_plain_loop(clusters, rows)


def test_every_customer_is_in_exactly_one_cluster_and_the_sizes_add_up() -> None:
    rows = crowd(300)
    clusters = cluster_day(DAY, rows)
    stored = clusters.customer_clusters
    assert stored["CustomerID"].tolist() == sorted(rows["CustomerID"])
    sizes = clusters.cluster_summary.set_index("Cluster")["Count"].to_dict()
    assert stored["Cluster"].value_counts().to_dict() == sizes
    assert sorted(sizes) == [-3, -2, -1, *range(clusters.chosen_k)]
    named = clusters.cluster_summary[["Cluster", "Cluster_Description", "Cluster_Recommendation"]]
    assert len(stored.merge(named)) == 300


def test_the_diagnostics_are_those_of_the_chosen_row() -> None:
    clusters = cluster_day(DAY, crowd(300))
    chosen = clusters.cluster_selection.query("chosen")
    assert (chosen["k"].item(), chosen["silhouette_score"].item()) == (clusters.chosen_k, clusters.silhouette)
    assert chosen["combined_score"].item() == clusters.cluster_selection["combined_score"].max()
    assert clusters.silhouette_customers == (clusters.customer_clusters["Cluster"] >= 0).sum()
    assert not clusters.silhouette_is_sampled
    assert clusters.unclustered_because is None


def test_many_customers_say_that_their_silhouette_is_sampled() -> None:
    settings = ClusterSettings(exact_silhouette_limit=100, silhouette_sample=100)
    clusters = cluster_day(DAY, crowd(300), settings)
    assert clusters.silhouette_is_sampled
    assert clusters.silhouette_customers == 100


def test_clusters_are_numbered_by_ascending_median_spend() -> None:
    summary = cluster_day(DAY, crowd(500)).cluster_summary.query("Cluster >= 0")
    assert summary["Cluster"].tolist() == list(range(len(summary)))
    assert summary["Med_Monetary"].is_monotonic_increasing


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((1, 9, 0), (2, 1, 9)),  # less spend
        ((5, 1, 0), (5, 2, 9)),  # equal spend, fewer orders
        ((5, 2, 9), (5, 2, 3)),  # and equal orders, longer ago
    ],
)
def test_the_less_valuable_cluster_has_the_lower_number(
    first: tuple[int, int, int], second: tuple[int, int, int]
) -> None:
    measures = np.array([second, first], dtype=float)
    assert renumbered(np.array([0, 1], dtype=np.int32), measures).tolist() == [1, 0]


def test_clusters_alike_in_everything_go_by_their_first_customer() -> None:
    assert renumbered(np.array([7, 3, 7], dtype=np.int32), np.ones((3, 3))).tolist() == [0, 1, 0]


def test_neither_the_order_of_rows_nor_threads_nor_a_second_run_change_anything() -> None:
    rows = crowd(1200)
    clusters = cluster_day(DAY, rows)
    assert_same(clusters, cluster_day(DAY, rows))
    assert_same(clusters, cluster_day(DAY, rows, threads=2))
    assert_same(clusters, cluster_day(DAY, rows.sample(frac=1, random_state=0)))


def test_the_customers_passed_in_are_left_alone() -> None:
    rows = crowd(50)
    before = rows.copy(deep=True)
    cluster_day(DAY, rows)
    pd.testing.assert_frame_equal(rows, before)


@pytest.mark.parametrize("rows", [customers(), crowd(60)], ids=["empty", "crowd"])
def test_the_frames_fit_the_tables_of_the_contract(rows: pd.DataFrame) -> None:
    tables = {
        "customer_clusters": "as_of_date DATE, CustomerID VARCHAR, MaxInvoiceDate DATE, Recency INTEGER,"
        " Frequency BIGINT, Monetary DECIMAL(31,2), Cluster INTEGER, Cluster_Description VARCHAR,"
        " Cluster_Recommendation VARCHAR",
        "cluster_selection": "as_of_date DATE, k INTEGER, silhouette_score DOUBLE, inertia DOUBLE,"
        " elbow_distance DOUBLE, combined_score DOUBLE, chosen BOOLEAN",
        "cluster_summary": "as_of_date DATE, Cluster INTEGER, Count BIGINT, Avg_Monetary DOUBLE, Med_Monetary DOUBLE,"
        " Avg_Frequency DOUBLE, Med_Frequency DOUBLE, Avg_Recency DOUBLE, Med_Recency DOUBLE,"
        " Cluster_Description VARCHAR, Cluster_Recommendation VARCHAR",
    }
    clusters = cluster_day(DAY, rows)
    with duckdb.connect() as connection:
        for table, columns in tables.items():
            frame = getattr(clusters, table)
            connection.register("frame", frame)
            connection.execute(f"create table {table} ({columns})")
            connection.execute(f"insert into {table} by name from frame")
            stored = connection.execute(f"from {table}")
            assert [column[0] for column in stored.description] == list(frame.columns)
            assert {row[0] for row in stored.fetchall()} == ({DAY} if len(frame) else set())
