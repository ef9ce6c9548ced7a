"""Each link from a mark opens exactly the customers that the mark counts, with their money."""

import csv
import io
from datetime import date, timedelta
from html import escape
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest

from rfm_assets.config.segments import NEW_CUSTOMER
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.audience_download import list_csv
from rfm_assets.dashboard.chart_links import address_of, table_links, with_choices
from rfm_assets.dashboard.chart_table import chart_data
from rfm_assets.dashboard.customer_links import (
    CAUSES,
    bought_link,
    cluster_link,
    cohort_link,
    country_link,
    fifth_link,
    first_link,
    flow_link,
    moved_link,
    ordered_link,
    segment_link,
)
from rfm_assets.dashboard.customer_selection import CustomerSelection
from rfm_assets.dashboard.figures.growth import by_month, month_leads, months_data
from rfm_assets.dashboard.figures.movements import balance_leads, flow_leads, joined_and_left, sankey
from rfm_assets.dashboard.linked_movers import moved_words
from rfm_assets.dashboard.published_copy import current
from rfm_assets.dashboard.segment_flows import flows
from rfm_assets.dashboard.sorting import EVERYONE
from rfm_assets.gold.segments import RECOMMENDATIONS
from rfm_assets.warehouse.query import Query
from rfm_assets_tests.dashboard.shop import FIRST_DAY, LAST_DAY, cards, open_page, stored, texts

pytestmark = pytest.mark.slow

WEEK_AGO = LAST_DAY - timedelta(days=7)
CUT = date(2025, 7, 31)
"""The last month's end with 30 complete days after it."""
AT_RISK, ACTIVE = "High Value - At Risk", "High Value - Active & Engaged"
MOVED = """
    SELECT count(*), sum(now.Monetary)
    FROM gold.customer_segments AS now
    LEFT JOIN gold.customer_segments AS earlier ON earlier.CustomerID = now.CustomerID AND earlier.as_of_date = ?
    WHERE now.as_of_date = ? AND coalesce(earlier.segment, 'New customer') = ? AND now.segment = ?
"""
OF_SALES = """
    SELECT count(*)
    FROM (SELECT CustomerID FROM silver.invoices WHERE CustomerID IS NOT NULL GROUP BY CustomerID HAVING {})
    JOIN gold.customer_segments USING (CustomerID) WHERE as_of_date = ?
"""


def query(link: str) -> dict[str, list[str]]:
    return parse_qs(urlparse(link).query)


def listed(link: str) -> int:
    """How many customers are in the list behind a link."""
    app = open_page("customers", **query(link))
    assert not app.exception
    assert not [note for note in app.info if "asks for" in note.value]
    return int(app.header[0].value.split()[0].replace(",", ""))


@pytest.mark.parametrize(
    ("origin", "target"), [(AT_RISK, ACTIVE), (ACTIVE, ACTIVE), (NEW_CUSTOMER, "Base Value - Developing")]
)
def test_a_flow_opens_its_customers(published: Path, origin: str, target: str) -> None:
    ((customers, spent),) = stored(published, MOVED, [WEEK_AGO, LAST_DAY, origin, target])
    app = open_page("customers", **query(flow_link(LAST_DAY, WEEK_AGO, origin, target)))
    assert not app.exception
    assert customers
    assert app.header[0].value.startswith(f"{fmt.plural(customers, 'customer')} in all segments, ")
    assert f"now in {target}" in app.header[0].value
    assert f"{fmt.short_money(spent)} lifetime spend, gross" in "".join(one.proto.body for one in app.get("html"))


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("days", [1, 7, 20])
def test_every_reason_opens_those_whom_the_page_counts_for_it(days: int) -> None:
    since = LAST_DAY - timedelta(days=days)
    moved = flows(current(), LAST_DAY, since)
    changed = moved[moved["from_segment"] != moved["to_segment"]]
    counted = {cause: int(changed[cause].sum()) for cause in ("purchased", "aged", "threshold", "new")}
    counted["stayed"] = int(moved["customers"].sum() - changed["customers"].sum())
    for why, causes in CAUSES.items():
        assert listed(moved_link(LAST_DAY, since, why)) == sum(counted[cause] for cause in causes)


