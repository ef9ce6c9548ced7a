"""A running dashboard in a real browser."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from rfm_assets.dashboard.app import PAGES
from rfm_assets_tests.helpers.servers import LOOPBACK, free_port

CHROMIUM = shutil.which("chromium")
PATIENCE = 15_000  # milliseconds, on a busy machine
expect.set_options(timeout=PATIENCE)
IN_A_BROWSER = [
    pytest.mark.e2e,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on the PATH"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # Playwright's own pipes
]
"""The marks of tests in a browser."""


@pytest.fixture(scope="module")
def address(sample_snapshot: Path) -> Iterator[str]:
    """`rfm dashboard` over the sample shop."""
    port = free_port()
    command = [
        sys.executable,
        "-c",
        "from rfm_assets.commands.main import main; main()",
        "dashboard",
        "--server.port",
        str(port),
    ]
    environment = os.environ | {"RFM_PUBLISHED": str(sample_snapshot)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as server:
        try:
            assert server.stdout
            said = iter(server.stdout.readline, b"")
            assert any(f"URL: http://{LOOPBACK}".encode() in line for line in said), "it says where it is, on loopback"
            yield f"http://{LOOPBACK}:{port}"
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
    """A page at the dashboard's own address; at the end its console must be free of errors."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, base_url=address)
    page.set_default_timeout(PATIENCE)
    troubles: list[str] = []
    page.on("console", lambda message: troubles.extend(trouble(message)))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: troubles.extend([] if address in request.url else [request.url]))
    yield page
    page.close()
    assert troubles == []


def open_page(page: Page, title: str, asked: str = "") -> None:
    """Opens a page of the menu, such as "Customers" with "?opened=13085", and waits until it is drawn."""
    name = next(one.name for one in PAGES if one.title == title)
    page.goto("/" if (name, asked) == (PAGES[0].name, "") else f"/{name}{asked}")
    drawn(page, title)


def trouble(message: ConsoleMessage) -> list[str]:
    """An error, except Streamlit's own probing below a page's address before it looks above."""
    looked_for = "/_stcore/" in message.location["url"]
    return [message.text] if message.type == "error" and not looked_for else []


def drawn(page: Page, title: str) -> None:
    """Waits until a page is completely drawn and no longer changes."""
    expect(page.get_by_role("heading", name=title, exact=True, level=1)).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Updated", exact=False).last).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=PATIENCE)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=PATIENCE)
    for error in ("stException", "stEChartsChartError"):
        expect(page.get_by_test_id(error)).to_have_count(0)
