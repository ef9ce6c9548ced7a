"""The Customers page: search, links to and from segments, paging, and the downloadable list."""

import csv
import hmac
import io
import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.app import PAGES
from rfm_assets.dashboard.audience_download import audience_csv, file_name, list_csv
from rfm_assets.dashboard.figures.customers import spells, timeline, timeline_data
from rfm_assets.dashboard.published_copy import current
from rfm_assets.dashboard.screens.customer_orders import in_words
from rfm_assets.dashboard.screens.customer_outlook import came_from
from rfm_assets.dashboard.screens.customer_panel import ON_THE_PAGE
from rfm_assets.dashboard.screens.customers_list import ROWS_A_PAGE
from rfm_assets.dashboard.screens.one_customer import step
from rfm_assets.dashboard.sorting import EVERYONE
from rfm_assets.dashboard.what_if import Move
from rfm_assets.gold.segments import RECOMMENDATIONS
from rfm_assets.publishing.audience import Audience
from rfm_assets.publishing.customer_products import MOST
from rfm_assets.settings import settings
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

pytestmark = pytest.mark.slow

Everybody = list[tuple[str, str, int, int, Decimal]]
AT_RISK = "High Value - At Risk"


@pytest.fixture
def everybody(published: Path) -> Everybody:
    """Every customer of the last day, biggest spenders first."""
    return stored(
        published,
        """SELECT CustomerID, segment, Recency, Frequency, Monetary FROM gold.customer_segments
        WHERE as_of_date = ? ORDER BY Monetary DESC, CustomerID""",
        [LAST_DAY],
    )


def test_a_customer_is_found_by_its_id_and_explained(everybody: Everybody) -> None:
    name, segment, _, frequency, monetary = everybody[0]
    app = open_page("customers", customer=name)
    said = texts(app)
    assert f"Customer {name}" in said
    assert cards(app)["Lifetime spend, gross"] == f"£{monetary:,.2f}"
    assert cards(app)["Orders"] == f"{frequency} orders"
    assert re.search(r"spent, more than £[0-9,.]+, twice the median of £[0-9,.]+\.", said.replace("\\", ""))
    assert f"**{segment.split(' - ')[1]}**" in said


def test_the_beginning_of_an_id_finds_all_that_begin_so(everybody: Everybody) -> None:
    begins = everybody[0][0][:4]
    alike = sorted(name for name, *_ in everybody if name.startswith(begins))
    app = open_page("customers", customer=begins)
    assert app.selectbox(key="customers_found").options == alike
    assert f"Customer {alike[0]}" in texts(app)


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    "typed", ["nobody", "%", "_", "'; DROP TABLE gold.customer_segments; --", "<b>1</b>", "$as_of"]
)
def test_what_is_typed_is_a_text_and_nothing_else(typed: str) -> None:
    app = open_page("customers", customer=typed)
    assert not app.exception
    assert "No customer" in texts(app)
    assert len(tables(app)) == 1


def test_a_customer_who_came_later_is_not_there_yet(everybody: Everybody) -> None:
    with_day_one = open_page("customers", as_of=str(FIRST_DAY)).header[0].value
    assert int(with_day_one.split()[0]) < len(everybody)
    newest = next(name for name, _, _, frequency, _ in everybody if frequency == 1)
    assert "No customer" in texts(open_page("customers", as_of=str(FIRST_DAY), customer=newest))


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("order", EVERYONE.orders)
def test_pages_follow_each_other_without_gap_or_overlap(order: str, everybody: Everybody) -> None:
    app = open_page("customers")
    app.selectbox(key="customers_order").set_value(order).run()
    listed: list[tuple[str, float, float, float]] = []
    pages = app.number_input(key="customers_page").max or 0
    for number in range(1, int(pages) + 1):
        app.number_input(key="customers_page").set_value(number).run()
        rows = tables(app)[0]
        assert len(rows["Customer"]) <= ROWS_A_PAGE
        titles = [title for title in EVERYONE.titles if title != "Customer"]
        numbers = ([float(text.strip("£").replace(",", "")) for text in rows[title]] for title in titles)
        listed += list(zip(rows["Customer"], *numbers, strict=True))
    assert sorted(name for name, *_ in listed) == sorted(name for name, *_ in everybody)
    column, sign = {
        "highest spend": (3, -1),
        "lowest spend": (3, 1),
        "most orders": (2, -1),
        "fewest orders": (2, 1),
        "most recent order": (1, 1),
        "least recent order": (1, -1),
        "customer ID": (0, 1),
    }[order]
    found = [row[column] for row in listed]
    assert found == sorted(found, reverse=sign < 0)


