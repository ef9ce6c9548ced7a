"""How pages look in a real browser: every width, both themes, high contrast, and by keyboard alone."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as TooLate

from rfm_assets.dashboard import palette
from rfm_assets.dashboard.app import PAGES
from rfm_assets_tests.dashboard.browsing import IN_A_BROWSER, PATIENCE, open_page
from rfm_assets_tests.dashboard.shop import stored

pytestmark = IN_A_BROWSER

WIDTHS = {"wide": (1440, 1060, 1024), "narrow": (720, 390, 360), "dark": (1440,)}
"""Including those of a screen of 1,440 pixels at 200 and 400 % zoom. The menu is open beside a wide page and closed on
a narrow one."""
LEAST_TRACK = 120
PLACES = {one.title: (one.title, "") for one in PAGES} | {
    "Overdue": ("Customers", "?who=overdue"),
    "One customer": ("Customers", "?customer={best}"),
}
"""Each page and each special view of one: the page and its query."""


def rgb(colour: str) -> str:
    """A colour such as #1f2a37, as a browser writes it."""
    return f"rgb({', '.join(str(int(part, 16)) for part in re.findall('..', colour.removeprefix('#')))})"


GROUNDS = {"light": rgb(palette.GROUND), "dark": rgb(palette.DARK[palette.GROUND])}

COLOURS = """() => [...document.querySelectorAll('.rfm-bars')].map(
    bars => [...bars.querySelectorAll('i')].map(bar => getComputedStyle(bar).backgroundColor)
)"""
"""The colours of the bars of each figure."""

STUNTED = f"""() => [...document.querySelectorAll('.rfm-bars')].map(
    bars => Math.max(...[...bars.querySelectorAll('i')].map(bar => bar.getBoundingClientRect().width))
).filter(longest => longest < {LEAST_TRACK})"""
"""The longest bar of each figure where even that is too short to compare others with."""

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
"""Elements cut off at a side of the page or without width; only raw lines and wide matrices scroll, in place."""


UNSAID = """() => [...document.querySelectorAll('.rfm-table, .rfm-shaded')].filter(one => {
    const hint = one.previousElementSibling, said = hint?.matches('.rfm-hint') && hint.offsetHeight > 15
    const scrolls = one.scrollWidth > one.clientWidth + 1, may = one.matches('.rfm-lines, .rfm-shaded')
    return scrolls ? !(said && may && one.tabIndex === 0) : said
}).map(one => one.getAttribute('aria-label'))"""
"""Tables that scroll sideways but must not, cannot by keyboard, or have no hint; and tables with a needless hint."""

SHORTENED = """() => [...document.querySelectorAll('[data-testid=stMetric] .stMarkdownEllipsis')]
    .filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent)"""
"""Texts of cards that are cut short."""


UNEVEN = """() => {
    const rows = {}, text = document.createRange()
    for (const cell of document.querySelectorAll('.rfm-table td.number')) {
        text.selectNodeContents(cell)
        const row = Math.round(cell.getBoundingClientRect().top)
        rows[row] = [...(rows[row] || []), Math.round(text.getBoundingClientRect().top)]
    }
    return Object.values(rows).filter(tops => Math.max(...tops) - Math.min(...tops) > 1)
}"""
"""Rows of a table, or of one of its cards, whose numbers are not aligned vertically."""

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


@dataclass(frozen=True)
class Shown:
    """An open page, and the widths to check it at."""

    page: Page
    widths: tuple[int, ...]

    def finds_nothing(self, script: str) -> None:
        """Fails if a script still finds a problem at some width after the page had time to adapt."""
        for width in self.widths:
            self.page.set_viewport_size({"width": width, "height": 900})
            with suppress(TooLate):
                self.page.wait_for_function(f"() => !Object.keys(({script})()).length")
            assert not self.page.evaluate(script), f"{width} pixels"


