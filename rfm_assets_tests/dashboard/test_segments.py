"""Holds the page Segments to the tables it reads: the cards, the filter, the days compared."""

from datetime import timedelta
from pathlib import Path

import pytest

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.charts import SEGMENT_COLOURS
from rfm_assets.dashboard.figures.segments import medians
from rfm_assets.dashboard.screens.segments import HISTORIES
from rfm_assets.gold.segments import RECOMMENDATIONS
from rfm_assets_tests.dashboard.conftest import Reads
from rfm_assets_tests.dashboard.shop import (
    FIRST_DAY,
    LAST_DAY,
    cards,
    changed,
    charts,
    open_page,
    stored,
    tables,
    texts,
)

CHOSEN = ["High Value - At Risk", "Base Value - Inactive"]
TOTALS = """
    SELECT count(*), count(*) FILTER (Recency < 30), sum(Monetary), sum(Frequency),
        sum(Monetary) / sum(Frequency), sum(Monetary) / count(*)
    FROM gold.customer_segments WHERE as_of_date = ? AND list_contains(?, segment)
"""
PERFORMANCE = """
    SELECT count(*), 100 * count(*) / everybody, sum(Monetary), 100 * sum(Monetary) / everything,
        sum(Monetary) / count(*), sum(Frequency) / count(*), sum(Recency) / count(*)
    FROM gold.customer_segments, (
        SELECT count(*) AS everybody, sum(Monetary) AS everything FROM gold.customer_segments WHERE as_of_date = ?
    )
    WHERE as_of_date = ? AND list_contains(?, segment)
    GROUP BY segment, everybody, everything
"""


@pytest.mark.parametrize("chosen", [list(RECOMMENDATIONS), CHOSEN])
def test_the_cards_total_the_chosen_segments(published: Path, chosen: list[str]) -> None:
    link = {} if len(chosen) == len(RECOMMENDATIONS) else {"segment": chosen}
    ((customers, lately, revenue, orders, order, each),) = stored(published, TOTALS, [LAST_DAY, chosen])
    assert cards(open_page("segments", **link)) == {
        "Customers": fmt.count(customers),
        "Active in 30 days": fmt.count(lately),
        "Revenue": fmt.short_money(revenue),
        "Orders": fmt.count(orders),
        "Average order": fmt.money(order),
        "Revenue per customer": fmt.money(each),
    }


def test_changes_are_against_the_chosen_number_of_days_before(published: Path) -> None:
    app = open_page("segments")
    for days in (7, 30):
        app.segmented_control(key="segments_against").set_value(days).run()
        now, before = (
            stored(published, TOTALS, [day, list(RECOMMENDATIONS)])[0][0]
            for day in (LAST_DAY, LAST_DAY - timedelta(days=days))
        )
        assert app.metric[0].delta == fmt.change(now, before)


@pytest.mark.usefixtures("published")
def test_the_first_day_has_nothing_to_compare_with_and_says_so() -> None:
    app = open_page("segments", as_of=str(FIRST_DAY))
    assert {metric.delta for metric in app.metric} == {""}
    assert "history begins" in texts(app)


def test_the_table_lists_the_chosen_segments_with_what_to_do(published: Path) -> None:
    app = open_page("segments", segment=CHOSEN)
    (table,) = tables(app)
    assert table["Segment"] == CHOSEN
    assert table["What to do"] == [RECOMMENDATIONS[segment] for segment in CHOSEN]
    rows = stored(published, PERFORMANCE, [LAST_DAY, LAST_DAY, CHOSEN])
    shown = [fmt.count, fmt.percent, fmt.exact_money, fmt.percent, fmt.exact_money, fmt.mean, fmt.mean]
    lines = zip(*(texts for title, texts in table.items() if title not in {"Segment", "What to do"}), strict=True)
    expected = {tuple(write(number) for write, number in zip(shown, row, strict=True)) for row in rows}
    assert set(lines) == expected


@pytest.mark.parametrize("measure", HISTORIES)
def test_every_measure_is_drawn_over_time(published: Path, measure: str) -> None:
    app = open_page("segments")
    app.segmented_control(key="segments_measure").set_value(measure).run()
    assert not app.exception
    (drawn,) = charts(app)
    ends = [band["data"][-1] for band in drawn["series"]]
    assert {day for day, _ in ends} == {f"{LAST_DAY}"}
    column, as_share = HISTORIES[measure]
    totals = "SELECT count(*) AS customers, sum(Monetary) AS revenue FROM gold.customer_segments WHERE as_of_date = ?"
    ((customers, revenue),) = stored(published, totals, [LAST_DAY])
    total = {"customers": customers, "revenue": float(revenue)}[column]
    assert sum(number for _, number in ends) == pytest.approx(100 if as_share else total)


def test_segments_without_customers_are_explained(
    dashboard_reads: Reads, sample_snapshot: Path, tmp_path: Path
) -> None:
    empty = [
        f"DELETE FROM gold.{table} WHERE {column} = '{CHOSEN[0]}'"
        for table, column in (("segment_summary", "Segment"), ("customer_segments", "segment"))
    ]
    dashboard_reads(changed(sample_snapshot, tmp_path, *empty))
    assert "choose others" in texts(open_page("segments", segment=CHOSEN[:1]))
    (table,) = tables(open_page("segments"))
    assert len(table["Segment"]) == len(RECOMMENDATIONS) - 1


def test_each_median_has_a_scale_of_its_own_and_few_days_are_good() -> None:
    import pandas as pd

    summary = pd.DataFrame(
        {"Med_Recency": [10.0, 60.0], "Med_Frequency": [1.0, 8.0], "Med_Monetary": [300.0, 3000.0]},
        index=["High Value - At Risk", "Base Value - Inactive"],
    )
    lines = dict(medians(summary).lines)
    assert [cell.shade for cell in lines["High · At Risk"]] == [1.0, 0.0, 0.0]
    assert [cell.shade for cell in lines["Base · Inactive"]] == [0.0, 1.0, 1.0]


def test_every_segment_has_a_colour_of_its_own() -> None:
    assert list(SEGMENT_COLOURS) == list(RECOMMENDATIONS)
    assert len(set(SEGMENT_COLOURS.values())) == len(RECOMMENDATIONS)
