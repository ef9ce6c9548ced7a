"""Holds the dashboard in a real browser: every page without a console error, a filter, a link, a download."""

import csv
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from socket import socket
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.app import PAGES
from rfm_assets_tests.dashboard.shop import LAST_DAY, stored

CHROMIUM = shutil.which("chromium")
AT_RISK = "High Value - At Risk"
PATIENCE = 15_000  # milliseconds, on a busy machine

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on the PATH"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # Playwright's own pipes
]


@pytest.fixture(scope="module")
def address(sample_snapshot: Path) -> Iterator[str]:
    """`rfm dashboard` over the sample shop."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", "from rfm_assets.cli import main; main()", "dashboard", "--server.port", str(port)]
    environment = os.environ | {"RFM_PUBLISHED": str(sample_snapshot)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as server:
        try:
            assert server.stdout
            said = iter(server.stdout.readline, b"")
            assert any(b"URL: http://127.0.0.1" in line for line in said), "it says where it is, on loopback"
            yield f"http://127.0.0.1:{port}"
        finally:
            server.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The first page, drawn; in the end nothing may have gone wrong in the console."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, base_url=address)
    page.set_default_timeout(PATIENCE)
    troubles: list[str] = []
    page.on("console", lambda message: troubles.extend(trouble(message)))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: troubles.extend([] if address in request.url else [request.url]))
    page.goto("/")
    drawn(page, "Segments")
    yield page
    page.close()
    assert troubles == []


def trouble(message: ConsoleMessage) -> list[str]:
    return [message.text] if message.type == "error" else []


def drawn(page: Page, title: str) -> None:
    """Waits until a page stands there whole."""
    expect(page.get_by_role("heading", name=title, exact=True, level=1)).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Published", exact=False).last).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=PATIENCE)
    for error in ("stException", "stEChartsChartError"):
        expect(page.get_by_test_id(error)).to_have_count(0)


def test_the_dashboard_is_alive_and_on_loopback(address: str) -> None:
    with urlopen(f"{address}/_stcore/health") as answer:  # noqa: S310 - our own server
        assert answer.read() == b"ok"


def test_every_page_opens_from_the_menu_and_nothing_leaves_the_machine(page: Page) -> None:
    for one in [*PAGES[1:], PAGES[0]]:
        page.get_by_role("link", name=one.title, exact=True).click()
        drawn(page, one.title)


def test_the_day_goes_along_to_the_next_page_and_into_the_address(page: Page) -> None:
    before = LAST_DAY.replace(day=LAST_DAY.day - 1)
    page.get_by_role("slider").press("ArrowLeft")
    expect(page).to_have_url(f"{page.url.split('?')[0]}?as_of={before}")
    page.get_by_role("link", name="Movements", exact=True).click()
    drawn(page, "Movements")
    expect(page.get_by_test_id("stSlider")).to_contain_text(str(before))
    expect(page).to_have_url(re.compile(f"/movements\\?as_of={before}$"))


def test_what_is_of_another_day_than_the_slider_says_is_dimmed(page: Page) -> None:
    """The reader holds the slider: it says another day at once, and the page follows when it is let go."""
    content, slider = page.locator("[class*=st-key-rfm_page_]"), page.get_by_role("slider")
    shown = page.get_by_text(f"As of {fmt.day(LAST_DAY)}", exact=True)
    expect(content).to_have_css("opacity", "1")
    thumb = page.get_by_test_id("stSliderThumbValue").locator("..").bounding_box()
    assert thumb
    x, y = thumb["x"] + thumb["width"] / 2, thumb["y"] + thumb["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 200, y, steps=5)
    expect(slider).not_to_have_attribute("aria-valuetext", f"{LAST_DAY}")
    expect(shown).to_be_attached()
    expect(content).to_have_css("opacity", "0.2")
    page.mouse.move(x, y, steps=5)
    expect(slider).to_have_attribute("aria-valuetext", f"{LAST_DAY}")
    expect(content).to_have_css("opacity", "1")
    page.mouse.move(x - 200, y, steps=5)
    page.mouse.up()
    expect(shown).to_have_count(0)
    expect(content).to_have_css("opacity", "1")
    day = date.fromisoformat(slider.get_attribute("aria-valuetext") or "")
    expect(page.get_by_text(f"As of {fmt.day(day)}", exact=True)).to_be_visible()


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
    page.goto(f"/?segment={AT_RISK.replace(' ', '+')}")
    drawn(page, "Segments")
    page.get_by_role("link", name="Customers", exact=True).click()
    drawn(page, "Customers")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download CSV").click()
    assert waiting.value.suggested_filename == f"{LAST_DAY}_high-value-at-risk.csv"
    with Path(waiting.value.path()).open(newline="", encoding="utf-8") as file:
        listed = [row["CustomerID"] for row in csv.DictReader(file)]
    found = stored(
        sample_snapshot,
        "SELECT CustomerID FROM gold.customer_segments WHERE segment = ? AND as_of_date = ? ORDER BY 1",
        [AT_RISK, LAST_DAY],
    )
    assert listed == [name for (name,) in found]
