"""The dashboard works in a real browser: pages without console errors, filters, links and downloads."""

import csv
import re
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from rfm_assets.dashboard.app import PAGES
from rfm_assets.dashboard.screens.customer_panel import ON_THE_PAGE
from rfm_assets_tests.dashboard.browsing import IN_A_BROWSER, PATIENCE, drawn, open_page
from rfm_assets_tests.dashboard.shop import LAST_DAY, stored

AT_RISK = "High Value - At Risk"
PICKED = ".st-key-as_of input[type=date]"
"""The element with the picker's date."""
SCROLLED = "document.querySelector('[data-testid=stMain]').scrollTop"
WATCH_FOR_ANOTHER_DAY = """() => {
    window.rfmShownOfAnotherDay = 0
    const look = () => {
        const picked = document.querySelector('.st-key-as_of input[type=date]')?.value
        const page = document.querySelector('[class*=st-key-rfm_page_]')
        const said = page?.textContent.match(/The 7 days to (\\d+ \\w+ \\d+)/)?.[1]
        const same = !picked || !said || new Date(said + ' UTC').toISOString().slice(0, 10) === picked
        if (!same && getComputedStyle(page).opacity === '1') window.rfmShownOfAnotherDay += 1
        requestAnimationFrame(look)
    }
    look()
}"""
"""Counts the frames in which the page shows, undimmed, the numbers of a day other than the picker's."""

pytestmark = IN_A_BROWSER


def test_the_dashboard_is_alive_and_on_loopback(address: str) -> None:
    with urlopen(f"{address}/_stcore/health") as answer:  # noqa: S310 - our own server
        assert answer.read() == b"ok"


def test_every_page_opens_from_the_menu_and_nothing_leaves_the_machine(page: Page) -> None:
    open_page(page, "Segments")
    for one in [*PAGES[1:], PAGES[0]]:
        if one.section:
            page.get_by_role("button", name=one.section).click()
        page.get_by_role("menuitem" if one.section else "link", name=one.title, exact=True).click()
        drawn(page, one.title)
        assert page.title().startswith(f"{one.title} · ")


def test_the_day_goes_along_to_the_next_page_and_into_the_address(page: Page) -> None:
    open_page(page, "Segments")
    before = LAST_DAY.replace(day=LAST_DAY.day - 1)
    page.get_by_role("button", name="Previous", exact=True).click()
    expect(page).to_have_url(f"{page.url.split('?')[0]}?as_of={before}")
    page.get_by_role("link", name="Movements", exact=True).click()
    drawn(page, "Movements")
    expect(page.locator(PICKED)).to_have_value(str(before))
    expect(page).to_have_url(re.compile(f"/movements\\?as_of={before}$"))


def test_the_numbers_of_another_day_than_the_picker_says_are_dimmed(page: Page) -> None:
    """A key is held down on a step: the page follows, and no frame shows another day's numbers undimmed."""
    open_page(page, "Segments")
    page.evaluate(WATCH_FOR_ANOTHER_DAY)
    step = page.get_by_role("button", name="Previous", exact=True)
    for _ in range(5):
        step.press("Enter")
    expect(page.locator(PICKED)).not_to_have_value(str(LAST_DAY))
    drawn(page, "Segments")
    expect(page.locator("[class*=st-key-rfm_page_]")).to_have_css("opacity", "1")
    assert page.evaluate("window.rfmShownOfAnotherDay") == 0


def test_a_segment_filter_changes_what_is_counted(page: Page, sample_snapshot: Path) -> None:
    open_page(page, "Segments")
    ((everybody, at_risk),) = stored(
        sample_snapshot,
        "SELECT count(*), count(*) FILTER (segment = ?) FROM gold.customer_segments WHERE as_of_date = ?",
        [AT_RISK, LAST_DAY],
    )
    customers = page.get_by_test_id("stMetric").filter(has_text="Customers").get_by_test_id("stMetricValue").first
    expect(customers).to_have_text(str(everybody))
    page.get_by_test_id("stMultiSelect").locator("input").fill(AT_RISK)
    page.get_by_role("option", name=AT_RISK).click()
    expect(customers).to_have_text(str(at_risk))


def test_a_download_holds_the_customers_of_the_segment(page: Page, sample_snapshot: Path) -> None:
    open_page(page, "Segments", f"?segment={AT_RISK.replace(' ', '+')}")
    page.get_by_role("link", name="Customers", exact=True).click()
    drawn(page, "Customers")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Export CSV").click()
    assert waiting.value.suggested_filename == f"{LAST_DAY}_high-value-at-risk.csv"
    with Path(waiting.value.path()).open(newline="", encoding="utf-8") as file:
        listed = [row["CustomerID"] for row in csv.DictReader(file)]
    found = stored(
        sample_snapshot,
        "SELECT CustomerID FROM gold.customer_segments WHERE segment = ? AND as_of_date = ? ORDER BY 1",
        [AT_RISK, LAST_DAY],
    )
    assert listed == [name for (name,) in found]


