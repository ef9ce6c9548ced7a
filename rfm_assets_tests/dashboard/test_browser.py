"""Holds the dashboard in a real browser: every page without a console error, a filter, a link, a download."""

import csv
import re
from importlib.resources import files
from pathlib import Path
from typing import Literal
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocketRoute, expect

from rfm_assets.dashboard import palette
from rfm_assets.dashboard.app import PAGES
from rfm_assets.dashboard.screens.customer_panel import ON_THE_PAGE
from rfm_assets_tests.dashboard.browsing import IN_A_BROWSER, PATIENCE, drawn
from rfm_assets_tests.dashboard.shop import LAST_DAY, stored

AT_RISK = "High Value - At Risk"
PICKED = ".st-key-as_of input[type=date]"
"""What holds the date that the picker says."""
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
"""Counts the frames in which the page shows, undimmed, the numbers of another day than the picker says."""

pytestmark = IN_A_BROWSER


def test_the_dashboard_is_alive_and_on_loopback(address: str) -> None:
    with urlopen(f"{address}/_stcore/health") as answer:  # noqa: S310 - our own server
        assert answer.read() == b"ok"


def test_every_page_opens_from_the_menu_and_nothing_leaves_the_machine(page: Page) -> None:
    for one in [*PAGES[1:], PAGES[0]]:
        if one.section:
            page.get_by_role("button", name=one.section).click()
        page.get_by_role("menuitem" if one.section else "link", name=one.title, exact=True).click()
        drawn(page, one.title)
        assert page.title().startswith(f"{one.title} · ")


def test_the_day_goes_along_to_the_next_page_and_into_the_address(page: Page) -> None:
    before = LAST_DAY.replace(day=LAST_DAY.day - 1)
    page.get_by_role("button", name="Previous", exact=True).click()
    expect(page).to_have_url(f"{page.url.split('?')[0]}?as_of={before}")
    page.get_by_role("link", name="Movements", exact=True).click()
    drawn(page, "Movements")
    expect(page.locator(PICKED)).to_have_value(str(before))
    expect(page).to_have_url(re.compile(f"/movements\\?as_of={before}$"))


def test_the_numbers_of_another_day_than_the_picker_says_are_dimmed(page: Page) -> None:
    """A key that is held on a step: the page follows, and no frame shows the numbers of another day undimmed."""
    page.evaluate(WATCH_FOR_ANOTHER_DAY)
    step = page.get_by_role("button", name="Previous", exact=True)
    step.focus()
    for _ in range(5):
        page.keyboard.press("Enter")
    expect(page.locator(PICKED)).not_to_have_value(str(LAST_DAY))
    drawn(page, "Segments")
    expect(page.locator("[class*=st-key-rfm_page_]")).to_have_css("opacity", "1")
    assert page.evaluate("window.rfmShownOfAnotherDay") == 0


def test_a_segment_filter_changes_what_is_counted(page: Page, sample_snapshot: Path) -> None:
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
    page.goto(f"/segments?segment={AT_RISK.replace(' ', '+')}")
    drawn(page, "Segments")
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

    page.goto("/")
    drawn(page, "Today")
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
    """The server has replaced what the button leads to, and the browser has not heard of it yet."""
    unheard: list[str | bytes] = []
    hears = True

    def between(browser: WebSocketRoute) -> None:
        server = browser.connect_to_server()
        server.on_message(lambda said: browser.send(said) if hears else unheard.append(said))
        connections.append(browser)

    connections: list[WebSocketRoute] = []
    page.route_web_socket("**/_stcore/stream", between)
    page.goto("/customers")
    drawn(page, "Customers")
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
    expect(page).to_have_url(re.compile(f"as_of={LAST_DAY}$"))
    before = LAST_DAY.replace(day=LAST_DAY.day - 1)
    page.get_by_role("button", name="Previous", exact=True).click()
    expect(page).to_have_url(re.compile(f"as_of={before}$"))
    page.go_back()
    expect(page.locator(PICKED)).to_have_value(str(LAST_DAY))
    expect(page).to_have_url(re.compile(f"as_of={LAST_DAY}$"))


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_a_chosen_row_opens_its_customer_in_view_and_the_list_stays_where_it_is(page: Page, by: str) -> None:
    page.goto("/customers?customers_page=2")
    drawn(page, "Customers")
    row = page.locator(".rfm-table tbody tr").nth(20)
    link = row.locator("td").first.get_by_role("link")
    name = link.inner_text()
    row.scroll_into_view_if_needed()
    before = page.evaluate(SCROLLED)
    if by == "mouse":
        row.locator("td").last.click(force=True)  # the customer's link lies over the whole row
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


