"""The Segments page agrees with the tables it reads: the cards, the filter, and the days it compares."""

import itertools
import re
from dataclasses import astuple
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from streamlit.proto.Metric_pb2 import Metric as MetricProto
from streamlit.testing.v1 import AppTest

from rfm_assets.config import in_force
from rfm_assets.config.segments import Segments
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.charts import SEGMENT_COLOURS
from rfm_assets.dashboard.customer_links import restated_link
from rfm_assets.dashboard.figures.segments import medians
from rfm_assets.dashboard.html_tables import Link
from rfm_assets.dashboard.periods import by_week
from rfm_assets.dashboard.published_copy import current
from rfm_assets.dashboard.screens.segments import HISTORIES
from rfm_assets.dashboard.screens.segments_map import thresholds
from rfm_assets.dashboard.threshold_jumps import Break, breaks, changes, jumps, marked, said
from rfm_assets.dashboard.view import View, known_days
from rfm_assets.gold.playbooks import PLAYBOOKS
from rfm_assets.gold.segments import RECOMMENDATIONS
from rfm_assets_tests.dashboard.conftest import Reads
from rfm_assets_tests.dashboard.shop import (
    DAYS,
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

pytestmark = pytest.mark.slow

CHOSEN = ["High Value - At Risk", "Base Value - Inactive"]
TOTALS = """
    SELECT count(*), count(*) FILTER (Recency < 30), sum(Monetary), sum(Frequency),
        sum(Monetary) / sum(Frequency), sum(Monetary) / count(*)
    FROM gold.customer_segments WHERE as_of_date = ? AND list_contains(?, segment)
"""
ACTIVE = ["High Value - Active & Engaged", "Base Value - Developing"]
BROUGHT = """
    SELECT count(*) FILTER (now.Monetary > coalesce(before.Monetary, 0)), count(*) FILTER (before.CustomerID IS NULL),
        sum(now.Monetary - coalesce(before.Monetary, 0)), sum(now.Frequency - coalesce(before.Frequency, 0))
    FROM gold.customer_segments AS now
    LEFT JOIN gold.customer_segments AS before ON before.CustomerID = now.CustomerID AND before.as_of_date = ?
    WHERE now.as_of_date = ? AND list_contains(?, now.segment)
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

BY_MEDIANS = """
    SELECT tier || ' - ' || status, count(*), sum(Monetary)
    FROM (
        SELECT Monetary,
            CASE WHEN Monetary > 2 * CAST(median_monetary AS DECIMAL(29, 3)) THEN 'High Value'
                WHEN Monetary > CAST(median_monetary AS DECIMAL(29, 3)) THEN 'Growing Value' ELSE 'Base Value' END
                AS tier,
            CASE WHEN Frequency > median_frequency AND Recency < median_recency THEN 'Active & Engaged'
                WHEN Frequency > median_frequency THEN 'At Risk'
                WHEN Recency < median_recency THEN 'Developing' ELSE 'Inactive' END AS status
        FROM gold.customer_segments AS customer, (SELECT * FROM gold.segment_thresholds WHERE as_of_date = $day)
        WHERE customer.as_of_date = $as_of
    ) GROUP BY tier, status ORDER BY 1
"""


every_choice = pytest.mark.parametrize("chosen", [list(RECOMMENDATIONS), CHOSEN, ACTIVE])


def link(chosen: list[str]) -> dict[str, list[str]]:
    return {} if len(chosen) == len(RECOMMENDATIONS) else {"segment": chosen}


@every_choice
def test_the_cards_total_the_chosen_segments(published: Path, chosen: list[str]) -> None:
    ((customers, lately, revenue, orders, order, each),) = stored(published, TOTALS, [LAST_DAY, chosen])
    shown = cards(open_page("segments", **link(chosen)))
    assert shown.pop("Active in 30 days", "0") == fmt.count(lately)
    assert {label: value for label, value in shown.items() if "in 7 days" not in label} == {
        "Customers": fmt.count(customers),
        "Lifetime revenue": fmt.short_money(revenue),
        "Lifetime orders": fmt.count(orders),
        "Lifetime AOV": fmt.money(order),
        "Lifetime revenue per customer": fmt.money(each),
    }


@pytest.mark.usefixtures("published")
def test_lifetime_totals_are_compared_with_nothing() -> None:
    deltas = {card.label: card.delta for card in open_page("segments").metric if "in 7 days" not in card.label}
    assert set(deltas.values()) == {""}
    assert [label for label in deltas if not label.startswith("Lifetime")] == ["Customers", "Active in 30 days"]


@pytest.mark.parametrize("chosen", [list(RECOMMENDATIONS), ACTIVE])
@pytest.mark.parametrize("days", [7, 30])
def test_a_period_is_compared_with_the_one_before_and_both_numbers_are_said(
    published: Path, chosen: list[str], days: int
) -> None:
    ends = [LAST_DAY - timedelta(days=days * periods) for periods in (0, 1, 2)]
    now, before = (stored(published, BROUGHT, [earlier, last, chosen])[0] for last, earlier in itertools.pairwise(ends))
    app = open_page("segments", **link(chosen))
    app.segmented_control(key="segments_period").set_value(f"{days} days").run()
    shown = {card.label: card for card in app.metric if card.label.endswith(f"in {days} days") and card.delta}
    written = (fmt.count, fmt.count, fmt.money, fmt.count)
    names = [f"{name} in {days} days" for name in ("Bought", "New", "Revenue", "Orders")]
    assert len(shown) == 5
    for name, write, number, earlier in zip(names, written, now, before, strict=True):
        assert shown[name].value == write(number)
        assert shown[name].proto.delta_description == f"vs {write(earlier)} in the {days} days before"
        assert shown[name].delta == (fmt.change(number, earlier) if number != earlier else "unchanged")


@pytest.mark.usefixtures("published")
def test_the_number_before_is_what_the_earlier_day_shows_for_itself() -> None:
    now, before = (
        {card.label: card for card in open_page("segments", as_of=str(day), segment=ACTIVE).metric}
        for day in (LAST_DAY, LAST_DAY - timedelta(days=7))
    )
    compared = [label for label in now if label.endswith("in 7 days")]
    assert len(compared) == 5
    for label in compared:
        assert now[label].proto.delta_description == f"vs {before[label].value} in the 7 days before"


@pytest.mark.parametrize("chosen", [list(RECOMMENDATIONS), ACTIVE])
def test_a_sparkline_has_the_number_of_each_week_as_that_week_shows_it(published: Path, chosen: list[str]) -> None:
    view = View(current(), LAST_DAY, known_days(current()), tuple(chosen))
    weeks = by_week(view)
    assert len(weeks) == DAYS // 7
    for ago, week in enumerate(reversed(weeks)):
        end = LAST_DAY - timedelta(days=7 * ago)
        if end - timedelta(days=7) in view.days:
            ((bought, new, revenue, orders),) = stored(published, BROUGHT, [end - timedelta(days=7), end, chosen])
            assert (week["bought"], week["new"], week["revenue"], week["orders"]) == (bought, new, revenue, orders)


@pytest.mark.usefixtures("published")
def test_a_date_to_compare_to_is_the_end_of_the_other_period() -> None:
    other = LAST_DAY - timedelta(days=30)
    app, earlier = open_page("segments", compare_to=str(other)), open_page("segments", as_of=str(other))
    assert f"against the 7 days to {fmt.day(other)}" in texts(app)
    before = cards(earlier)
    compared = {card.label: card.proto.delta_description for card in app.metric if card.label.endswith("in 7 days")}
    assert compared == {label: f"vs {before[label]} in the 7 days to {fmt.day(other)}" for label in compared}


@pytest.mark.usefixtures("published")
def test_a_custom_period_has_the_days_asked_for() -> None:
    app = open_page("segments", segments_period="Custom", segments_days="21")
    assert "Revenue in 21 days" in cards(app)


@pytest.mark.usefixtures("published")
def test_a_history_too_short_for_two_periods_has_nothing_to_compare_with_and_says_so() -> None:
    app = open_page("segments", as_of=str(FIRST_DAY + timedelta(days=12)))
    assert {metric.delta for metric in app.metric} == {""}
    assert "No comparison with the 7 days before: history begins" in texts(app)
    two_weeks = open_page("segments", as_of=str(FIRST_DAY + timedelta(days=13)))
    assert "history begins" not in texts(two_weeks)
    assert any(card.delta for card in two_weeks.metric)


@pytest.mark.parametrize(
    ("chosen", "news"),
    [
        (["High Value - At Risk"], "bad"),
        (["High Value - At Risk", "Base Value - Inactive"], "bad"),
        (["High Value - Active & Engaged", "Base Value - Developing"], "good"),
        (["High Value - Active & Engaged", "High Value - At Risk"], "neither"),
    ],
)
def test_customers_at_risk_or_inactive_growing_is_not_good_news(
    published: Path, dashboard_reads: Reads, tmp_path: Path, chosen: list[str], news: str
) -> None:
    color = {"bad": MetricProto.RED, "good": MetricProto.GREEN, "neither": MetricProto.GRAY}[news]
    fewer = f"""UPDATE gold.segment_summary SET Customer_Count = Customer_Count // 2
        WHERE as_of_date = '{LAST_DAY - timedelta(days=7)}'"""
    dashboard_reads(changed(published, tmp_path, fewer))
    customers = next(card for card in open_page("segments", segment=chosen).metric if card.label == "Customers")
    assert customers.delta.startswith("+")
    assert (customers.proto.color, customers.proto.direction) == (color, MetricProto.UP)


@pytest.mark.parametrize("median", [29.5, 30.0, 44.0])
def test_what_is_zero_by_definition_is_not_shown(
    published: Path, dashboard_reads: Reads, tmp_path: Path, median: float
) -> None:
    """A customer at risk or inactive last ordered at least the median number of days ago."""
    dashboard_reads(changed(published, tmp_path, f"UPDATE gold.segment_thresholds SET median_recency = {median}"))
    assert ("Active in 30 days" in cards(open_page("segments", segment=CHOSEN))) == (median < 30)
    assert "Active in 30 days" in cards(open_page("segments"))
    assert "Active in 30 days" in cards(open_page("segments", segment=ACTIVE))


def test_a_period_without_orders_by_definition_is_told_in_words(
    published: Path, dashboard_reads: Reads, tmp_path: Path
) -> None:
    dashboard_reads(changed(published, tmp_path, f"DELETE FROM silver.invoices WHERE processing_date > '{FIRST_DAY}'"))
    app = open_page("segments", segment=CHOSEN)
    assert not [label for label in cards(app) if "in 7 days" in label]
    assert "Nobody here ordered in these 7 days: customers whose last order is under " in texts(app)


def test_the_tables_list_the_chosen_segments_with_what_they_brought_and_their_playbooks(published: Path) -> None:
    app = open_page("segments", segment=CHOSEN)
    table, books = tables(app)
    assert table["Segment"] == books["Segment"] == CHOSEN
    columns = zip(*(texts for title, texts in books.items() if title != "Segment"), strict=True)
    assert list(columns) == [astuple(PLAYBOOKS[segment]) for segment in CHOSEN]
    rows = stored(published, PERFORMANCE, [LAST_DAY, LAST_DAY, CHOSEN])
    shown = [fmt.count, fmt.percent, fmt.exact_money, fmt.percent, fmt.exact_money, fmt.mean, fmt.mean]
    lines = zip(*(texts for title, texts in table.items() if title != "Segment"), strict=True)
    expected = {tuple(write(number) for write, number in zip(shown, row, strict=True)) for row in rows}
    assert set(lines) == expected


@every_choice
@pytest.mark.parametrize("title", HISTORIES)
def test_every_measure_is_drawn_over_time_and_shares_are_of_everybody(
    published: Path, title: str, chosen: list[str]
) -> None:
    app = open_page("segments", **link(chosen))
    app.segmented_control(key="segments_measure").set_value(title).run()
    assert not app.exception
    (drawn,) = charts(app)
    ends = [band["data"][-1] for band in drawn["series"]]
    assert {day for day, _ in ends} == {f"{LAST_DAY}"}
    customers, revenue, everybody, everything = stored(
        published,
        """SELECT count(*) FILTER (list_contains($1, segment)), sum(Monetary) FILTER (list_contains($1, segment)),
            count(*), sum(Monetary) FROM gold.customer_segments WHERE as_of_date = $2""",
        [chosen, LAST_DAY],
    )[0]
    expected = {
        "Customers": customers,
        "Lifetime revenue": float(revenue),
        "Share of customers": 100 * customers / everybody,
        "Share of lifetime revenue": 100 * float(revenue / everything),
    }
    assert sum(number for _, number in ends) == pytest.approx(expected[title])


def test_segments_without_customers_are_explained(
    dashboard_reads: Reads, sample_snapshot: Path, tmp_path: Path
) -> None:
    empty = [
        f"DELETE FROM gold.{table} WHERE {column} = '{CHOSEN[0]}'"
        for table, column in (("segment_summary", "Segment"), ("customer_segments", "segment"))
    ]
    dashboard_reads(changed(sample_snapshot, tmp_path, *empty))
    assert "choose others" in texts(open_page("segments", segment=CHOSEN[:1]))
    table, _ = tables(open_page("segments"))
    assert len(table["Segment"]) == len(RECOMMENDATIONS) - 1


def test_each_median_has_a_scale_of_its_own_and_few_days_are_good() -> None:
    import pandas as pd

    summary = pd.DataFrame(
        {"Med_Recency": [10.0, 60.0], "Med_Frequency": [1.0, 8.0], "Med_Monetary": [300.0, 3000.0], "to": "a"},
        index=["High Value - At Risk", "Base Value - Inactive"],
    )
    lines = {name.text if isinstance(name, Link) else name: cells for name, cells in medians(summary).lines}
    assert [cell.shade for cell in lines["High · At Risk"]] == [1.0, 0.0, 0.0]
    assert [cell.shade for cell in lines["Base · Inactive"]] == [0.0, 1.0, 1.0]


def test_every_segment_has_a_colour_of_its_own() -> None:
    assert list(SEGMENT_COLOURS) == list(RECOMMENDATIONS)
    assert len(set(SEGMENT_COLOURS.values())) == len(RECOMMENDATIONS)


def heading(app: AppTest) -> str:
    """The heading above the cards of the last days."""
    return next(str(text.value) for text in app.markdown if re.search("before|Since|days to", str(text.value)))


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("number", "page", "said"),
    [
        (0, "segments", "Since 26 Jun 2025, when history begins"),
        (5, "segments", "Since 26 Jun 2025, when history begins"),
        (6, "segments", "The 7 days to 2 Jul 2025"),
        (13, "segments", "The 7 days to 9 Jul 2025, against the 7 days before"),
        (0, "growth", "Since 26 Jun 2025, when history begins"),
        (29, "growth", "The 30 days to 25 Jul 2025"),
    ],
)
def test_a_heading_names_only_days_there_are_and_those_before_only_where_they_are_compared(
    number: int, page: str, said: str
) -> None:
    assert heading(open_page(page, as_of=str(FIRST_DAY + timedelta(days=number)))) == f"**{said}**"


@pytest.mark.usefixtures("published")
def test_one_day_is_not_drawn_over_time() -> None:
    first, second = (open_page("segments", as_of=str(FIRST_DAY + timedelta(days=days))) for days in (0, 1))
    assert not charts(first)
    assert "is the first day: no history yet" in texts(first)
    assert charts(second)


def test_a_tile_has_what_the_tables_have_and_leads_to_its_customers(published: Path) -> None:
    app = open_page("segments", segment=CHOSEN)
    drawn = next(element.proto.body for element in app.get("html") if "class='rfm-tiles'" in element.proto.body)
    assert drawn.count("<li ") == len(CHOSEN)
    for segment in CHOSEN:
        ((customers, revenue),) = stored(
            published,
            "SELECT count(*), sum(Monetary) FROM gold.customer_segments WHERE as_of_date = ? AND segment = ?",
            [LAST_DAY, segment],
        )
        ((joined, left),) = stored(
            published,
            """SELECT coalesce(sum(Customer_Count) FILTER (to_segment = $2), 0),
                coalesce(sum(Customer_Count) FILTER (from_segment = $2), 0)
            FROM gold.segment_migration WHERE as_of_date = $1 AND compared_to = $3 AND from_segment <> to_segment""",
            [LAST_DAY, segment, LAST_DAY - timedelta(days=7)],
        )
        tile = next(one for one in drawn.split("<li ") if f"<b>{segment.partition(' - ')[2]}</b>" in one)
        names = stored(
            published,
            """SELECT RFM_Name FROM gold.customer_scores JOIN gold.customer_segments USING (as_of_date, CustomerID)
            WHERE as_of_date = ? AND segment = ? GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1""",
            [LAST_DAY, segment],
        )
        assert f"<em>{names[0][0]} " in tile
        assert f"<strong>{fmt.short_money(revenue)}</strong>" in tile
        assert f"<small>{fmt.plural(customers, 'customer')} · " in tile
        assert (f"{joined - left:+} net" if joined != left else "no net change") in tile
        assert f"href='customers?as_of={LAST_DAY}&amp;segment={segment.replace(' ', '+')}'" in tile


@pytest.mark.usefixtures("published")
def test_the_thresholds_of_the_day_are_said_and_the_first_weeks_are_no_base_for_segments() -> None:
    assert "Thresholds on 3 Sep 2025: Growing Value spent more than £" in texts(open_page("segments")).replace("\\", "")
    assert "segments mean little" not in texts(open_page("segments"))
    assert "segments mean little" in texts(open_page("segments", as_of=str(FIRST_DAY + timedelta(days=27))))


def test_the_thresholds_are_those_of_the_policy_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    medians = {"day": date(2025, 7, 3), "median_monetary": 311.05, "median_frequency": 1.0, "median_recency": 4.0}
    assert "spent more than £311.05 and High Value more than £622.10;" in thresholds(medians)
    policy = Segments.model_validate({"growing_above_amount": 250, "high_above_amount": 1000, "active_within_days": 90})
    monkeypatch.setattr(in_force, "segments", lambda: policy)
    assert "spent more than £250.00 and High Value more than £1,000.00;" in thresholds(medians)
    assert "recent is under 90 days since" in thresholds(medians)


def test_a_jump_names_the_median_that_changed_most_and_is_a_line_over_time() -> None:
    jump = {"day": date(2025, 4, 26), "moved": 480, "frequency": 2.0, "frequency_before": 1.0}
    jump |= {"recency": 81.0, "recency_before": 80.0, "monetary": 469.22, "monetary_before": 466.44}
    assert said(jump) == "26 Apr 2025: median orders 1 to 2; 480 changed segment without ordering"
    assert changes(jump)[1:] == ["median days since last order 80 to 81", "median spend £466.44 to £469.22"]
    found = [Break(date(2025, 4, 26), "a jump", "dashed"), Break(date(2025, 5, 1), "another policy", "solid")]
    first, second = marked({"series": [{"name": "a"}, {"name": "b"}]}, found)["series"]
    lines = [(line["xAxis"], line["name"], line["lineStyle"]["type"]) for line in first["markLine"]["data"]]
    assert lines == [("2025-04-26", "26 Apr", "dashed"), ("2025-05-01", "1 May", "solid")]
    assert second == {"name": "b"}


def test_jumps_are_the_days_on_which_thresholds_alone_moved_many(published: Path) -> None:
    found = jumps(View(current(), LAST_DAY, known_days(current())))
    wanted = stored(
        published,
        """SELECT as_of_date, sum(threshold) FROM gold.segment_migration
        WHERE compared_to = as_of_date - 1 AND as_of_date >= ? GROUP BY as_of_date
        HAVING sum(threshold) >= 0.05 * sum(Customer_Count) ORDER BY 1""",
        [FIRST_DAY + timedelta(days=28)],
    )
    assert [(jump["day"], jump["moved"]) for jump in found] == wanted


CHANGED_POLICY = LAST_DAY - timedelta(days=20)


def test_a_change_of_the_policy_is_a_line_on_every_axis_of_time(
    published: Path, dashboard_reads: Reads, tmp_path: Path
) -> None:
    newer = f"UPDATE gold.segment_thresholds SET policy = 'another' WHERE as_of_date >= '{CHANGED_POLICY}'"
    dashboard_reads(changed(published, tmp_path, newer))
    assert CHANGED_POLICY in [one.day for one in breaks(View(current(), LAST_DAY, known_days(current())))]
    ((customer,),) = stored(
        published, "SELECT min(CustomerID) FROM gold.customer_segments WHERE as_of_date = ?", [FIRST_DAY]
    )
    for page, query in {"segments": {}, "growth": {}, "data_quality": {}, "customers": {"customer": customer}}.items():
        app = open_page(page, **query)
        over_time = [option for option in charts(app) if option.get("xAxis", {}).get("type") == "time"]
        assert over_time
        for option in over_time:
            lines = option["series"][0]["markLine"]["data"]
            assert str(CHANGED_POLICY) in [line["xAxis"] for line in lines if line["lineStyle"]["type"] == "solid"]
        assert "solid, the policy changed" in texts(app)


def test_a_copy_from_before_there_were_policies_has_no_changes_of_them(
    published: Path, dashboard_reads: Reads, tmp_path: Path
) -> None:
    dashboard_reads(changed(published, tmp_path, "ALTER TABLE gold.segment_thresholds DROP COLUMN policy"))
    app = open_page("segments")
    assert not app.exception
    assert "policy" not in texts(app)


@pytest.mark.parametrize("ago", [7, 30, 60])
def test_the_map_by_the_thresholds_of_another_day_has_the_segments_that_its_medians_make(
    published: Path, ago: int
) -> None:
    day = LAST_DAY - timedelta(days=ago)
    wanted = stored(published, BY_MEDIANS, {"day": day, "as_of": LAST_DAY})
    app = open_page("segments", segments_thresholds_of=str(day))
    table, _playbooks = tables(app)
    shown = zip(table["Segment"], table["Customers"], table["Lifetime revenue"], strict=True)
    assert sorted(shown) == [(name, fmt.count(many), fmt.exact_money(spent)) for name, many, spent in wanted]
    own = dict(
        stored(published, "SELECT CustomerID, segment FROM gold.customer_segments WHERE as_of_date = ?", [LAST_DAY])
    )
    assert f"of {fmt.count(len(own))} would be in another segment" in texts(app).replace("\\", "")
    assert f"Thresholds on {fmt.day(day)}" in texts(app)


def test_a_tile_by_other_thresholds_opens_its_customers(published: Path) -> None:
    day = LAST_DAY - timedelta(days=30)
    wanted = {name: many for name, many, _ in stored(published, BY_MEDIANS, {"day": day, "as_of": LAST_DAY})}
    segment = "High Value - At Risk"
    app = open_page("customers", **parse_qs(urlparse(restated_link(LAST_DAY, day, segment)).query))
    assert app.header[0].value.startswith(
        f"{fmt.plural(wanted[segment], 'customer')} in all segments, who are in {segment}"
    )
    vain = open_page("customers", thresholds_of="1999-01-01", placed_in="Whales")
    assert sum("asks for" in note.value for note in vain.info) == 2
