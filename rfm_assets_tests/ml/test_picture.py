"""A day's picture shows the chosen k and every cluster by name, in a small file."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from rfm_assets.ml.clustering import DayClusters, cluster_day
from rfm_assets.ml.metadata import figures_and_picture
from rfm_assets.ml.picture import (
    HEIGHT,
    MOST_CUSTOMERS,
    WIDTH,
    bent,
    draw_cluster,
    draw_customers,
    draw_selection,
    picture,
    round_steps,
)
from rfm_assets.ml.settings import ClusterSettings
from rfm_assets.ml.svg import Plot
from rfm_assets_tests.ml.crowds import DAY, crowd, customer, customers

ANYWHERE = Plot(0, 0, 100, 100, x_range=(0, 400), y_range=(0, 10))


@pytest.fixture(scope="module")
def many() -> DayClusters:
    """More customers than the picture draws, in clusters and all three outlier classes."""
    return cluster_day(DAY, crowd(MOST_CUSTOMERS + 300))


def marks(drawn: Iterable[str]) -> ET.Element:
    return ET.fromstring(f"<svg>{''.join(drawn)}</svg>")  # noqa: S314 - our own


def words(drawn: ET.Element) -> Sequence[str]:
    return [one.text or "" for one in drawn.iter("text")]


def points(line: ET.Element) -> Sequence[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in line.attrib["points"].split())]


def test_it_is_an_svg_that_is_the_same_every_time_and_small(many: DayClusters) -> None:
    drawn = picture(DAY, many)
    root = ET.fromstring(drawn)  # noqa: S314 - our own
    assert (root.tag, root.attrib["viewBox"]) == ("{http://www.w3.org/2000/svg}svg", f"0 0 {WIDTH} {HEIGHT}")
    assert picture(DAY, many) == drawn
    assert len(drawn) * 4 / 3 < 60_000


def test_all_four_curves_fill_their_height_and_the_chosen_k_is_marked(many: DayClusters) -> None:
    drawn = marks(draw_selection(many))
    curves = [points(line) for line in drawn.iter("polyline")]
    assert [len(curve) for curve in curves] == [11] * 4
    heights = {(min(y for _, y in curve), max(y for _, y in curve)) for curve in curves}
    assert len(heights) == 1
    (mark,) = (one for one in drawn.iter("path") if one.attrib.get("class") == "chosen")
    chosen_x, _ = curves[0][(many.chosen_k or 0) - 2]
    assert mark.attrib["d"].startswith(f"M{chosen_x} ")
    assert len([text for text in words(drawn) if text.endswith(f" at {many.chosen_k})")]) == 4


def test_every_cluster_is_in_the_legend_with_name_and_size_and_outliers_look_different(many: DayClusters) -> None:
    drawn = marks(draw_customers(many))
    lines = {line.Cluster: line for line in many.cluster_summary.itertuples()}
    in_order = [lines[number] for number in [*range(many.chosen_k or 0), -1, -2, -3]]
    legend = [f"{line.Cluster}  {line.Cluster_Description} ({line.Count:,})" for line in in_order]
    assert [text for text in words(drawn) if text in legend] == legend
    assert [text.text for text in drawn.iter("tspan")] == [
        "outliers in spending",
        "outliers in orders",
        "outliers in both",
    ]
    in_bold = [one.text for one in drawn.iter("text") if "font-weight" in one.attrib]
    assert in_bold == [str(number) for number in range(many.chosen_k or 0)]
    groups = [one for one in drawn.iter("path") if one.attrib.get("class") == "dots"]
    looks = [(re.sub(r"^M[\d.]+ [\d.]+", "", one.attrib["d"]), one.attrib["stroke"]) for one in groups[1::2]]
    assert len(set(looks)) == len(in_order)
    customers_drawn = [len(re.findall("M", one.attrib["d"])) for one in groups[::2]]
    assert sum(customers_drawn) == MOST_CUSTOMERS
    assert any("1,500 of 1,800 customers" in text for text in words(drawn))


@pytest.mark.parametrize(
    "rows",
    [
        customers(customer()),
        customers(customer(monetary=0.0)),
        customers(customer(monetary=-20.0), customer("C2", monetary=-5.0)),
        customers(*(customer(f"C{n}", monetary=0.0) for n in range(30))),
        customers(*(customer(f"C{n:02d}", monetary=10.0**n) for n in range(13))),
    ],
    ids=["one", "one who paid nothing", "more returned than bought", "all alike", "twelve orders of magnitude"],
)
def test_any_customers_make_a_picture(rows: pd.DataFrame) -> None:
    drawn = marks(draw_customers(cluster_day(DAY, rows)))
    places = re.findall(r"M([\d.]+) ([\d.]+)(?=[hm])", " ".join(one.attrib["d"] for one in drawn.iter("path")))
    assert places
    assert all(0 <= float(x) <= WIDTH and 0 <= float(y) <= HEIGHT for x, y in places)
    assert picture(DAY, cluster_day(DAY, rows)).endswith("</svg>")


@pytest.mark.parametrize("longest", [10, 11, 47, 99, 100, 306, 3070, 10_000])
def test_days_are_written_at_round_numbers_that_have_room(longest: int) -> None:
    steps = round_steps(longest)
    assert 3 <= len(steps) <= 7
    assert steps[0] == 0
    assert steps[-1] > longest / 2


@pytest.mark.parametrize(("value", "place"), [(0, 0), (1, 1), (0.5, 0.5), (10, 2), (1000, 4), (-1, -1), (-100, -3)])
def test_money_is_on_a_scale_of_powers_that_goes_through_zero(value: float, place: float) -> None:
    assert bent(value) == pytest.approx(place)


def test_a_day_says_when_silhouettes_stand_on_a_sample() -> None:
    settings = ClusterSettings(exact_silhouette_limit=50, silhouette_sample=40)
    said = figures_and_picture(date(2026, 1, 31), cluster_day(DAY, crowd(120), settings), with_picture=False)
    assert said["silhouette_sample"].startswith("Silhouettes are measured on a sample of 40 customers")
    assert "picture" not in said


def test_steady_clusters_are_drawn_whatever_their_numbers(many: DayClusters) -> None:
    drawn = marks(draw_cluster(ANYWHERE, many.customer_clusters, 987))
    assert words(drawn) == ["987"]