@pytest.mark.usefixtures("published")
def test_every_bar_of_the_balance_and_every_end_of_a_flow_opens_those_it_counts() -> None:
    def link(why: str, *, origin: str = "", target: str = "") -> str:
        return moved_link(LAST_DAY, WEEK_AGO, why, origin=origin, target=target)

    moved = flows(current(), LAST_DAY, WEEK_AGO)
    balance = chart_data(joined_and_left(moved, list(RECOMMENDATIONS)))
    addresses = table_links(balance, balance_leads(link))
    for column in ("Ordered, joined", "Lapsed, left", "Thresholds shifted, joined", "New customer, joined"):
        for number, address in list(zip(balance[column], addresses[column], strict=True))[:3]:
            assert listed(address) == abs(int(str(number)))
    option = sankey(moved[moved["from_segment"] != moved["to_segment"]])
    (series,) = option["series"]
    ends = [
        number
        for number, node in enumerate(series["data"])
        if node["name"] in {"from High · Active", "to High · Active"}
    ]
    for number in ends:
        chosen = [{"series_index": 0, "data_type": "node", "data_indices": [number]}]
        said = int(series["data"][number]["label"]["formatter"].split()[-1])
        assert listed(address_of(option, chosen, flow_leads(link))) == said
    chosen = [{"series_index": 0, "data_type": "edge", "data_indices": [0]}]
    assert listed(address_of(option, chosen, flow_leads(link))) == series["links"][0]["value"]


def test_a_bar_that_is_clicked_and_its_line_in_the_table_lead_to_the_same_month() -> None:
    import pandas as pd

    months = pd.DataFrame(
        {"month": [pd.Timestamp(2025, 7, 1)], "revenue": [9.5], "complete": [True], "change": [float("nan")]}
    )
    months["running"] = False
    option, leads = by_month(months, "revenue"), month_leads(months, lambda month: f"to {month}")
    assert address_of(option, [{"series_index": 0, "data_type": "main", "data_indices": [0]}], leads) == "to 2025-07"
    assert table_links(months_data(months, "revenue"), leads) == {"Sales": ["to 2025-07"], "Complete": [""]}
    assert [series["selectedMode"] for series in with_choices(option)["series"]] == ["single"]
    assert address_of(option, [], leads) == ""


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("segments", [[], [ACTIVE]])
@pytest.mark.parametrize(("label", "only_new"), [("Bought in 7 days", False), ("New in 7 days", True)])
def test_a_card_opens_its_customers(label: str, segments: list[str], only_new: bool) -> None:  # noqa: FBT001
    chosen = {"segment": segments} if segments else {}
    number = cards(open_page("segments", **chosen))[label]
    assert listed(ordered_link(LAST_DAY, 7, only_new=only_new, **chosen)) == int(number)


@pytest.mark.parametrize(
    ("link", "having"),
    [
        (
            cohort_link(LAST_DAY, "2025-07", "2025-08"),
            (
                "min(InvoiceDate) BETWEEN '2025-07-01' AND '2025-07-31' "
                "AND bool_or(InvoiceDate BETWEEN '2025-08-01' AND '2025-08-31')"
            ),
        ),
        (
            cohort_link(LAST_DAY, "2025-07-07", "2025-07-21"),
            (
                "min(InvoiceDate) BETWEEN '2025-07-07' AND '2025-07-13' "
                "AND bool_or(InvoiceDate BETWEEN '2025-07-21' AND '2025-07-27')"
            ),
        ),
        (bought_link(LAST_DAY, "2025-08"), "bool_or(InvoiceDate BETWEEN '2025-08-01' AND '2025-08-31')"),
        (first_link(LAST_DAY, "2025-07-03"), "min(InvoiceDate) = '2025-07-03'"),
        (country_link(LAST_DAY, "Germany"), "bool_or(Country = 'Germany')"),
    ],
)
def test_a_mark_of_growth_opens_its_customers(published: Path, link: str, having: str) -> None:
    ((customers,),) = stored(published, OF_SALES.format(having), [LAST_DAY])
    assert customers
    assert listed(link) == customers


def money_of(link: str) -> str:
    """The money in a list's heading."""
    app = open_page("customers", **query(link))
    (said,) = (one.proto.body for one in app.get("html") if "lifetime spend, gross" in one.proto.body)
    return str(said).removeprefix("<p class='rfm-links'>").partition(" · <a")[0]


