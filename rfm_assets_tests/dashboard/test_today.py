"""Today agrees with the tables it reads: its sentence, its cards and their lists, also over older copies."""

import csv
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from streamlit.testing.v1 import AppTest

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.audience_download import list_csv
from rfm_assets.dashboard.groups import SLIPPED as SLIPPED_GROUP
from rfm_assets.dashboard.published_copy import current
from rfm_assets.dashboard.sorting import EVERYONE, OVERDUE_ONES
from rfm_assets.dashboard.today_actions import BEST, actions
from rfm_assets.dashboard.today_sentence import Week, sentence
from rfm_assets.dashboard.view import View, known_days
from rfm_assets_tests.dashboard.conftest import Reads
from rfm_assets_tests.dashboard.shop import FIRST_DAY, LAST_DAY, changed, open_page, stored, tables, texts
from rfm_assets_tests.dashboard.todays import FIRST_OF_THEM, GROUP, MEMBERS, OVERDUE, SLIPPED, WEEK

pytestmark = pytest.mark.slow

DAYS = [LAST_DAY, date(2025, 8, 31), date(2025, 8, 20), date(2025, 7, 30), FIRST_DAY + timedelta(days=8)]
every_day = pytest.mark.parametrize("day", DAYS)


def titles(app: AppTest) -> list[str]:
    return [header.value for header in app.header]


def card(app: AppTest, title: str) -> Any:  # noqa: ANN401
    return app.metric[titles(app).index(title)]


@every_day
def test_each_card_counts_its_customers_and_their_money(published: Path, day: date) -> None:
    app = open_page("today", as_of=str(day))
    assert not app.exception
    for title, members in MEMBERS.items():
        ((number, spent, expected, low, high, known),) = stored(published, GROUP.format(members=members), {"day": day})
        assert (title in titles(app)) == (number > 0)
        if not number:
            continue
        shown = card(app, title)
        assert shown.value == fmt.plural(number, "customer")
        assert shown.delta == f"{fmt.brief_money(spent)} lifetime spend, gross"
        best = stored(published, FIRST_OF_THEM.format(members=members), {"day": day})
        drawn = [f">{name}</a> ({fmt.brief_money(amount)})" for name, amount in best]
        assert any(all(one in html.proto.body for one in drawn) for html in app.get("html"))
        if known == number:
            numbers = [fmt.brief_money(amount) for amount in (expected, low, high)]
            assert fmt.md("Expected in 30 days: {} ({} to {})".format(*numbers)) in texts(app)


@every_day
def test_each_card_leads_to_its_customers_and_exports_them(published: Path, day: date) -> None:
    copy = current()
    for action in actions(View(copy, day, known_days(copy))):
        if not action.group:
            continue
        view = View(copy, day, known_days(copy))
        app = open_page("customers", **parse_qs(urlparse(action.to).query))
        assert app.header[0].value.startswith(f"{action.number} in ")
        ids = action.group.ids(view)
        file = list_csv(copy, day, action.segments, EVERYONE.order("highest spend"), ids).decode("utf-8-sig")
        assert fmt.plural(len(file.splitlines()) - 1, "customer") == action.number
    assert stored(published, "SELECT count(*) FROM gold.customer_scores WHERE as_of_date = ?", [day])


@every_day
def test_the_list_of_who_slipped_says_the_money_of_the_sentence_and_lifetime(published: Path, day: date) -> None:
    select = f"""
        SELECT sum(ProductAmount), (SELECT sum(Monetary) FROM gold.customer_segments
            WHERE as_of_date = $day AND {MEMBERS[SLIPPED]})
        FROM silver.invoices WHERE processing_date <= $day AND CustomerID IN (
            SELECT CustomerID FROM gold.customer_segments WHERE as_of_date = $day AND {MEMBERS[SLIPPED]})
    """
    ((counted, spent),) = stored(published, select, {"day": day})
    if spent:
        said = f"{fmt.brief_money(counted)} in the past year · {fmt.short_money(spent)} lifetime spend, gross"
        app = open_page("customers", who="slipped", as_of=str(day))
        assert any(said in html.proto.body for html in app.get("html"))


OVERDUE_LISTED = """
    SELECT CustomerID, date_diff('day', Next_Order_Due, as_of_date) AS days, Value_Score, CustomerID IN (
        SELECT CustomerID FROM gold.customer_scores WHERE as_of_date = $day - 7 AND Overdue) AS already
    FROM gold.customer_segments JOIN gold.customer_scores USING (as_of_date, CustomerID)
    WHERE as_of_date = $day AND Overdue AND value_tier = 'High Value'
    ORDER BY already, days, CustomerID
"""


