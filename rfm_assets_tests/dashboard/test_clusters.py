"""The Clusters page shows the stored clusters, a bounded and stable sample of points, and a reason for every gap."""

import re
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random

import pandas as pd
import pytest

from rfm_assets.config.shop_file import Clusters
from rfm_assets.dashboard import cluster_labels
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.chart_links import address_of, table_links, with_choices
from rfm_assets.dashboard.chart_table import BOX, chart_data
from rfm_assets.dashboard.customer_links import cluster_link, customer_link
from rfm_assets.dashboard.figures import clusters as figures
from rfm_assets.dashboard.figures.scatter_3d import space, space_data, space_leads
from rfm_assets.dashboard.published_copy import current
from rfm_assets.ml.settings import ClusterSettings
from rfm_assets_tests.dashboard.conftest import Reads
from rfm_assets_tests.dashboard.shop import CLUSTERED_DAYS, LAST_DAY, cards, changed, open_page, tables, texts

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("published")]


def test_the_cards_are_the_stored_clusters() -> None:
    clusters = current().rows("clusters", as_of=LAST_DAY)
    chosen = next(row for row in current().rows("clusters_selection", as_of=LAST_DAY) if row["chosen"])
    shown = cards(open_page("clusters"))
    assert shown["Clusters"] == str(chosen["k"])
    assert shown["Silhouette"] == f"{chosen['silhouette_score']:.2f}"
    outliers = sum(row["Count"] for row in clusters if row["Cluster"] < 0)
    assert shown["Outliers"].startswith(f"{outliers:,} · ")
    assert shown["Customers"] == cards(open_page("segments"))["Customers"]


def test_the_table_lists_each_cluster_with_its_advice() -> None:
    (table,) = tables(open_page("clusters"))
    stored = current().rows("clusters", as_of=LAST_DAY)
    assert set(zip(*table.values(), strict=True)) == {
        (
            row["Cluster_Description"],
            cluster_labels.which(row["Cluster"]),
            fmt.count(row["Count"]),
            fmt.percent(100 * row["Count"] / sum(one["Count"] for one in stored)),
            fmt.exact_money(row["Med_Monetary"]),
            fmt.count(row["Med_Frequency"]),
            fmt.count(row["Med_Recency"]),
            row["Cluster_Recommendation"],
        )
        for row in stored
    }


def test_outliers_are_drawn_only_when_asked_for() -> None:
    app = open_page("clusters")
    assert "logarithmic" not in texts(app)
    app.toggle(key="clusters_outliers").set_value(True).run()
    assert not app.exception
    assert "logarithmic" in texts(app)


def test_the_points_are_a_bounded_sample_that_is_the_same_whenever_one_looks() -> None:
    few, more = (current().frame("clusters_sample", as_of=LAST_DAY, each=each) for each in (3, 10))
    sizes = {row["Cluster"]: row["Count"] for row in current().rows("clusters", as_of=LAST_DAY)}
    assert few["Cluster"].value_counts().to_dict() == {number: min(3, size) for number, size in sizes.items()}
    assert set(few["CustomerID"]) < set(more["CustomerID"])


def test_the_medians_of_the_boxes_are_those_of_the_table() -> None:
    stored = {row["Cluster"]: row for row in current().rows("clusters", as_of=LAST_DAY)}
    boxes = current().rows("clusters_spread", as_of=LAST_DAY)
    assert len(boxes) == 3 * len(stored)
    for box in boxes:
        assert box["median"] == pytest.approx(stored[box["Cluster"]][f"Med_{box['measure']}"])
        assert box["low"] <= box["q1"] <= box["median"] <= box["q3"] <= box["high"]


@pytest.mark.parametrize("measure", cluster_labels.MEASURES)
def test_each_cluster_has_a_box_for_each_measure(measure: str) -> None:
    clusters = current().frame("clusters", as_of=LAST_DAY)
    measured = current().frame("clusters_spread", as_of=LAST_DAY)
    figure = figures.spread(measured, clusters, measure)
    assert [label.split("\n")[1] for label in figure["yAxis"]["data"]] == [
        cluster_labels.which(number) for number in clusters["Cluster"]
    ]
    medians = measured[measured["measure"] == measure].set_index("Cluster")["median"]
    assert [box["value"][2] for box in figure["series"][0]["data"]] == [medians[one] for one in clusters["Cluster"]]