LISTED_SALES = """
    SELECT sum(Amount) FILTER ({condition}), (SELECT sum(Monetary) FROM listed) FROM silver.invoices
    JOIN listed USING (CustomerID) WHERE processing_date <= ?
"""


@pytest.mark.parametrize(
    ("link", "having", "condition", "words"),
    [
        (
            bought_link(LAST_DAY, "2025-08"),
            "bool_or(InvoiceDate BETWEEN '2025-08-01' AND '2025-08-31')",
            "InvoiceDate BETWEEN '2025-08-01' AND '2025-08-31'",
            "of sales in August 2025",
        ),
        (
            country_link(LAST_DAY, "Germany"),
            "bool_or(Country = 'Germany')",
            "Country = 'Germany'",
            "of sales from Germany",
        ),
        (
            cohort_link(LAST_DAY, "2025-07-07", "2025-07-21"),
            (
                "min(InvoiceDate) BETWEEN '2025-07-07' AND '2025-07-13' "
                "AND bool_or(InvoiceDate BETWEEN '2025-07-21' AND '2025-07-27')"
            ),
            "InvoiceDate BETWEEN '2025-07-21' AND '2025-07-27'",
            "of sales in the week of 21 Jul 2025",
        ),
    ],
)
def test_a_list_says_what_its_mark_counted_and_what_they_have_spent_in_all(
    published: Path, link: str, having: str, condition: str, words: str
) -> None:
    select = f"""WITH listed AS (
        SELECT CustomerID, Monetary FROM gold.customer_segments WHERE as_of_date = ? AND CustomerID IN (
            SELECT CustomerID FROM silver.invoices GROUP BY CustomerID HAVING {having})
    ) {LISTED_SALES.format(condition=condition)}"""
    ((counted, spent),) = stored(published, select, [LAST_DAY, LAST_DAY])
    assert counted != spent
    assert money_of(link) == f"{fmt.brief_money(counted)} {words} · {fmt.short_money(spent)} lifetime spend, gross"


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("segments", [[], [ACTIVE]])
def test_the_list_of_who_ordered_says_the_revenue_that_the_page_counts(segments: list[str]) -> None:
    chosen = {"segment": segments} if segments else {}
    revenue = cards(open_page("segments", **chosen))["Revenue in 7 days"]
    said, _, in_all = money_of(ordered_link(LAST_DAY, 7, **chosen)).partition(" · ")
    number = float(revenue.strip("£").replace(",", ""))
    assert said == f"{fmt.brief_money(number)} of revenue in the 7 days"
    assert in_all.endswith("lifetime spend, gross")


@pytest.mark.usefixtures("published")
def test_a_mark_that_counts_what_they_have_spent_in_all_has_no_other_money() -> None:
    for link in (segment_link(LAST_DAY, AT_RISK), first_link(LAST_DAY, "2025-07-03"), cluster_link(LAST_DAY, 0)):
        assert " · " not in money_of(link)


def test_a_segment_and_a_cluster_open_their_customers(published: Path) -> None:
    for link, select in {
        segment_link(LAST_DAY, AT_RISK): f"gold.customer_segments WHERE segment = '{AT_RISK}'",
        cluster_link(LAST_DAY, 0): "ml.customer_clusters WHERE Cluster = 0",
    }.items():
        ((customers,),) = stored(published, f"SELECT count(*) FROM {select} AND as_of_date = ?", [LAST_DAY])
        assert listed(link) == customers


@pytest.mark.parametrize(
    ("method", "score"),
    [
        ("Value_Score", "Value_Score"),
        ("Monetary", "Monetary"),
        ("Quintile sum", "R_Score + F_Score + M_Score"),
        ("Recency", "-Recency"),
        ("Overdue", "CASE WHEN Overdue THEN 0 ELSE 1 END"),
    ],
)
def test_a_best_fifth_opens_those_whom_less_than_a_fifth_ranks_above(published: Path, method: str, score: str) -> None:
    select = f"""
        WITH ranked AS (
            SELECT {score} AS score FROM gold.customer_segments JOIN gold.customer_scores USING (as_of_date, CustomerID)
            WHERE as_of_date = ?
        )
        SELECT count(*) FROM ranked WHERE (SELECT count(*) FROM ranked AS other WHERE other.score > ranked.score)
            < 0.2 * (SELECT count(*) FROM ranked)
    """
    ((customers,),) = stored(published, select, [CUT])
    assert customers
    assert listed(fifth_link(CUT, method, 30)) == customers


