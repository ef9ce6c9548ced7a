"""Holds the clusters' customers in space to where they belong, and the turning of them to geometry."""

import numpy as np
import pandas as pd
import pytest

from rfm_assets.dashboard.figures.space import TURNS, seen, space
from rfm_assets.dashboard.snapshot import current
from rfm_assets_tests.dashboard.shop import LAST_DAY, charts, open_page

RIGHT, BACK, UP, MIDDLE = [1, 0.5, 0.5], [0.5, 1, 0.5], [0.5, 0.5, 1], [0.5, 0.5, 0.5]


def test_nothing_is_turned_at_first_and_what_is_at_the_back_is_seen_higher() -> None:
    right, back, up, middle = seen(np.array([RIGHT, BACK, UP, MIDDLE], float), 0).tolist()
    assert right == [0.5, 0]
    assert back[0] == 0 < back[1] < up[1]
    assert middle == [0, 0]


def test_a_quarter_of_a_turn_brings_the_right_to_the_back_and_the_back_to_the_left() -> None:
    places = np.array([RIGHT, BACK, UP], float)
    before, after = seen(places, 0), seen(places, 90)
    assert after[0] == pytest.approx(before[1])
    assert after[1] == pytest.approx(-before[0])
    assert after[2] == pytest.approx(before[2])


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("outliers", [False, True])
def test_every_customer_is_in_the_series_of_its_cluster_with_its_values(outliers: bool) -> None:  # noqa: FBT001
    clusters = current().frame("clusters", as_of=LAST_DAY)
    clusters = clusters if outliers else clusters[clusters["Cluster"] >= 0]
    sample = current().frame("clusters_sample", as_of=LAST_DAY, each=10)
    sample = sample[sample["Cluster"].isin(clusters["Cluster"])]
    drawn = space(sample, clusters)["baseOption"]
    assert len({series["name"] for series in drawn["series"] if "name" in series}) == len(clusters)
    for number, dataset in zip(clusters["Cluster"], drawn["dataset"], strict=True):
        customers = sample[sample["Cluster"] == number]
        rows = pd.DataFrame(dataset["source"], columns=dataset["dimensions"])
        assert list(rows["customer"]) == list(customers["CustomerID"])
        assert list(rows["Frequency"]) == [f"{orders:,}" for orders in customers["Frequency"]]
        places = rows.drop(columns=["customer", "Recency", "Frequency", "Monetary"]).to_numpy(float)
        assert places.shape == (len(customers), 2 * len(TURNS))
        assert np.abs(places).max() < 0.9


def test_who_spends_more_is_seen_higher_whatever_the_turn() -> None:
    clusters = pd.DataFrame({"Cluster": [0], "Cluster_Description": ["Gold Champions"]})
    sample = pd.DataFrame(
        {"Cluster": 0, "CustomerID": ["a", "b"], "Recency": 5, "Frequency": 3, "Monetary": [10.0, 900.0]}
    )
    (dataset,) = space(sample, clusters)["baseOption"]["dataset"]
    rows = pd.DataFrame(dataset["source"], columns=dataset["dimensions"])
    for turn in TURNS:
        poor, rich = rows[f"y{turn}"]
        assert poor < rich
        assert rows[f"x{turn}"].min() == rows[f"x{turn}"].max()


@pytest.mark.usefixtures("published")
def test_each_turn_shows_the_points_the_cube_and_what_its_axes_are() -> None:
    (drawn,) = (chart for chart in charts(open_page("clusters")) if "baseOption" in chart)
    assert len(drawn["options"]) == len(TURNS) == len(drawn["baseOption"]["timeline"]["data"])
    for option in drawn["options"]:
        *points, edges, texts = option["series"]
        assert len(points) == len(drawn["baseOption"]["dataset"])
        assert len(edges["data"]) == 12
        assert {"days ago", "orders", "spent"} < {text["value"][2] for text in texts["data"]}