def test_a_page_that_is_there_no_more_gives_way_to_the_first(everybody: Everybody) -> None:
    app = open_page("customers")
    app.number_input(key="customers_page").set_value(len(everybody) // ROWS_A_PAGE).run()
    app.multiselect(key="segment").set_value([AT_RISK]).run()
    assert not app.exception
    assert set(tables(app)[0]["Segment"]) == {AT_RISK}


@pytest.mark.usefixtures("published")
def test_a_title_orders_all_customers_and_turns_the_order_round_the_next_time(everybody: Everybody) -> None:
    first = open_page("customers", **links(open_page("customers"))["Lifetime spend, gross"])
    assert tables(first)[0]["Customer"][0] == min(everybody, key=lambda row: (row[4], row[0]))[0]
    again = open_page("customers", **links(first)["Lifetime spend, gross"])
    assert tables(again)[0]["Customer"] == [name for name, *_ in everybody[:ROWS_A_PAGE]]


def test_a_customer_of_the_list_opens_with_the_day_and_the_segments(everybody: Everybody) -> None:
    app = open_page("customers", as_of=str(LAST_DAY), segment=[AT_RISK])
    name = next(name for name, segment, *_ in everybody if segment == AT_RISK)
    assert links(app)[name] == {
        "as_of": [str(LAST_DAY)],
        "segment": [AT_RISK],
        "opened": [name],
    }
    opened = open_page("customers", **links(app)[name])
    assert not opened.exception
    assert opened.header[0].value == app.header[0].value
    (spent,) = (monetary for one, _, _, _, monetary in everybody if one == name)
    assert cards(opened)["Lifetime spend, gross"] == fmt.exact_money(spent)
    assert links(opened)[ON_THE_PAGE] == {"as_of": [str(LAST_DAY)], "segment": [AT_RISK], "customer": [name]}


@pytest.mark.usefixtures("published")
def test_a_customer_who_is_not_there_is_opened_with_words() -> None:
    assert fmt.md(f"No customer has the ID <b>1</b> as of {fmt.day(LAST_DAY)}.") in texts(
        open_page("customers", opened="<b>1</b>")
    )


@pytest.mark.usefixtures("published")
def test_an_order_and_a_page_that_there_are_not_are_named_with_what_is_shown() -> None:
    said = texts(open_page("customers", customers_order="richest", customers_page="999"))
    assert "asks for the sort order richest" in said
    assert "asks for the page 999" in said


@pytest.mark.parametrize("key", ["", "a secret of the shop"])
def test_the_list_is_downloaded_whole_in_its_order_and_with_hashes_where_audiences_have_them(
    everybody: Everybody, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    if key:
        monkeypatch.setenv("RFM_AUDIENCE_KEY", key)
        settings.cache_clear()
    text = list_csv(current(), LAST_DAY, tuple(RECOMMENDATIONS), EVERYONE.order("highest spend")).decode()
    ids = [row["CustomerID"] for row in csv.DictReader(io.StringIO(text))]
    wanted = [name for name, *_ in everybody]
    assert len(ids) == len(wanted) > ROWS_A_PAGE
    if not key:
        assert ids == wanted
        return
    assert sorted(ids) == sorted(hmac.new(key.encode(), name.encode(), "sha256").hexdigest() for name in wanted)


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("page", [page.name for page in PAGES])
def test_no_page_has_a_grid_that_sorts_or_downloads_only_what_it_shows(page: str) -> None:
    assert not open_page(page).dataframe


def links(app: AppTest) -> dict[str, dict[str, list[str]]]:
    """The query of each link in a page's tables, by its text."""
    drawn = "".join(element.proto.body for element in app.get("html"))
    found = re.findall(r"<a href='\?([^']*)'>([^<]*)</a>", drawn)
    return {unescape(text): parse_qs(unescape(query)) for query, text in found}


@pytest.mark.parametrize("which", ["members", "entered", "left"])
def test_the_list_to_take_away_has_the_customers_of_the_segment(published: Path, which: str) -> None:
    since = LAST_DAY - timedelta(days=7)
    text = audience_csv(current(), LAST_DAY, since, Audience(AT_RISK, which)).decode()  # type: ignore[arg-type]
    rows = list(csv.DictReader(io.StringIO(text)))
    wanted = {
        "members": "now.segment = $s",
        "entered": "now.segment = $s AND (earlier.segment <> $s OR earlier.segment IS NULL)",
        "left": "now.segment <> $s AND earlier.segment = $s",
    }[which]
    found = stored(
        published,
        f"""SELECT now.CustomerID FROM gold.customer_segments AS now
        LEFT JOIN gold.customer_segments AS earlier
            ON earlier.CustomerID = now.CustomerID AND earlier.as_of_date = $since
        WHERE now.as_of_date = $day AND {wanted} ORDER BY 1""",
        {"s": AT_RISK, "since": since, "day": LAST_DAY},
    )
    assert [row["CustomerID"] for row in rows] == [name for (name,) in found]


def test_a_file_is_named_by_day_and_list() -> None:
    since = LAST_DAY - timedelta(days=7)
    assert file_name(LAST_DAY, since, Audience(AT_RISK, "members")) == f"{LAST_DAY}_high-value-at-risk.csv"
    assert (
        file_name(LAST_DAY, since, Audience(AT_RISK, "left")) == f"{LAST_DAY}_high-value-at-risk_left_since_{since}.csv"
    )


def test_steps_are_told_in_words() -> None:
    assert step(Move(AT_RISK, days=12)) == "12 more days without an order"
    assert step(Move(AT_RISK, days=1)) == "1 more day without an order"
    assert step(Move(AT_RISK, orders=1)) == "One more order"
    assert step(Move(AT_RISK, orders=3)) == "3 more orders"
    assert step(Move(AT_RISK, orders=1, amount=Decimal("48.01"))) == "One more order of £48.01 or more"
    assert step(Move(AT_RISK, orders=2, amount=Decimal("466.84"))) == "2 more orders of £466.84 or more altogether"


def test_a_stay_reaches_to_the_next_one_and_the_last_to_the_end_of_the_day() -> None:
    june = [date(2025, 6, day) for day in range(1, 8)]
    rows = [
        {"segment": "Base Value - Inactive", "first_day": june[0], "last_day": june[3], "days": 4},
        {"segment": "High Value - At Risk", "first_day": june[6], "last_day": june[6], "days": 1},
    ]
    figure = spells(rows, until=june[6])
    first, last = ([day for day, _ in stay["data"]] for stay in figure["series"])
    assert first == [f"{day}" for day in june]
    assert last == ["2025-06-07", "2025-06-08"]
    assert figure["xAxis"]["max"] > last[-1]
    assert figure["series"][0]["tooltip"]["formatter"] == "Base Value - Inactive<br>1 Jun 2025 to 4 Jun 2025, 4 days"


def test_the_timeline_has_every_order_and_return_and_adds_up_to_the_customer_s_money(published: Path) -> None:
    rows = stored(
        published,
        """SELECT CustomerID, Gross, Returned, Orders FROM gold.customer_money
        WHERE as_of_date = ? AND Returned > 0 ORDER BY Returned DESC, CustomerID LIMIT 5""",
        [LAST_DAY],
    )
    assert rows
    for customer, gross, returned, orders in rows:
        app = open_page("customers", customer=customer)
        timeline = next(one for one in charts(app) if one["series"][0]["name"] == "Orders, gross")
        ordered, sent_back = ([money for _, money in series["data"]] for series in timeline["series"])
        assert sum(ordered) == pytest.approx(float(gross))
        assert sum(sent_back) == pytest.approx(-float(returned))
        average = fmt.exact_money(gross / orders)
        assert f"{fmt.plural(orders, 'order')} since " in texts(app)
        assert f"{average} gross on average, from " in texts(app).replace("\\", "")


def test_top_products_are_those_of_the_customer_s_lines_and_say_as_of_which_day(
    published: Path, everybody: Everybody
) -> None:
    select = """
        SELECT StockCode, sum(TotalPrice), sum(Quantity), count(DISTINCT InvoiceNo), max(InvoiceDate)
        FROM silver.transactions
        WHERE CustomerID = ? AND NOT IsCancellation AND regexp_matches(StockCode, '^(\\d{5}[a-zA-Z]*|PADS)$')
        GROUP BY StockCode ORDER BY 2 DESC, 3 DESC, 1
    """
    customer = everybody[0][0]
    found = stored(published, select, [customer])
    assert len(found) > MOST
    expected = [
        (code, fmt.exact_money(gross), fmt.count(units), fmt.count(orders), fmt.day(last))
        for code, gross, units, orders, last in found[:MOST]
    ]
    for day, words in {
        LAST_DAY: "By gross spend up to 3 Sep 2025.",
        LAST_DAY - timedelta(days=9): "not 25 Aug 2025",
    }.items():
        app = open_page("customers", customer=customer, as_of=str(day))
        products = next(table for table in tables(app) if "Product" in table)
        codes = [text.rpartition(" · ")[2] for text in products["Product"]]
        numbers = (products[title] for title in ("Gross", "Units", "Orders", "Last bought"))
        assert list(zip(codes, *numbers, strict=True)) == expected
        assert words in texts(app)


def test_orders_are_told_in_words() -> None:
    first, later = date(2025, 7, 1), date(2025, 8, 1)
    orders = [
        {"day": first, "invoice": "1", "country": "Germany", "gross": Decimal(10)},
        {"day": later, "invoice": "2", "country": "Germany", "gross": Decimal(20)},
        {"day": later, "invoice": "3", "country": "France", "gross": Decimal(60)},
    ]
    assert in_words(orders) == "3 orders since 1 Jul 2025, £30.00 gross on average, from Germany and 1 other country."
    returns = [{"day": later, "invoice": "C4", "returned": Decimal(5)}]
    assert timeline(orders, returns, later)["series"][0]["data"] == [["2025-07-01", 10.0], ["2025-08-01", 80.0]]
    data = timeline_data(orders, returns)
    assert data["Invoice"] == ["1", "2", "3", "C4"]
    assert data["Returned"] == [None, None, None, Decimal(5)]


def test_the_segment_before_is_named_with_the_days_of_both() -> None:
    stays = [
        {"segment": AT_RISK, "first_day": date(2025, 7, 1)},
        {"segment": "High Value - Active & Engaged", "first_day": date(2025, 8, 1)},
    ]
    assert (
        came_from(stays) == "In this segment since 1 Aug 2025; before that, in High Value - At Risk since 1 Jul 2025."
    )


def test_a_copy_without_orders_or_returns_shows_what_it_has(
    published: Path, dashboard_reads: Reads, tmp_path: Path, everybody: Everybody
) -> None:
    name = everybody[0][0]
    for table, is_drawn in {"silver.returns": True, "meta.customer_products": True, "silver.invoices": False}.items():
        dashboard_reads(changed(published, tmp_path / table, f"DROP TABLE {table}"))
        app = open_page("customers", customer=name)
        assert not app.exception
        assert ("Orders and returns" in texts(app)) == is_drawn
