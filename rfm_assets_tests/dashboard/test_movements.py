"""The Movements page compares any two days by the pipeline's own rule and counts every customer once."""

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from rfm_assets.config.segments import NEW_CUSTOMER
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.figures.movements import CAUSES, joined_and_left, matrix, sankey
from rfm_assets.dashboard.published_copy import current
from rfm_assets.dashboard.segment_flows import flows
from rfm_assets_tests.dashboard.conftest import Reads
from rfm_assets_tests.dashboard.shop import FIRST_DAY, LAST_DAY, cards, changed, open_page, stored, tables, texts

pytestmark = pytest.mark.slow

PAIR = ["from_segment", "to_segment"]


def ago(days: int) -> date:
    return LAST_DAY - timedelta(days=days)


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("days", [1, 2, 7, 15, 30, 60])
def test_every_customer_is_counted_once_and_every_mover_has_a_cause(days: int) -> None:
    found = flows(current(), LAST_DAY, ago(days))
    known = cards(open_page("segments"))["Customers"]
    assert fmt.count(found["customers"].sum()) == known
    moved = found[found["from_segment"] != found["to_segment"]]
    assert (moved[list(CAUSES)].sum(axis="columns") == moved["customers"]).all()


@pytest.mark.parametrize("days", [1, 7, 30])
def test_any_two_days_are_compared_as_the_pipeline_compares_its_own(
    published: Path, dashboard_reads: Reads, tmp_path: Path, days: int
) -> None:
    stored = flows(current(), LAST_DAY, ago(days)).sort_values(PAIR, ignore_index=True)
    dashboard_reads(changed(published, tmp_path, "DROP TABLE gold.segment_migration"))
    computed = flows(current(), LAST_DAY, ago(days)).sort_values(PAIR, ignore_index=True)
    assert len(stored) > 10
    pd.testing.assert_frame_equal(stored, computed)


def test_the_cards_add_up(published: Path) -> None:
    shown = {label: int(value.replace(",", "")) for label, value in cards(open_page("movements")).items()}
    assert shown["Customers"] == shown["Stayed"] + shown["Moved"] + shown["New in 7 days"]
    assert shown["Moved"] == shown["Ordered"] + shown["Lapsed"] + shown["Thresholds shifted"]
    assert shown["Bought in 7 days"] > shown["Ordered"] + shown["New in 7 days"]
    before = stored(published, "SELECT count(*) FROM gold.customer_segments WHERE as_of_date = ?", [ago(7)])
    assert before == [(shown["Stayed"] + shown["Moved"],)]


@pytest.mark.usefixtures("published")
def test_another_day_may_be_any_earlier_one() -> None:
    app = open_page("movements")
    app.date_input(key="compare_to").set_value(ago(12)).run()
    assert not app.exception
    assert f"{fmt.day(ago(12))} to {fmt.day(LAST_DAY)}" in texts(app)


@pytest.mark.usefixtures("published")
def test_a_link_opens_the_day_compared() -> None:
    app = open_page("movements", compare_to=str(ago(12)))
    assert f"{fmt.day(ago(12))} to {fmt.day(LAST_DAY)}" in texts(app)
    assert not app.info


@pytest.mark.usefixtures("published")
def test_only_those_who_are_or_were_in_the_chosen_segments_are_shown() -> None:
    chosen = "Growing Value - At Risk"
    found = flows(current(), LAST_DAY, ago(7))
    touched = found[(found["from_segment"] == chosen) | (found["to_segment"] == chosen)]
    app = open_page("movements", segment=[chosen])
    assert cards(app)["In these segments on either day"] == fmt.count(touched["customers"].sum())
    assert cards(app)["Customers"] == cards(open_page("segments", segment=[chosen]))["Customers"]
    assert "only customers in the chosen segments on either day" in texts(app)


@pytest.mark.usefixtures("published")
def test_the_first_day_has_nothing_to_compare_with_and_says_so() -> None:
    assert "No earlier day" in texts(open_page("movements", as_of=str(FIRST_DAY)))


@pytest.mark.usefixtures("published")
def test_a_history_too_young_for_the_days_asked_for_says_so_and_offers_fewer() -> None:
    third = FIRST_DAY + timedelta(days=2)
    app = open_page("movements", as_of=str(third))
    assert "No data from 7 days before to compare with: history begins on 26 Jun 2025" in texts(app)
    app.segmented_control(key="movements_compared").set_value("1 day before").run()
    assert f"27 Jun 2025 to {fmt.day(third)}" in texts(app)
    assert cards(app)["Customers"] == cards(open_page("segments", as_of=str(third)))["Customers"]


@pytest.mark.usefixtures("published")
def test_a_picked_day_that_is_not_earlier_any_more_gives_way() -> None:
    app = open_page("movements")
    app.date_input(key="compare_to").set_value(ago(2)).run()
    app.date_input(key="as_of").set_value(ago(5)).run()
    assert not app.exception
    assert f"{fmt.day(ago(12))} to {fmt.day(ago(5))}" in texts(app)


