"""Holds the picture of a day to what it must show: the chosen k, every cluster by name, in a small file."""

import io
from datetime import date

import pandas as pd
import pytest
from matplotlib.figure import Figure
from PIL import Image

from rfm_assets.ml.clustering import DayClusters, cluster_day
from rfm_assets.ml.metadata import figures_and_picture
from rfm_assets.ml.picture import MOST_CUSTOMERS, draw_cluster, draw_customers, draw_selection, picture
from rfm_assets.ml.settings import ClusterSettings
from rfm_assets_tests.ml.crowds import DAY, crowd, customer, customers


@pytest.fixture(scope="module")
def many() -> DayClusters:
    """More customers than are drawn, in clusters and all three outlier classes."""
    return cluster_day(DAY, crowd(MOST_CUSTOMERS + 300))


def test_it_is_a_png_that_is_the_same_every_time_and_small(many: DayClusters) -> None:
    drawn = picture(DAY, many)
    with Image.open(io.BytesIO(drawn)) as image:
        assert (image.format, image.size) == ("PNG", (1120, 460))
    assert picture(DAY, many) == drawn
    assert len(drawn) * 4 / 3 < 60_000


def test_all_four_curves_fill_their_height_and_the_chosen_k_is_marked(many: DayClusters) -> None:
    axes = Figure().subplots()
    draw_selection(axes, many)
    *curves, mark = axes.get_lines()
    assert [line.get_xdata().tolist() for line in curves] == [list(range(2, 13))] * 4
    assert [(min(line.get_ydata()), max(line.get_ydata())) for line in curves] == [(0, 1)] * 4
    assert set(mark.get_xdata()) == {many.chosen_k}
    assert all(f" at {many.chosen_k})" in text.get_text() for text in axes.get_legend().get_texts())


def test_every_cluster_is_in_the_legend_with_name_and_size_and_outliers_look_different(many: DayClusters) -> None:
    axes = Figure().subplots()
    draw_customers(axes, many)
    legend = [text.get_text().split("\n")[0] for text in axes.get_legend().get_texts()]
    lines = {line.Cluster: line for line in many.cluster_summary.itertuples()}
    in_order = [lines[number] for number in [*range(many.chosen_k or 0), -1, -2, -3]]
    assert legend == [f"{line.Cluster}  {line.Cluster_Description} ({line.Count:,})" for line in in_order]
    assert [text.get_text() for text in axes.texts] == [str(number) for number in range(many.chosen_k or 0)]
    assert sum(len(dots.get_offsets()) for dots in axes.collections) == MOST_CUSTOMERS
    assert "1,500 of 1,800 customers" in axes.get_title()


@pytest.mark.parametrize(
    "rows",
    [
        customers(customer()),
        customers(customer(monetary=0.0)),
        customers(*(customer(f"C{n}", monetary=0.0) for n in range(30))),
        customers(*(customer(f"C{n:02d}", monetary=10.0**n) for n in range(13))),
    ],
    ids=["one", "one who paid nothing", "all alike", "twelve orders of magnitude"],
)
def test_any_customers_make_a_picture(rows: pd.DataFrame) -> None:
    assert picture(DAY, cluster_day(DAY, rows)).startswith(b"\x89PNG")


def test_a_day_says_when_silhouettes_stand_on_a_sample() -> None:
    settings = ClusterSettings(exact_silhouette_limit=50, silhouette_sample=40)
    said = figures_and_picture(date(2026, 1, 31), cluster_day(DAY, crowd(120), settings), with_picture=False)
    assert said["silhouette_sample"].startswith("Silhouettes are those of 40 customers drawn by a fixed seed")
    assert "picture" not in said


def test_steady_clusters_are_drawn_whatever_their_numbers(many: DayClusters) -> None:
    axes = Figure().subplots()
    draw_cluster(axes, many.customer_clusters, 987, "label")
    assert [text.get_text() for text in axes.texts] == ["987"]