def test_a_best_fifth_by_segment_is_of_those_that_had_spent_most_on_average(published: Path) -> None:
    select = "SELECT DISTINCT as_of_date, measured_on FROM proof.segment_outcomes WHERE horizon_days = 30 ORDER BY 1"
    (_, measured), *_ = stored(published, select)
    select = (
        "SELECT segment, revenue / customers FROM proof.segment_outcomes WHERE horizon_days = 30 AND measured_on = ?"
    )
    spent = dict(stored(published, select, [measured]))
    select = "SELECT segment, count(*) FROM gold.customer_segments WHERE as_of_date = ? GROUP BY segment"
    of_segment = sorted(stored(published, select, [measured]), key=lambda row: spent.get(row[0], 0), reverse=True)
    fifth, customers = sum(number for _, number in of_segment) / 5, 0
    for _, number in of_segment:
        if customers < fifth:
            customers += number
    assert listed(fifth_link(measured, "Segment", 30)) == customers


@pytest.mark.usefixtures("published")
def test_each_bar_of_proof_leads_to_the_best_fifth_of_the_last_cut_and_each_segment_to_its_customers() -> None:
    app = open_page("proof", as_of=str(LAST_DAY))
    drawn = "".join(one.proto.body for one in app.get("html") if "rfm-bars" in one.proto.body)
    for link in (fifth_link(CUT, "Value_Score", 30), segment_link(CUT, ACTIVE)):
        assert drawn.count(f"href='{escape(link)}'") == 2  # the name, and the bar


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    "asked",
    [
        {"best_fifth_by": "luck", "followed_days": "30"},
        {"best_fifth_by": "Monetary", "followed_days": "31 OR 1=1"},
        {"moved_from": "Whales", "since": str(WEEK_AGO)},
        {"moved_to": "Whales", "since": str(WEEK_AGO)},
        {"why": "boredom", "since": str(WEEK_AGO)},
        {"moved_from": AT_RISK, "since": "1999-01-01"},
        {"ordered_in": "-3"},
        {"new_in": "'; DROP TABLE gold.customer_segments; --"},
        {"cohort": "spring", "again_in": "2025-08"},
        {"bought_in": "2025-13"},
        {"first_on": "today"},
        {"country": "Atlantis' OR 1=1 --"},
        {"cluster": "0 OR 1=1"},
    ],
)
def test_what_is_asked_for_in_vain_is_said_and_everyone_is_shown(asked: dict[str, str]) -> None:
    app = open_page("customers", **asked)
    assert not app.exception
    assert any("The address asks for" in note.value and "everyone is shown" in note.value for note in app.info)
    assert app.header[0].value == open_page("customers").header[0].value


def test_who_moved_is_told_in_words() -> None:
    day = date(2026, 4, 21)
    assert moved_words(ACTIVE, AT_RISK, "", day) == f"in {ACTIVE} on 21 Apr 2026, now in {AT_RISK}"
    assert moved_words(NEW_CUSTOMER, "", "", day) == "new since 21 Apr 2026"
    assert moved_words(ACTIVE, "", "lapsed", day) == f"who lapsed since 21 Apr 2026, from {ACTIVE}"
    assert moved_words("", AT_RISK, "joined", day) == f"who joined since 21 Apr 2026, to {AT_RISK}"


def test_the_export_has_the_customers_of_the_list_and_no_others(published: Path) -> None:
    (one,) = stored(published, "SELECT min(CustomerID) FROM gold.customer_segments WHERE as_of_date = ?", [LAST_DAY])
    selection = CustomerSelection("one of them", Query(f"SELECT '{one[0]}' AS CustomerID"))
    text = list_csv(current(), LAST_DAY, tuple(RECOMMENDATIONS), EVERYONE.order("customer ID"), selection.ids).decode()
    assert [row["CustomerID"] for row in csv.DictReader(io.StringIO(text))] == [one[0]]


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("page", ["segments", "movements", "growth", "customers"])
def test_links_to_customers_open_in_the_same_tab(page: str) -> None:
    """Markdown links would open a new one."""
    app = open_page(page, as_of=str(LAST_DAY), since=str(FIRST_DAY), moved_to=AT_RISK)
    assert "](" not in texts(app)