WIDTHS = (1440, 1024, 720, 360)
"""Those of a screen of 1,440 pixels at 200 and 400 % zoom among them."""
LEAST_TRACK = 120

BARS = """() => [...document.querySelectorAll('.rfm-bars')].map(bars => ({
    longest: Math.max(...[...bars.querySelectorAll('i')].map(bar => bar.getBoundingClientRect().width)),
    colours: [...bars.querySelectorAll('i')].map(bar => getComputedStyle(bar).backgroundColor),
}))"""
"""How long the longest bar of each figure is, and which colours its bars have."""

BEYOND = """() => {
    const main = document.querySelector('[data-testid=stMain]'), wide = main.clientWidth + 1
    const found = main.scrollWidth > wide ? ['the page'] : []
    const looked_at = 'h3, p, .rfm-bars *, .rfm-table, .rfm-table :is(th, td), .rfm-shaded, .stEChartsChart svg'
    for (const one of main.querySelectorAll(looked_at)) {
        const {left, right, width} = one.getBoundingClientRect()
        if (one.closest('.rfm-lines > *, [data-testid=stSliderTickBar], [data-testid=stSliderThumbValue]')) continue
        if (!one.checkVisibility() || getComputedStyle(one).display === 'none') continue
        if (right > wide || left < 0 || (width < 1 && one.textContent)) found.push(one.outerHTML.slice(0, 120))
    }
    return found
}"""
"""What is cut off at a side of the page or has no width; only raw lines and wide matrices scroll, each in its place."""

SHORTENED = """() => [...document.querySelectorAll('[data-testid=stMetric] .stMarkdownEllipsis')]
    .filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent)"""
"""What cards do not say in full."""