def test_the_first_page_opens_at_its_own_name_too(page: Page) -> None:
    page.goto(f"/{PAGES[0].name}")
    drawn(page, PAGES[0].title)
    expect(page.get_by_text("Page not found")).to_have_count(0)


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_a_card_of_today_leads_to_its_customers_to_one_of_them_and_to_the_export(page: Page, by: str) -> None:
    def follow(what: Locator) -> None:
        if by == "mouse":
            what.click()
        else:
            what.focus()
            page.keyboard.press("Enter")

    open_page(page, "Today")
    follow(page.get_by_role("link", name="See customers").first)
    drawn(page, "Customers")
    row = page.locator(".rfm-table td:first-child a").first
    customer = row.inner_text()
    follow(row)
    panel = page.get_by_role("dialog", name=f"Customer {customer}")
    expect(panel.get_by_text("Next order due")).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("opened="))
    expect(panel).to_have_count(0)
    expect(row).to_be_focused()
    with page.expect_download() as waiting:
        follow(page.get_by_role("button", name=re.compile("^Export all")))
    with Path(waiting.value.path()).open(newline="", encoding="utf-8") as file:
        assert customer in [row["CustomerID"] for row in csv.DictReader(file)]


def test_an_export_asked_for_while_the_page_changes_is_that_of_the_page_that_was_seen(page: Page) -> None:
    """The server has replaced the button's target, and the browser does not know yet."""
    unheard: list[str | bytes] = []
    hears = True

    def between(browser: WebSocketRoute) -> None:
        server = browser.connect_to_server()
        server.on_message(lambda said: browser.send(said) if hears else unheard.append(said))
        connections.append(browser)

    connections: list[WebSocketRoute] = []
    page.route_web_socket("**/_stcore/stream", between)
    open_page(page, "Customers")
    hears = False
    page.get_by_role("button", name="Previous", exact=True).click()
    heard = -1
    while not unheard or len(unheard) > heard:
        heard = len(unheard)
        page.wait_for_timeout(1_000)
    with page.expect_download() as waiting:
        page.get_by_role("button", name=re.compile("^Export all")).click()
        page.wait_for_timeout(1_000)
        hears = True
        for said in unheard:
            connections[-1].send(said)
    assert waiting.value.suggested_filename == f"{LAST_DAY}_customers.csv"


def test_back_leads_to_the_day_before(page: Page) -> None:
    open_page(page, "Segments")
    expect(page).to_have_url(re.compile(f"as_of={LAST_DAY}$"))
    before = LAST_DAY.replace(day=LAST_DAY.day - 1)
    page.get_by_role("button", name="Previous", exact=True).click()
    expect(page).to_have_url(re.compile(f"as_of={before}$"))
    page.go_back()
    expect(page.locator(PICKED)).to_have_value(str(LAST_DAY))
    expect(page).to_have_url(re.compile(f"as_of={LAST_DAY}$"))


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_a_chosen_row_opens_its_customer_in_view_and_the_list_stays_where_it_is(page: Page, by: str) -> None:
    open_page(page, "Customers", "?customers_page=2")
    row = page.locator(".rfm-table tbody tr").nth(20)
    link = row.locator("td").first.get_by_role("link")
    name = link.inner_text()
    row.scroll_into_view_if_needed()
    before = page.evaluate(SCROLLED)
    if by == "mouse":
        row.locator("td").last.click(force=True)  # the customer's link covers the whole row
    else:
        link.focus()
        page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name=f"Customer {name}")
    expect(panel.get_by_text("Last order", exact=True)).to_be_in_viewport(timeout=PATIENCE)
    expect(page).to_have_url(re.compile(f"[?&]opened={name}(&|$)"))
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(page).not_to_have_url(re.compile("opened="))
    expect(link).to_be_focused()
    assert page.evaluate(SCROLLED) == before


def test_an_address_with_a_customer_opens_it_over_the_list(page: Page, sample_snapshot: Path) -> None:
    ((name,),) = stored(sample_snapshot, "SELECT max(CustomerID) FROM gold.customer_segments")
    page.goto(f"/customers?opened={name}")
    expect(page.get_by_role("dialog", name=f"Customer {name}").get_by_text("Segment history")).to_be_visible()
    page.get_by_role("link", name=ON_THE_PAGE).click()
    expect(page.get_by_role("heading", name=f"Customer {name}", level=2)).to_be_visible(timeout=PATIENCE)
    expect(page).to_have_url(re.compile(f"[?&]customer={name}(&|$)"))


def entries(page: Page) -> int:
    """How many entries the browser's history has."""
    return int(page.evaluate("history.length"))


def test_a_turn_to_another_page_is_one_entry_and_back_leads_to_the_page_before(page: Page) -> None:
    open_page(page, "Segments")
    expect(page).to_have_url(re.compile(f"/segments\\?as_of={LAST_DAY}$"))
    before = entries(page)
    for title in ("Movements", "Growth"):
        page.get_by_role("link", name=title, exact=True).click()
        drawn(page, title)
        expect(page).to_have_url(re.compile(f"/{title.lower()}\\?as_of={LAST_DAY}$"))
    assert entries(page) == before + 2
    page.go_back()
    drawn(page, "Movements")
    page.go_back()
    drawn(page, "Segments")