@every_day
def test_the_list_of_the_overdue_begins_with_those_who_became_so_this_week(published: Path, day: date) -> None:
    listed = stored(published, OVERDUE_LISTED, {"day": day})
    newly = sum(not already for *_, already in listed)
    copy = current()
    view = View(copy, day, known_days(copy))
    found = [one for one in actions(view) if one.title == OVERDUE]
    assert bool(found) == bool(listed)
    if not found:
        return
    (action,) = found
    app = open_page("customers", **parse_qs(urlparse(action.to).query))
    (table,) = tables(app)
    shown = list(zip(table["Customer"], table["Days overdue"], table["Value score"], strict=True))
    assert shown == [(name, fmt.count(days), fmt.mean(score)) for name, days, score, _ in listed[:25]]
    said = f"{newly or 'None'} became overdue in the last 7 days"
    assert fmt.md(said) in fmt.md(texts(app))
    assert (f"{newly} became overdue in the last 7 days" in action.why) == (newly > 0)
    order = OVERDUE_ONES.order("newly overdue")
    assert action.group
    file = list_csv(copy, day, action.segments, order, action.group.ids(view)).decode("utf-8-sig")
    week_ago_is_known = day - timedelta(days=7) in view.customer_days
    assert [
        (row["CustomerID"], row["Days_Overdue"], float(row["Value_Score"]), row["Newly_Overdue"])
        for row in csv.DictReader(file.splitlines())
    ] == [
        (name, str(days), score, str(not already).lower() if week_ago_is_known else "")
        for name, days, score, already in listed
    ]


@pytest.mark.usefixtures("published")
def test_the_list_of_the_overdue_is_sorted_by_its_own_columns_too() -> None:
    def column(order: str, title: str) -> list[float]:
        table = tables(open_page("customers", who="overdue", overdue_order=order))[0][title]
        return [float(text.replace(",", "")) for text in table]

    for order, title in {"most days overdue": "Days overdue", "highest value score": "Value score"}.items():
        assert column(order, title) == sorted(column(order, title), reverse=True)
    assert "Days overdue" not in tables(open_page("customers"))[0]


@every_day
def test_the_sentence_has_the_week_after_the_one_before(published: Path, day: date) -> None:
    ((now, before),) = stored(published, WEEK, {"day": day})
    said = texts(open_page("today", as_of=str(day)))
    assert fmt.md(fmt.brief_money(now)) in said
    if day >= FIRST_DAY + timedelta(days=13):
        assert fmt.md((fmt.change(now, before) or "")[1:]) in said
    else:
        assert "last week" not in said
        assert "the week before" not in said


@every_day
def test_the_sentence_says_how_many_of_the_best_slipped_and_what_they_spent(published: Path, day: date) -> None:
    select = f"""
        SELECT count(DISTINCT CustomerID), coalesce(sum(ProductAmount), 0) FROM silver.invoices
        WHERE processing_date <= $day AND CustomerID IN (
            SELECT CustomerID FROM gold.customer_segments WHERE as_of_date = $day AND {MEMBERS[SLIPPED]})
    """
    ((number, spent),) = stored(published, select, {"day": day})
    words = f"{number} of your best customers, {fmt.brief_money(spent)} in the past year, slipped to At Risk"
    assert fmt.md(words if number else "none of your best customers slipped") in texts(
        open_page("today", as_of=str(day))
    )


@pytest.mark.usefixtures("published")
@every_day
def test_cards_are_ordered_by_money(day: date) -> None:
    copy = current()
    money = [action.money for action in actions(View(copy, day, known_days(copy)))]
    assert money == sorted(money, reverse=True)


def test_a_day_without_a_file_is_a_card_with_what_such_days_bring(
    dashboard_reads: Reads, sample_snapshot: Path, tmp_path: Path
) -> None:
    gone = LAST_DAY - timedelta(days=2)
    lost = [f"DELETE FROM quality.bronze_daily_quality WHERE processing_date = DATE '{gone}'"]
    dashboard_reads(changed(sample_snapshot, tmp_path, *lost))
    before = [gone - timedelta(days=7 * weeks) for weeks in (1, 2, 3, 4)]
    select = """
        SELECT sum(ProductAmount) / 4 FROM silver.invoices
        WHERE CustomerID IS NOT NULL AND list_contains(?, processing_date)
    """
    ((usual,),) = stored(sample_snapshot, select, [before])
    app = open_page("today")
    shown = card(app, "Data did not arrive")
    assert (shown.value, shown.delta) == ("1 day", f"{fmt.brief_money(usual)} is usual for these days")
    assert fmt.md(f"No file for {fmt.day(gone)}.") in texts(app)


@pytest.mark.usefixtures("published")
def test_no_card_is_of_data_that_did_arrive() -> None:
    assert "Data did not arrive" not in titles(open_page("today"))