@pytest.fixture(scope="module", params=PLACES)
def place(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module", params=WIDTHS)
def shown(
    request: pytest.FixtureRequest, browser: Browser, address: str, place: str, sample_snapshot: Path
) -> Iterator[Shown]:
    """A page, opened once for all checks on it."""
    widths = WIDTHS[request.param]
    theme: Literal["dark", "light"] = "dark" if request.param == "dark" else "light"
    page = browser.new_page(viewport={"width": widths[0], "height": 900}, base_url=address, color_scheme=theme)
    page.set_default_timeout(PATIENCE)
    ((best,),) = stored(sample_snapshot, "SELECT arg_max(CustomerID, Monetary) FROM gold.customer_segments")
    title, asked = PLACES[place]
    open_page(page, title, asked.format(best=best))
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", GROUNDS[theme])
    yield Shown(page, widths)
    page.close()


def test_nothing_is_cut_off(shown: Shown) -> None:
    shown.finds_nothing(BEYOND)


def test_tables_fit_and_those_that_scroll_in_their_place_say_so(shown: Shown) -> None:
    shown.finds_nothing(UNSAID)


def test_cards_say_all_they_have_to_say(shown: Shown) -> None:
    shown.finds_nothing(SHORTENED)


def test_bars_keep_their_length(shown: Shown) -> None:
    shown.finds_nothing(STUNTED)


def test_numbers_beside_each_other_stand_at_one_height_whether_their_titles_wrap_or_not(shown: Shown) -> None:
    shown.finds_nothing(UNEVEN)


def test_every_text_stands_out_from_its_ground(shown: Shown) -> None:
    shown.finds_nothing(FAINT)


def test_axe_finds_nothing_serious(shown: Shown) -> None:
    pytest.importorskip("axe_playwright_python", reason="axe-core is not installed")
    shown.page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = shown.page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    grave = {one["id"]: one["nodes"][0]["html"] for one in found if one["impact"] in {"serious", "critical"}}
    assert grave == {}
    assert "heading-order" not in {one["id"] for one in found}


@pytest.mark.parametrize("place", ["Segments", "Overdue", "Proof"])
def test_tables_of_many_columns_stay_tables_on_a_small_laptop(page: Page, place: str) -> None:
    page.set_viewport_size({"width": 920, "height": 900})
    open_page(page, *PLACES[place])
    expect(page.locator(".rfm-table thead").first).to_be_visible()


def test_on_a_phone_cohorts_scroll_by_keyboard_and_rejected_rows_are_cards(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    open_page(page, "Growth")
    cohorts = page.locator(".rfm-shaded")
    cohorts.focus()
    page.keyboard.press("ArrowRight")
    expect(cohorts).to_be_focused()
    page.wait_for_function("document.querySelector('.rfm-shaded').scrollLeft > 0")
    open_page(page, "Data quality")
    expect(page.locator(".rfm-lines thead")).to_be_hidden()
    expect(page.locator(".rfm-lines td").nth(1)).to_be_visible()


def test_bars_keep_their_colours_in_a_high_contrast_theme(page: Page) -> None:
    open_page(page, "Clusters")
    chosen = page.evaluate(COLOURS)
    assert chosen
    page.emulate_media(forced_colors="active")
    assert page.evaluate(COLOURS) == chosen
    assert all(len(set(colours)) > 1 for colours in chosen)


SHADES = """() => [...document.querySelectorAll('.rfm-shaded td[style]')].map(
    cell => getComputedStyle(cell).backgroundColor
)"""


def test_shades_stay_in_a_high_contrast_theme(page: Page) -> None:
    open_page(page, "Growth")
    chosen = page.evaluate(SHADES)
    page.emulate_media(forced_colors="active")
    assert page.evaluate(SHADES) == chosen
    assert len(set(chosen)) > 2


def test_the_link_of_the_menu_that_has_the_focus_is_framed(page: Page) -> None:
    open_page(page, "Segments")
    link = page.get_by_role("link", name="Movements", exact=True)
    page.get_by_role("link", name="Segments", exact=True).focus()
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    expect(link).to_have_css("outline-style", "solid")
    expect(link).to_have_css("outline-width", "3px")
    expect(link).to_have_css("outline-color", "rgb(31, 42, 55)")


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
    open_page(page, "Customers")
    page.locator(f"input[aria-label^='{field}']").focus()
    framed = page.locator(f"{frame}:focus-within")
    expect(framed).to_have_css("outline-style", "solid")
    expect(framed).to_have_css("outline-width", "3px")


def test_the_page_itself_is_marked_where_it_has_the_focus(page: Page) -> None:
    open_page(page, "Segments")
    page.get_by_role("button", name=PAGES[-1].section).focus()
    page.keyboard.press("Tab")
    main = page.get_by_test_id("stMain")
    expect(main).to_be_focused()
    expect(main).to_have_css("outline-style", "solid")
    expect(main).to_have_css("outline-width", "3px")
