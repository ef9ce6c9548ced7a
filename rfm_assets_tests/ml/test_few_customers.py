"""Any set of customers gives a defined day, without a warning or a crash."""

import pandas as pd
import pytest

from rfm_assets.ml.clustering import cluster_day
from rfm_assets_tests.ml.crowds import DAY, customer, customers


def different(count: int) -> pd.DataFrame:
    """Customers that differ only in spend, in steps too even for outliers."""
    return customers(*(customer(f"C{number:03d}", monetary=number) for number in range(count)))


@pytest.mark.parametrize(
    "rows",
    [customers(), customers(customer()), customers(*(customer(f"C{n}") for n in range(50))), different(12)],
    ids=["none", "one", "all equal", "twelve"],
)
def test_too_few_different_customers_make_one_cluster_and_say_so(rows: pd.DataFrame) -> None:
    clusters = cluster_day(DAY, rows)
    assert clusters.customer_clusters["Cluster"].tolist() == [0] * len(rows)
    assert clusters.cluster_summary["Count"].tolist() == ([len(rows)] if len(rows) else [])
    assert clusters.cluster_selection.empty
    assert (clusters.chosen_k, clusters.silhouette) == (None, None)
    distinct = rows["Monetary"].nunique()
    assert clusters.unclustered_because.startswith(f"Too few customers to cluster: {distinct} distinct ones")


def test_outliers_are_classed_even_where_the_rest_is_too_few() -> None:
    rows = pd.concat([different(12), customers(customer("X", monetary=1e6))])
    clusters = cluster_day(DAY, rows)
    assert clusters.cluster_summary["Cluster"].tolist() == [-1, 0]
    assert "12 distinct ones" in clusters.unclustered_because
    assert "besides 1 outliers" in clusters.unclustered_because


def test_thirteen_different_customers_are_enough() -> None:
    clusters = cluster_day(DAY, different(13))
    assert clusters.cluster_selection["k"].tolist() == list(range(2, 13))
    assert clusters.unclustered_because is None


def test_customers_that_differ_by_less_than_rounding_still_give_a_result() -> None:
    near = [side + step / 100 for side in (0.0, 1e9) for step in range(7)]
    rows = customers(*(customer(f"C{number:02d}", monetary=spend) for number, spend in enumerate(near)))
    clusters = cluster_day(DAY, rows)
    assert clusters.cluster_summary["Count"].tolist() == [7, 7]
