"""The 3D scatter puts every customer in the series of its cluster and rotates correctly."""

from itertools import pairwise
from math import log

import numpy as np
import pandas as pd
import pytest

from rfm_assets.dashboard.cluster_labels import colours
from rfm_assets.dashboard.figures.scatter_3d import TURNS, seen, space
from rfm_assets.dashboard.published_copy import current
from rfm_assets_tests.dashboard.shop import LAST_DAY, charts, open_page

RIGHT, BACK, UP, MIDDLE = [1, 0.5, 0.5], [0.5, 1, 0.5], [0.5, 0.5, 1], [0.5, 0.5, 0.5]
ONE_CLUSTER = pd.DataFrame({"Cluster": [0], "Cluster_Description": ["Gold Champions"]})


def customers(spent: list[float], cluster: int = 0) -> pd.DataFrame:
    names = [f"{cluster}-{place}" for place in range(len(spent))]
    return pd.DataFrame({"Cluster": cluster, "CustomerID": names, "Recency": 5, "Frequency": 3, "Monetary": spent})


def rows_of(dataset: dict[str, list[object]]) -> pd.DataFrame:
    return pd.DataFrame(dataset["source"], columns=pd.Index(dataset["dimensions"]))


def test_nothing_is_turned_at_first_and_what_is_at_the_back_is_seen_higher() -> None:
    right, back, up, middle = seen(np.array([RIGHT, BACK, UP, MIDDLE], float), 0).tolist()
    assert right == [500, 0]
    assert back[0] == 0 < back[1] < up[1]
    assert middle == [0, 0]


def test_a_quarter_of_a_turn_brings_the_right_to_the_back_and_the_back_to_the_left() -> None:
    before, after = (seen(np.array([RIGHT, BACK, UP], float), turn).tolist() for turn in (0, 90))
    assert after[0] == before[1]
    assert after[1] == [-before[0][0], before[0][1]]
    assert after[2] == before[2]


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("outliers", [False, True])
def test_every_customer_is_in_the_series_of_its_cluster_with_its_values(outliers: bool) -> None:  # noqa: FBT001
    clusters = current().frame("clusters", as_of=LAST_DAY)
    clusters = clusters if outliers else clusters[clusters["Cluster"] >= 0]
    sample = current().frame("clusters_sample", as_of=LAST_DAY, each=10)
    drawn = space(sample[sample["Cluster"].isin(clusters["Cluster"])], clusters)["baseOption"]
    named = [series for series in drawn["series"] if "name" in series]
    for cluster, series in zip(clusters.to_dict("records"), named, strict=True):
        assert series["name"].startswith(f"{cluster['Cluster_Description']}, ")
        assert series["color"] == colours(clusters)[cluster["Cluster"]]
        of_it, rows = sample[sample["Cluster"] == cluster["Cluster"]], rows_of(drawn["dataset"][series["datasetIndex"]])
        assert list(rows["customer"]) == list(of_it["CustomerID"])
        assert list(rows["Frequency"]) == [f"{orders:,}" for orders in of_it["Frequency"]]


@pytest.mark.parametrize("turn", TURNS)
def test_who_spends_more_is_seen_higher_whatever_the_turn(turn: int) -> None:
    (dataset,) = space(customers([0.0, 450.0, 900.0]), ONE_CLUSTER)["baseOption"]["dataset"]
    rows = rows_of(dataset)
    lower, higher = (after - before for before, after in pairwise(rows[f"y{turn}"]))
    assert 0 < lower == pytest.approx(higher, abs=1)
    assert rows[f"x{turn}"].min() == rows[f"x{turn}"].max()


def test_with_outliers_ten_times_as_much_is_always_as_much_higher() -> None:
    clusters = pd.DataFrame({"Cluster": [-1, 0], "Cluster_Description": ["Platinum Champions", "Bronze New"]})
    sample = pd.concat([customers([100_000.0], cluster=-1), customers([1.0, 10.0, 100.0])])
    outlier, others = map(rows_of, space(sample, clusters)["baseOption"]["dataset"])
    one, ten, hundred = others["y0"]
    (most,) = outlier["y0"]
    assert (hundred - one) / (most - one) == pytest.approx(log(100) / log(100_000), abs=0.01)
    assert ten - one == pytest.approx(hundred - ten, abs=1)


@pytest.mark.usefixtures("published")
def test_each_turn_shows_the_points_the_cube_and_what_its_axes_are() -> None:
    (drawn,) = (chart for chart in charts(open_page("clusters")) if "baseOption" in chart)
    assert len(drawn["options"]) == len(TURNS) == len(drawn["baseOption"]["timeline"]["data"])
    for turn, option in zip(TURNS, drawn["options"], strict=True):
        *points, edges, texts = option["series"]
        assert len(points) == len(drawn["baseOption"]["dataset"])
        assert len(edges["data"]) == 12
        assert drawn["baseOption"]["series"][-1]["itemStyle"]["opacity"] == 1  # the texts'
        *floor, least, half, most = (text["value"] for text in texts["data"])
        assert least[1] < half[1] < most[1]
        assert (least[2], half[2].split("\n")[1]) == ("£0", "spent")
        units = [text.split("\n")[1] for _, _, text in floor[1::3]]
        assert units == (["days ago", "orders"] if turn % 90 in {30, 45, 60} else units[:1])