def test_returns_that_jumped_are_a_card_of_those_who_returned(
    dashboard_reads: Reads, sample_snapshot: Path, tmp_path: Path
) -> None:
    """In the week, ten customers send back 1,000 each on top."""
    ten = f"""CustomerID IN (
        SELECT CustomerID FROM gold.customer_segments WHERE as_of_date = DATE '{FIRST_DAY}'
        ORDER BY CustomerID LIMIT 10)"""
    raised = [
        f"UPDATE gold.customer_money SET Returned = Returned + 1000 WHERE as_of_date = DATE '{LAST_DAY}' AND {ten}",
    ]
    folder = changed(sample_snapshot, tmp_path, *raised)
    select = "SELECT as_of_date, sum(Returned) FROM gold.customer_money GROUP BY ALL"
    total = dict(stored(sample_snapshot, select))
    week = total[LAST_DAY] - total[LAST_DAY - timedelta(days=7)] + 10_000
    dashboard_reads(folder)
    app = open_page("today")
    assert card(app, "Returns jumped this week").delta == f"{fmt.brief_money(week)} returned in 7 days"
    said = f"{fmt.brief_money(week)} returned in the 7 days to {fmt.day(LAST_DAY)} · "
    assert any(said in html.proto.body for html in open_page("customers", who="returned").get("html"))


def test_an_older_copy_opens_and_says_which_cards_it_lacks(
    dashboard_reads: Reads, sample_snapshot: Path, tmp_path: Path
) -> None:
    lacks = ("gold.customer_scores", "gold.customer_money", "proof.expected_revenue", "gold.segment_migration")
    dashboard_reads(changed(sample_snapshot, tmp_path, *(f"DROP TABLE {table}" for table in lacks)))
    app = open_page("today")
    assert not app.exception
    assert OVERDUE not in titles(app)
    assert fmt.md("this copy has no gold.customer_scores; `rfm refresh` publishes it") in texts(app)
    assert "threshold" not in app.markdown[0].value
    asked = open_page("customers", who="overdue")
    assert "Everyone is shown" in texts(asked)


@pytest.mark.usefixtures("published")
def test_an_address_with_an_unknown_group_says_so() -> None:
    assert fmt.md("asks for the group whales, which does not exist: everyone is shown.") in texts(
        open_page("customers", who="whales")
    )


DAY, NEWEST = date(2026, 4, 28), True
JUMP = {
    "day": date(2026, 4, 26), "moved": 480,
    "frequency": 2, "frequency_before": 1, "recency": 50, "recency_before": 50, "monetary": 700, "monetary_before": 690,
}  # fmt: skip


@pytest.mark.parametrize(
    ("week", "said"),
    [
        (
            Week(DAY, NEWEST, 263_000, 323_096, 41, 138_000, 32, []),
            (
                "This week £263k, 18.6% below last week; 41 of your best customers, £138k in the past year, slipped to "
                "At Risk, and 32 came back; no threshold moved."
            ),
        ),
        (Week(DAY, not NEWEST, 1_200, 600), "In the week to 28 Apr 2026 £1.20k, 100.0% above the week before."),
        (
            Week(DAY, NEWEST, 0, 0, 0, won_back=0),
            "This week £0, the same as last week; none of your best customers slipped to At Risk.",
        ),
        (Week(DAY, NEWEST, 90, 0), "This week £90, after nothing last week."),
        (
            Week(DAY, NEWEST, 90, jumps=[JUMP]),
            "This week £90; median orders 1 to 2 on 26 Apr 2026, which moved 480 customers.",
        ),
    ],
)
def test_the_sentence_says_what_is_known_and_leaves_out_what_is_not(week: Week, said: str) -> None:
    assert sentence(week) == said


def test_the_best_are_those_of_high_value() -> None:
    assert len(BEST) == 4


def test_the_best_are_those_of_high_value_whatever_a_shop_calls_them(tmp_path: Path) -> None:
    shop = tmp_path / "rfm.toml"
    shop.write_text("[segments.cells.'High Value - At Risk']\nname = 'Call them'\n", encoding="utf-8")
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore",
            "-c",
            "from rfm_assets.dashboard.today_actions import BEST; print(*BEST, sep='|')",
        ],
        env=os.environ | {"RFM_CONFIG": str(shop)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip().split("|") == [
        "High Value - Active & Engaged",
        "Call them",
        "High Value - Developing",
        "High Value - Inactive",
    ]


def test_who_slipped_is_found_whatever_a_shop_calls_the_segments(
    dashboard_reads: Reads, sample_snapshot: Path, tmp_path: Path
) -> None:
    day = next(day for day in DAYS if stored(sample_snapshot, f"FROM ({slipped_on(day)})"))
    before = stored(sample_snapshot, f"{slipped_on(day)} ORDER BY 1")
    renamed = "UPDATE gold.customer_segments SET segment = 'our ' || lower(segment)"
    dashboard_reads(changed(sample_snapshot, tmp_path, renamed))
    found = SLIPPED_GROUP.ids(View(current(), day, known_days(current())))
    assert sorted(row["CustomerID"] for row in current().rows(found)) == [customer for (customer,) in before]


def slipped_on(day: date) -> str:
    """The high-value customers who became at risk in the week to a day, by the default names."""
    return f"""SELECT CustomerID FROM gold.customer_segments
        WHERE as_of_date = DATE '{day}' AND {MEMBERS[SLIPPED].replace("$day", f"DATE '{day}'")}"""