FAINT = """() => {
    const pixel = Object.assign(document.createElement('canvas'), {width: 1, height: 1})
    const brush = pixel.getContext('2d', {willReadFrequently: true})
    const parts = colour => {
        brush.clearRect(0, 0, 1, 1); brush.fillStyle = colour; brush.fillRect(0, 0, 1, 1)
        const [red, green, blue, alpha] = brush.getImageData(0, 0, 1, 1).data
        return [red, green, blue, alpha / 255]
    }
    const onto = (front, back) => back.map((below, one) => front[one] * front[3] + below * (1 - front[3]))
    const light = colour => {
        const [red, green, blue] = colour.map(one => one / 255).map(
            one => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05
    }
    const found = {}, texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) {
        const text = texts.currentNode.textContent.trim(), one = texts.currentNode.parentElement
        if (!text || one.closest('style, script, noscript, svg, button:disabled, [data-testid=stSlider]')) continue
        if (!one.checkVisibility({opacityProperty: true}) || one.getBoundingClientRect().width < 2) continue
        let ground = [255, 255, 255], shown = 1
        const around = []
        for (let place = one; place; place = place.parentElement) around.unshift(getComputedStyle(place))
        for (const {backgroundColor, opacity} of around) {
            ground = onto(parts(backgroundColor), ground)
            shown *= opacity
        }
        const [red, green, blue, alpha] = parts(getComputedStyle(one).color)
        const ink = onto([red, green, blue, alpha * shown], ground)
        const [dark, bright] = [light(ink), light(ground)].sort((a, b) => a - b)
        if (bright / dark < 4.5) found[text.slice(0, 60)] = (bright / dark).toFixed(2)
    }
    return found
}"""
"""Texts with less than 4.5:1 of contrast (WCAG 2.2, 1.4.3)."""


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_cut_off_and_bars_keep_their_length_at_every_width(
    page: Page, sample_snapshot: Path, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    drawn_bars = 0
    ((best,),) = stored(sample_snapshot, "SELECT arg_max(CustomerID, Monetary) FROM gold.customer_segments")
    customer = ("Customers", f"/customers?customer={best}")
    for title, place in [*((one.title, "/" if one is PAGES[0] else f"/{one.name}") for one in PAGES), customer]:
        page.goto(place)
        drawn(page, title)
        assert page.evaluate(BEYOND) == [], place
        assert page.evaluate(SHORTENED) == [], place
        for bars in page.evaluate(BARS):
            drawn_bars += 1
            assert bars["longest"] >= LEAST_TRACK, place
    assert drawn_bars >= 3


SIDEWAYS = """() => [...document.querySelectorAll('.rfm-table, .rfm-shaded')]
    .filter(one => one.scrollWidth > one.clientWidth + 1).map(one => {
        const hint = one.previousElementSibling
        return {
            name: one.getAttribute('aria-label'),
            scrolls: one.matches('.rfm-lines, .rfm-shaded') && one.tabIndex === 0,
            says_so: Boolean(hint?.matches('.rfm-hint')) && hint.offsetHeight > 15,
        }
    })"""
"""Tables wider than their place: whether they are of those that may scroll, and whether it is said above them."""
IDLE_HINTS = """() => [...document.querySelectorAll('.rfm-hint')].filter(one => {
    const {scrollWidth, clientWidth} = one.nextElementSibling
    return one.offsetHeight && scrollWidth <= clientWidth
}).length"""


@pytest.mark.parametrize("width", [1440, 1060, 1024, 390])
def test_tables_fit_and_those_that_scroll_in_their_place_say_so(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for place in ("segments", "customers?who=overdue", "movements", "growth", "proof", "clusters", "data_quality"):
        page.goto(f"/{place}")
        drawn(page, place.partition("?")[0].capitalize().replace("_", " "))
        found = page.evaluate(SIDEWAYS)
        assert all(one["scrolls"] and one["says_so"] for one in found), (place, found)
        assert page.evaluate(IDLE_HINTS) == 0, place


@pytest.mark.parametrize("width", [1024, 920])
def test_tables_of_many_columns_stay_tables_on_a_small_laptop(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for place in ("segments", "customers?who=overdue", "proof"):
        page.goto(f"/{place}")
        drawn(page, place.partition("?")[0].capitalize())
        expect(page.locator(".rfm-table thead").first).to_be_visible()


def test_on_a_phone_cohorts_scroll_by_keyboard_and_rejected_rows_are_cards(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto("/growth")
    drawn(page, "Growth")
    cohorts = page.locator(".rfm-shaded")
    cohorts.focus()
    page.keyboard.press("ArrowRight")
    expect(cohorts).to_be_focused()
    page.wait_for_function("document.querySelector('.rfm-shaded').scrollLeft > 0")
    page.goto("/data_quality")
    drawn(page, "Data quality")
    expect(page.locator(".rfm-lines thead")).to_be_hidden()
    expect(page.locator(".rfm-lines td").nth(1)).to_be_visible()


def test_bars_keep_their_colours_in_a_high_contrast_theme(page: Page) -> None:
    page.goto("/clusters")
    drawn(page, "Clusters")
    chosen = page.evaluate(BARS)
    assert chosen
    page.emulate_media(forced_colors="active")
    assert page.evaluate(BARS) == chosen
    assert all(len(set(bars["colours"])) > 1 for bars in chosen)


def test_every_text_stands_out_from_its_ground(page: Page) -> None:
    for one in PAGES:
        page.goto("/" if one is PAGES[0] else f"/{one.name}")
        drawn(page, one.title)
        assert page.evaluate(FAINT) == {}, one.title


def test_the_link_of_the_menu_that_has_the_focus_is_framed(page: Page) -> None:
    link = page.get_by_role("link", name="Movements", exact=True)
    page.get_by_role("link", name="Segments", exact=True).focus()
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    expect(link).to_have_css("outline-style", "solid")
    expect(link).to_have_css("outline-width", "3px")
    expect(link).to_have_css("outline-color", "rgb(31, 42, 55)")


def entries(page: Page) -> int:
    """How many entries the browser's history has."""
    return int(page.evaluate("history.length"))


def test_a_turn_to_another_page_is_one_entry_and_back_leads_to_the_page_before(page: Page) -> None:
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
    before = entries(page)
    page.goto("/growth")
    drawn(page, "Growth")
    expect(page).to_have_url(re.compile(f"as_of={LAST_DAY}$"))
    assert entries(page) == before + 1


def test_back_from_an_opened_customer_leads_to_the_list(page: Page) -> None:
    page.goto("/customers")
    drawn(page, "Customers")
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
    page.get_by_role("radio", name="30 days").click()
    expect(page.get_by_text("Bought in 30 days")).to_be_visible()
    expect(page).to_have_url(re.compile("segments_period=30\\+days"))
    page.reload()
    drawn(page, "Segments")
    expect(page.get_by_text("Bought in 30 days")).to_be_visible()


@pytest.mark.parametrize("width", [720, 390])
def test_a_closed_menu_takes_no_focus_and_an_open_one_does(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.reload()
    drawn(page, "Segments")
    link = page.get_by_test_id("stSidebarNavLink").filter(has_text="Movements")
    expect(link).to_be_hidden()
    for _ in range(8):
        page.keyboard.press("Tab")
        assert not page.evaluate("document.activeElement.closest('[data-testid=stSidebar]')")
    page.get_by_test_id("stExpandSidebarButton").click()
    link.click()
    drawn(page, "Movements")


@pytest.mark.parametrize(
    ("field", "frame"),
    [
        ("Find a customer", "[data-testid=stTextInputRootElement]"),
        ("Page", "[data-testid=stNumberInputContainer]"),
        ("Sort", "[data-testid=stSelectbox] [role=group]"),
        ("Segments", "[data-testid=stMultiSelect] [role=group]"),
    ],
)
def test_the_field_that_has_the_focus_is_framed(page: Page, field: str, frame: str) -> None:
    page.goto("/customers")
    drawn(page, "Customers")
    page.locator(f"input[aria-label^='{field}']").focus()
    framed = page.locator(f"{frame}:focus-within")
    expect(framed).to_have_css("outline-style", "solid")
    expect(framed).to_have_css("outline-width", "3px")


def test_the_page_itself_is_marked_where_it_has_the_focus(page: Page) -> None:
    page.get_by_role("button", name=PAGES[-1].section).focus()
    page.keyboard.press("Tab")
    main = page.get_by_test_id("stMain")
    expect(main).to_be_focused()
    expect(main).to_have_css("outline-style", "solid")
    expect(main).to_have_css("outline-width", "3px")


SHADES = """() => [...document.querySelectorAll('.rfm-shaded td[style]')].map(
    cell => getComputedStyle(cell).backgroundColor
)"""


def test_shades_stay_in_a_high_contrast_theme(page: Page) -> None:
    page.goto("/growth")
    drawn(page, "Growth")
    chosen = page.evaluate(SHADES)
    page.emulate_media(forced_colors="active")
    assert page.evaluate(SHADES) == chosen
    assert len(set(chosen)) > 2


UNEVEN = """() => {
    const rows = {}, text = document.createRange()
    for (const cell of document.querySelectorAll('.rfm-table td.number')) {
        text.selectNodeContents(cell)
        const row = Math.round(cell.getBoundingClientRect().top)
        rows[row] = [...(rows[row] || []), Math.round(text.getBoundingClientRect().top)]
    }
    return Object.values(rows).filter(tops => Math.max(...tops) - Math.min(...tops) > 1)
}"""
"""Rows of a table, or of one of its cards, whose numbers do not stand at the same height."""


@pytest.mark.parametrize("width", WIDTHS)
def test_numbers_beside_each_other_stand_at_one_height_whether_their_titles_wrap_or_not(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for address, title in {
        "": "Today",
        "segments": "Segments",
        "customers": "Customers",
        "clusters": "Clusters",
    }.items():
        page.goto(f"/{address}")
        drawn(page, title)
        assert page.evaluate(UNEVEN) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_page(browser: Browser, address: str, theme: Literal["light", "dark"]) -> None:
    pytest.importorskip("axe_playwright_python", reason="axe-core is not installed")
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    page = browser.new_page(viewport={"width": 1440, "height": 900}, base_url=address, color_scheme=theme)
    page.set_default_timeout(PATIENCE)
    for one in PAGES:
        page.goto("/" if one is PAGES[0] else f"/{one.name}")
        drawn(page, one.title)
        page.evaluate(axe)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        grave = {
            wrong["id"]: wrong["nodes"][0]["html"] for wrong in found if wrong["impact"] in {"serious", "critical"}
        }
        assert grave == {}, one.title
        assert "heading-order" not in {wrong["id"] for wrong in found}, one.title
    page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_ground_is_that_of_the_reader_s_theme(
    browser: Browser, address: str, theme: Literal["light", "dark"]
) -> None:
    page = browser.new_page(base_url=address, color_scheme=theme)
    page.goto("/")
    drawn(page, "Today")
    red, green, blue = (int(part, 16) for part in re.findall("..", themed_ground(theme)))
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", f"rgb({red}, {green}, {blue})")
    page.close()


def themed_ground(theme: str) -> str:
    """The ground of a theme, as six digits."""
    return (palette.DARK[palette.GROUND] if theme == "dark" else palette.GROUND).removeprefix("#")


WIDE_BAR = """path => {
    const bars = [...document.querySelectorAll(path)].filter(bar => bar.getBoundingClientRect().width > 15)
    bars[0].scrollIntoView({block: 'center'})
    const {x, y, width, height} = bars[0].getBoundingClientRect()
    return [x + width / 2, y + height / 2]
}"""
"""The middle of the first bar of a chart that can be hit."""


def test_a_click_on_a_bar_opens_the_customers_behind_it_and_back_leads_to_the_chart(page: Page) -> None:
    page.goto("/growth")
    drawn(page, "Growth")
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
    page.goto("/clusters")
    drawn(page, "Clusters")
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
    page.goto("/clusters")
    drawn(page, "Clusters")
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
    """Whether there is something to click on at a place of a chart."""
    page.mouse.move(x, y)
    return bool(chart.evaluate("one => one.parentElement.style.cursor === 'pointer'"))