HIGH, BASE = "High Value - Active & Engaged", "Base Value - Inactive"
FLOWS = pd.DataFrame(
    [
        (HIGH, HIGH, 50, 0, 0, 0, 0),
        (BASE, HIGH, 7, 7, 0, 0, 0),
        (HIGH, BASE, 5, 0, 3, 2, 0),
        (NEW_CUSTOMER, BASE, 4, 0, 0, 0, 4),
    ],
    columns=[*PAIR, "customers", "purchased", "aged", "threshold", "new"],
)


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("link", [{}, {"segment": "High Value - At Risk"}])
def test_shares_of_those_who_stayed_or_moved_are_of_everybody_known_before(link: dict[str, str]) -> None:
    found = flows(current(), LAST_DAY, ago(7))
    known = int((found["customers"] - found["new"]).sum())
    shown = {card.label: card for card in open_page("movements", **link).metric}
    for label in ("Stayed", "Moved"):
        number = int(str(shown[label].value).replace(",", ""))
        assert shown[label].delta == fmt.percent(100 * number / known)
        assert shown[label].proto.delta_description == f"of the {fmt.count(known)} known before"


def test_only_segments_of_which_every_flow_is_there_have_a_balance() -> None:
    drawn = joined_and_left(FLOWS, [BASE])["series"]
    assert {name for series in drawn for _, name, _ in series["data"]} == {"Base · Inactive"}


def test_arrivals_and_departures_are_counted_by_cause() -> None:
    drawn = joined_and_left(FLOWS, [HIGH, BASE])["series"]
    assert {series["name"] for series in drawn} == {title for title, _ in CAUSES.values()}
    bars = {text: number for series in drawn for number, _, text in series["data"] if number}
    assert bars == {
        "High · Active: 7 joined, Ordered": 7,
        "Base · Inactive: 7 left, Ordered": -7,
        "Base · Inactive: 3 joined, Lapsed": 3,
        "High · Active: 3 left, Lapsed": -3,
        "Base · Inactive: 2 joined, Thresholds shifted": 2,
        "High · Active: 2 left, Thresholds shifted": -2,
        "Base · Inactive: 4 joined, New customer": 4,
    }


def test_the_matrix_has_a_line_for_each_origin_and_tells_those_who_stayed_without_colours_too() -> None:
    drawn = matrix(FLOWS)
    assert drawn.titles == [("High", "Active"), ("Base", "Inactive")]
    assert [(name, [cell.text for cell in cells]) for name, cells in drawn.lines] == [
        ("High · Active", ["50", "5"]),
        ("Base · Inactive", ["7", ""]),
        (NEW_CUSTOMER, ["", "4"]),
    ]
    assert [[cell.apart for cell in cells] for _, cells in drawn.lines] == [
        [True, False],
        [False, False],
        [False, False],
    ]
    assert [[cell.shade is None for cell in cells] for _, cells in drawn.lines] == [
        [True, False],
        [False, True],
        [True, False],
    ]


def test_the_flows_lead_from_each_origin_to_each_segment_in_order() -> None:
    (drawn,) = sankey(FLOWS[FLOWS["from_segment"] != FLOWS["to_segment"]])["series"]
    assert [(node["name"], node["label"]["formatter"]) for node in drawn["data"]] == [
        ("from High · Active", "High · Active 5"),
        ("from Base · Inactive", "Base · Inactive 7"),
        ("from New customer", "New customer 4"),
        ("to High · Active", "High · Active 7"),
        ("to Base · Inactive", "Base · Inactive 9"),
    ]
    assert {(link["source"], link["target"]): link["value"] for link in drawn["links"]} == {
        ("from High · Active", "to Base · Inactive"): 5,
        ("from Base · Inactive", "to High · Active"): 7,
        ("from New customer", "to Base · Inactive"): 4,
    }


@pytest.mark.usefixtures("published")
def test_net_movement_of_a_segment_is_in_customers_and_money(published: Path) -> None:
    (table,) = tables(open_page("movements"))
    for place, segment in enumerate(table["Segment"]):
        ((joined, spent, left, spent_left),) = stored(
            published,
            """SELECT count(*) FILTER (now.segment = $3), coalesce(sum(now.Monetary) FILTER (now.segment = $3), 0),
                count(*) FILTER (earlier.segment = $3), coalesce(sum(now.Monetary) FILTER (earlier.segment = $3), 0)
            FROM gold.customer_segments AS now
            LEFT JOIN gold.customer_segments AS earlier
                ON earlier.CustomerID = now.CustomerID AND earlier.as_of_date = $2
            WHERE now.as_of_date = $1 AND earlier.segment IS DISTINCT FROM now.segment""",
            [LAST_DAY, ago(7), segment],
        )
        numbers = [
            table[title][place] for title in ("Joined", "Left", "Net", "Joined, spend", "Left, spend", "Net, spend")
        ]
        money = (fmt.exact_money(amount) for amount in (spent, spent_left, spent - spent_left))
        assert numbers == [fmt.count(joined), fmt.count(left), f"{joined - left:+,}", *money]


def test_which_median_moved_is_said(published: Path) -> None:
    now, then = (
        stored(published, "SELECT median_monetary FROM gold.segment_thresholds WHERE as_of_date = ?", [day])[0][0]
        for day in (LAST_DAY, ago(7))
    )
    assert f"median spend {fmt.money(then)} to {fmt.money(now)}" in texts(open_page("movements")).replace("\\", "")
