"""Every number on Today equals SQL over the published copy, on twenty days."""

import re
from datetime import timedelta
from typing import Any

import pytest

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.threshold_jumps import changes
from rfm_assets_tests.dashboard.numbers import JUMPS, Asked, drawn, metrics, numbers, prose
from rfm_assets_tests.dashboard.shop import FIRST_DAY, LAST_DAY, open_page
from rfm_assets_tests.dashboard.todays import FIRST_OF_THEM, GROUP, MEMBERS, OVERDUE, SECOND, SLIPPED, WEEK, WON_BACK

pytestmark = pytest.mark.slow

AT_RISK = (
    "SELECT sum(revenue_at_risk) AS money FROM proof.expected_revenue WHERE as_of_date = $day AND segment ^@ 'High'"
)
SPENT_IN_A_YEAR = f"""
    SELECT coalesce(sum(ProductAmount), 0) AS money FROM silver.invoices
    WHERE processing_date BETWEEN $day - 364 AND $day AND CustomerID IN (
        SELECT CustomerID FROM gold.customer_segments WHERE as_of_date = $day AND {MEMBERS[SLIPPED]})
"""
NEWLY = f"""
    SELECT count(*) AS n FROM gold.customer_segments JOIN gold.customer_scores USING (as_of_date, CustomerID)
    WHERE as_of_date = $day AND {MEMBERS[OVERDUE]} AND CustomerID NOT IN (
        SELECT CustomerID FROM gold.customer_scores WHERE as_of_date = $day - 7 AND Overdue)
"""
RETURNED = """
    SELECT sum(Returned) FILTER (as_of_date = $day) - sum(Returned) FILTER (as_of_date = $day - 7) AS week,
        (sum(Returned) FILTER (as_of_date = $day - 7) - sum(Returned) FILTER (as_of_date = $day - 35)) / 4 AS usual
    FROM gold.customer_money
"""
WHO_RETURNED = """CustomerID IN (
    SELECT CustomerID FROM gold.customer_money GROUP BY CustomerID
    HAVING max(Returned) FILTER (as_of_date = $day) > coalesce(max(Returned) FILTER (as_of_date = $day - 7), 0))"""


def test_every_number_of_today_is_that_of_sql(asked: Asked) -> None:
    app = open_page("today", as_of=str(asked.day))
    is_young = (asked.day - FIRST_DAY).days < 28
    sentence = _sentence(asked, is_young=is_young)
    assert str(app.markdown[0].value).replace("\\", "") == sentence
    cards, firsts, told = [], [], numbers(sentence) | ({"28"} if is_young else set())
    for title, members in {**MEMBERS, RETURNS: WHO_RETURNED}.items():
        (group,) = asked.rows(
            f"SELECT * FROM ({GROUP.format(members=members)}) AS found(n, spent, mean, low, high, known)"
        )
        returned = asked.row(RETURNED)
        if not group["n"] or (title == RETURNS and not _jumped(returned)):
            continue
        of = "returned in 7 days" if title == RETURNS else "lifetime spend, gross"
        money = returned["week"] if title == RETURNS else group["spent"]
        cards.append((money, title, ("Who", fmt.plural(group["n"], "customer"), f"{fmt.brief_money(money)} {of}", "")))
        best = asked.rows(FIRST_OF_THEM.format(members=members))
        firsts.append(["First:", *(text for row in best for text in (row["CustomerID"], row["Monetary"]))])
        told |= {"30"}
        if group["known"] == group["n"]:
            told |= {"95%", *(fmt.brief_money(group[name]) for name in ("mean", "low", "high"))}
        if title == OVERDUE and (newly := asked.row(NEWLY)["n"]):
            told |= {fmt.count(newly), "7"}
        if title == OVERDUE and (at_risk := asked.row(AT_RISK)["money"]):
            told.add(fmt.brief_money(at_risk))
        if title == SECOND:
            told.add("7")
        if title == RETURNS:
            told.add(fmt.brief_money(returned["usual"]))
    cards.sort(key=lambda card: (-card[0], card[1]))
    assert metrics(app) == [card for *_, card in cards]
    assert [header.value for header in app.header] == [title for _, title, _ in cards]
    shown = [text for text in drawn(app, "rfm-links") if text[0] == "First:"]
    assert sorted(map(_names_and_money, shown)) == sorted(
        [first[1::2] + [fmt.brief_money(money) for money in first[2::2]] for first in firsts]
    )
    assert numbers(prose(app)) == told


RETURNS = "Returns jumped this week"


def _jumped(returned: dict[str, Any]) -> bool:
    week, usual = returned["week"], returned["usual"]
    return usual is not None and week > 0 and float(week) >= 1.5 * float(usual)


def _names_and_money(first: list[str]) -> list[str]:
    """The names in a line such as `First: A (£2), B (£1)`, followed by their money."""
    return first[1::2] + [re.sub(r"[(),]", "", text) for text in first[2::2]]


def _sentence(asked: Asked, *, is_young: bool) -> str:
    is_newest = asked.day == LAST_DAY
    (week,) = asked.rows(f"SELECT * FROM ({WEEK}) AS week(now, before)")
    than = "last week" if is_newest else "the week before"
    change = fmt.change(week["now"], week["before"])
    assert change
    when = "This week" if is_newest else f"In the week to {fmt.day(asked.day)}"
    side = "above" if week["now"] > week["before"] else "below"
    parts = [f"{when} {fmt.brief_money(week['now'])}, {change[1:]} {side} {than}"]
    slipped = asked.row(f"SELECT n FROM ({GROUP.format(members=MEMBERS[SLIPPED])}) AS found(n, a, b, c, d, e)")["n"]
    spent = fmt.brief_money(asked.row(SPENT_IN_A_YEAR)["money"])
    came_back = asked.row(f"SELECT count(*) AS n FROM gold.customer_segments WHERE as_of_date = $day AND ({WON_BACK})")[
        "n"
    ]
    parts.append(
        (
            f"{slipped} of your best customers, {spent} in the past year, slipped to At Risk"
            if slipped
            else "none of your best customers slipped to At Risk"
        )
        + (f", and {came_back} came back" if came_back else "")
    )
    jumps = [jump for jump in asked.rows(JUMPS) if jump["day"] > asked.day - timedelta(days=7)]
    if not is_young:
        parts += [
            f"{changes(jump)[0]} on {fmt.day(jump['day'])}, which moved {fmt.plural(jump['moved'], 'customer')}"
            for jump in jumps
        ] or ["no threshold moved"]
    return f"{'; '.join(parts)}."