def test_the_chosen_number_is_marked_in_each_curve() -> None:
    tried = current().frame("clusters_selection", as_of=LAST_DAY)
    (chosen,) = tried.loc[tried["chosen"], "k"]
    for score in figures.SCORES:
        (curve,) = figures.selection(tried, score)["series"]
        assert curve["data"] == [[str(k), number] for k, number in zip(range(2, 13), tried[score], strict=True)]
        assert curve["markLine"]["data"][0] == {"xAxis": str(chosen)}


def test_a_day_on_which_the_number_of_clusters_changed_is_marked_with_both_numbers() -> None:
    days = pd.DataFrame(
        {
            "day": pd.to_datetime(["2025-09-01", "2025-09-02", "2025-09-03"]),
            "k": [4, 4, 5],
            "previous_k": [None, 4, 4],
            "adjusted_rand_index": [None, 0.9, 0.5],
            "matched_agreement": [None, 0.95, 0.6],
        }
    )
    pairs, customers = figures.stability(days.iloc[1:])["series"]
    assert pairs["data"] == [["2025-09-02", 90], ["2025-09-03", 50]]
    assert customers["markPoint"]["data"] == [{"coord": ["2025-09-03", 60], "name": "3 Sep 2025: from 4 to 5 clusters"}]


def test_the_box_of_a_cluster_says_what_its_ends_are() -> None:
    clusters = current().frame("clusters", as_of=LAST_DAY)
    measured = current().frame("clusters_spread", as_of=LAST_DAY)
    (box, *_) = figures.spread(measured, clusters, "Recency")["series"][0]["data"]
    low, quarter, median, three_quarters, high = map(fmt.count, box["value"])
    assert box["tooltip"]["formatter"].split("<br>")[1:] == [
        f"median {median}",
        f"half from {quarter} to {three_quarters}",
        f"nine of ten from {low} to {high}",
    ]


def test_a_box_and_each_of_its_numbers_lead_to_the_customers_of_its_cluster() -> None:
    clusters = current().frame("clusters", as_of=LAST_DAY)
    clusters["to"] = [cluster_link(LAST_DAY, number) for number in clusters["Cluster"]]
    option = figures.spread(current().frame("clusters_spread", as_of=LAST_DAY), clusters, "Monetary")
    leads = figures.box_leads(clusters)
    for place, to in enumerate(clusters["to"]):
        assert address_of(option, [{"series_index": 0, "data_type": "main", "data_indices": [place]}], leads) == to
    assert table_links(chart_data(option), leads) == dict.fromkeys(BOX, clusters["to"].tolist())


def test_a_point_leads_to_its_customer_and_its_numbers_to_those_of_its_cluster() -> None:
    clusters = current().frame("clusters", as_of=LAST_DAY)
    clusters["to"] = [cluster_link(LAST_DAY, number) for number in clusters["Cluster"]]
    sample = current().frame("clusters_sample", as_of=LAST_DAY, each=10)
    option, leads = space(sample, clusters), space_leads(clusters, partial(customer_link, LAST_DAY))
    for place, cluster in enumerate(clusters["Cluster"]):
        third = sample.loc[sample["Cluster"] == cluster, "CustomerID"].iloc[2]
        chosen = [{"series_index": place, "data_type": "main", "data_indices": [2]}]
        assert address_of(option, chosen, leads) == customer_link(LAST_DAY, third)
    of_its_cluster = [cluster_link(LAST_DAY, number) for number in sample["Cluster"]]
    assert table_links(space_data(sample), leads) == dict.fromkeys(("Recency", "Frequency", "Monetary"), of_its_cluster)
    assert {series["selectedMode"] for series in with_choices(option)["baseOption"]["series"]} == {"single"}


def test_the_data_of_the_points_open_and_name_nobody() -> None:
    app = open_page("clusters")
    app.session_state["clusters_space_data"] = True
    app.run()
    assert not app.exception
    (points,) = (table for table in tables(app) if "Cluster" in table)
    assert list(points) == ["Cluster", "Recency", "Frequency", "Monetary"]


