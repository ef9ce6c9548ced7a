"""Figures and tables can be downloaded as complete CSV, with numbers as they are stored."""

import csv
import io
from decimal import Decimal

import pytest

from rfm_assets.dashboard.app import PAGES
from rfm_assets.dashboard.chart_table import chart_data
from rfm_assets.dashboard.figure import csv_of
from rfm_assets.dashboard.screens.data_quality import without_ids
from rfm_assets_tests.dashboard.shop import charts, open_page


def rows(text: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.decode())))


def test_numbers_are_written_as_they_are_and_what_is_missing_is_empty() -> None:
    data = {
        "Segment": ["High", "Base"],
        "Spend": [Decimal("1234.50"), None],
        "Share": [20.25, float("nan")],
        "n": [3.0, 4],
    }
    assert rows(csv_of(data)) == [
        ["Segment", "Spend", "Share", "n"],
        ["High", "1234.50", "20.25", "3"],
        ["Base", "", "", "4"],
    ]


def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe() -> None:
    assert rows(csv_of({"Name": ["=1+1"]})) == [["Name"], ["'=1+1"]]


def test_the_data_of_a_box_has_a_column_for_each_of_its_numbers() -> None:
    boxes = {"type": "boxplot", "data": [{"value": [1, 2, 3, 4, 5]}, {"value": [2, 3, 4, 5, 6]}]}
    option = {"xAxis": {"type": "value"}, "yAxis": {"type": "category", "data": ["A", "B\n1"]}, "series": [boxes]}
    assert chart_data(option) == {
        "Name": ["A", "B 1"],
        "5%": [1, 2],
        "25%": [2, 3],
        "median": [3, 4],
        "75%": [4, 5],
        "95%": [5, 6],
    }


def test_rejected_rows_leave_as_shapes_where_audiences_have_no_ids() -> None:
    columns = {"File of": ["1 Jul 2025"], "CustomerID": ["12345"], "Raw row": ["489434,jane@shop.de"], "Fails": ["x1"]}
    assert without_ids(columns) == {
        "File of": ["1 Jul 2025"],
        "CustomerID": ["99999"],
        "Raw row": ["999999,aaaa@aaaa.aa"],
        "Fails": ["x1"],
    }


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("page", [page.name for page in PAGES])
def test_every_figure_and_table_offers_its_data(page: str) -> None:
    app = open_page(page)
    drawn = [element.proto.body for element in app.get("html")]
    figures = sum("class='rfm-take'" in body for body in drawn)
    marks = ("class='rfm-bars'", "class='rfm-shaded'", "class='rfm-map'")
    graphs = len(app.get("graphviz_chart"))
    assert figures == len(charts(app)) + graphs + sum(any(mark in body for mark in marks) for body in drawn)
    tables = sum("class='rfm-table" in body for body in drawn)
    has_its_own_export = page == "customers"
    offered = [one for one in app.get("download_button") if one.proto.label == "CSV"]
    assert len(offered) == figures + tables - has_its_own_export


@pytest.mark.usefixtures("published")
def test_pictures_say_the_day_the_segments_and_the_source() -> None:
    app = open_page("segments", as_of="2025-08-01", segment=["High Value - At Risk"])
    (about,) = (element.proto.body for element in app.get("html") if "class='rfm-about'" in element.proto.body)
    assert "data-date='As of 1 Aug 2025 · Only High Value - At Risk'" in about
    assert "data-source='Source: RFM customer segments, Segments, updated " in about
    assert "run 01234567" in about