def test_an_opened_page_is_one_entry_though_its_address_gets_the_day(page: Page) -> None:
    """On a busy machine Streamlit's own entry can precede the script that stops it, so this is tried several times."""
    added = []
    for title in ("Segments", "Growth", "Proof", "Movements"):
        before = entries(page)
        open_page(page, title)
        expect(page).to_have_url(re.compile(f"as_of={LAST_DAY}$"))
        added.append(entries(page) - before)
    assert 1 in added


def test_back_from_an_opened_customer_leads_to_the_list(page: Page) -> None:
    open_page(page, "Customers")
    expect(page).to_have_url(re.compile(f"as_of={LAST_DAY}$"))
    before = entries(page)
    link = page.locator(".rfm-table tbody tr td a").nth(2)
    name = link.inner_text()
    link.click()
    panel = page.get_by_role("dialog", name=f"Customer {name}")
    expect(panel.get_by_text("Segment history")).to_be_visible(timeout=PATIENCE)
    assert entries(page) == before + 1
    page.go_back()
    expect(panel).to_have_count(0)
    expect(page).not_to_have_url(re.compile("opened="))


def test_a_chosen_period_stands_in_the_address(page: Page) -> None:
    open_page(page, "Segments")
    page.get_by_role("radio", name="30 days").click()
    expect(page.get_by_text("Bought in 30 days")).to_be_visible()
    expect(page).to_have_url(re.compile("segments_period=30\\+days"))
    page.reload()
    drawn(page, "Segments")
    expect(page.get_by_text("Bought in 30 days")).to_be_visible()


@pytest.mark.parametrize("width", [720, 390])
def test_a_closed_menu_takes_no_focus_and_an_open_one_does(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    open_page(page, "Segments")
    link = page.get_by_test_id("stSidebarNavLink").filter(has_text="Movements")
    expect(link).to_be_hidden()
    for _ in range(8):
        page.keyboard.press("Tab")
        assert not page.evaluate("document.activeElement.closest('[data-testid=stSidebar]')")
    page.get_by_test_id("stExpandSidebarButton").click()
    link.click()
    drawn(page, "Movements")


WIDE_BAR = """path => {
    const bars = [...document.querySelectorAll(path)].filter(bar => bar.getBoundingClientRect().width > 15)
    bars[0].scrollIntoView({block: 'center'})
    const {x, y, width, height} = bars[0].getBoundingClientRect()
    return [x + width / 2, y + height / 2]
}"""
"""The middle of the first clickable bar of a chart."""


def test_a_click_on_a_bar_opens_the_customers_behind_it_and_back_leads_to_the_chart(page: Page) -> None:
    open_page(page, "Growth")
    bar = ".st-key-growth_customers svg path[fill='#2f74b5']"
    expect(page.locator(bar).first).to_be_attached()
    page.evaluate(WIDE_BAR, bar)
    page.mouse.click(*page.evaluate(WIDE_BAR, bar))
    expect(page.get_by_role("heading", name="who bought in July 2025")).to_be_visible(timeout=PATIENCE)
    expect(page).to_have_url(re.compile("bought_in=2025-07"))
    page.go_back()
    drawn(page, "Growth")
    expect(page).to_have_url(re.compile("/growth"))


def test_a_click_on_a_box_opens_the_customers_of_its_cluster(page: Page) -> None:
    open_page(page, "Clusters")
    chart = page.locator(".st-key-clusters_Monetary svg:has(path[fill='white'][stroke])")
    box = chart.locator("path[fill='white'][stroke]").first
    box.hover()
    around = box.bounding_box()
    assert around
    middle = around["y"] + around["height"] / 2
    along = [around["x"] + around["width"] * share / 20 for share in range(1, 20)]
    page.mouse.click(next(x for x in along if _can_be_clicked(page, chart, x, middle)), middle)
    expect(page).to_have_url(re.compile(r"/customers\?.*cluster=\d+"), timeout=PATIENCE)
    expect(page.get_by_role("heading", name="of cluster")).to_be_visible(timeout=PATIENCE)


def test_a_click_on_a_point_opens_the_customer_that_it_says(page: Page) -> None:
    open_page(page, "Clusters")
    canvas = page.locator(".st-key-clusters_space canvas").first
    canvas.scroll_into_view_if_needed()
    around = canvas.bounding_box()
    assert around
    across = [around["x"] + around["width"] * share / 100 for share in range(20, 80)]
    down = [around["y"] + around["height"] * share / 100 for share in range(40, 80)]
    point = next((x, y) for y in down for x in across if _can_be_clicked(page, canvas, x, y))
    said = page.locator(".st-key-clusters_space b").first
    expect(said).to_be_visible()
    customer = said.inner_text()
    page.mouse.click(*point)
    expect(page.get_by_role("heading", name=f"Customer {customer}")).to_be_visible(timeout=PATIENCE)


def _can_be_clicked(page: Page, chart: Locator, x: float, y: float) -> bool:
    """Whether a chart has something to click on at a position."""
    page.mouse.move(x, y)
    return bool(chart.evaluate("one => one.parentElement.style.cursor === 'pointer'"))