def test_clusters_have_different_colours_and_labels() -> None:
    clusters = current().frame("clusters", as_of=LAST_DAY)
    assert len(set(cluster_labels.labels(clusters).values())) == len(clusters)
    assert len(set(cluster_labels.colours(clusters).values())) >= len(clusters)


@pytest.fixture
def steady(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rfm_assets.config.in_force.clusters", lambda: Clusters(refit="steady"))


def of_numbers(*numbers: int) -> dict[int, str]:
    """The colours of a day's clusters."""
    return cluster_labels.colours(pd.DataFrame({"Cluster": numbers}))


@pytest.mark.usefixtures("steady")
def test_steady_clusters_keep_their_colour_while_others_come_and_go() -> None:
    before, after = of_numbers(-1, 0, 1, 2, 3), of_numbers(-1, 0, 2, 3, 7)
    assert {before[number] == after[number] for number in (-1, 0, 2, 3)} == {True}
    assert after[7] not in before.values()


@pytest.mark.usefixtures("steady")
def test_steady_clusters_of_a_day_never_share_a_colour_however_high_their_numbers() -> None:
    random = Random(3)  # noqa: S311 - not a secret
    most = ClusterSettings().largest_k
    for _ in range(300):
        numbers = sorted(random.sample(range(400), random.randint(1, most)))
        assert len(set(of_numbers(-3, -2, -1, *numbers).values())) == 3 + len(numbers)
    kept = of_numbers(3, 15, 27)
    assert kept[3] == of_numbers(3)[3]  # the oldest keeps its own


def test_clusters_of_a_daily_refit_are_the_lighter_the_more_they_spend() -> None:
    by_spending = list(of_numbers(0, 1, 2, 3).values())
    light = [sum(map(int, re.findall(r"\d+", colour))) for colour in by_spending if colour.startswith("rgb")]
    assert light == sorted(light)
    assert len(set(light)) == 4


def test_a_day_without_clusters_names_the_newest_that_has_them() -> None:
    app = open_page("clusters", as_of=str(LAST_DAY - timedelta(days=CLUSTERED_DAYS)))
    assert not app.exception
    assert "have not been clustered" in texts(app)
    assert f"{LAST_DAY.day} Sep 2025" in texts(app)


def test_the_first_clustered_day_has_nothing_to_compare_itself_with() -> None:
    app = open_page("clusters", as_of=str(LAST_DAY - timedelta(days=CLUSTERED_DAYS - 1)))
    assert not app.exception
    assert "Stability" not in texts(app)


def test_too_few_customers_to_cluster_are_said(dashboard_reads: Reads, sample_snapshot: Path, tmp_path: Path) -> None:
    dashboard_reads(
        changed(
            sample_snapshot,
            tmp_path,
            "DELETE FROM ml.cluster_selection; DELETE FROM ml.cluster_summary WHERE Cluster > 0; "
            "DELETE FROM ml.customer_clusters WHERE Cluster > 0",
        )
    )
    app = open_page("clusters")
    assert not app.exception
    assert "Too few distinct customers" in texts(app)
    assert cards(app)["Silhouette"] == "none"


def test_a_copy_without_clusters_is_explained(dashboard_reads: Reads, sample_snapshot: Path, tmp_path: Path) -> None:
    dashboard_reads(changed(sample_snapshot, tmp_path, "DROP SCHEMA ml CASCADE"))
    app = open_page("clusters")
    assert not app.exception
    assert "cluster" in texts(app)


def test_clusters_that_share_a_name_are_told_apart_by_the_median_in_which_they_differ_most() -> None:
    clusters = pd.DataFrame(
        {
            "Cluster": [0, 1, 2, -1],
            "Cluster_Description": ["Bronze New", "Bronze New", "Gold Champions", "Gold Champions"],
            "Med_Monetary": [252.05, 252.54, 2000.0, 9000.0],
            "Med_Frequency": [1.0, 1.0, 7.0, 30.0],
            "Med_Recency": [49.0, 86.0, 5.0, 3.0],
        }
    )
    assert cluster_labels.told_apart(clusters) == [
        "Bronze New: 49 days ago",
        "Bronze New: 86 days ago",
        "Gold Champions",
        "Gold Champions",
    ]
