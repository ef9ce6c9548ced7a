"""Takes the screenshot of Dagster's UI in docs/images, over a sample shop, in headless Chromium.

`make screenshots` runs it. It needs the extra `dev`, which brings Playwright, and a Chromium: the system's own where
there is one, else the one that `playwright install chromium` fetches.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from playwright.sync_api import Page, sync_playwright

from rfm_assets.sample import write_sample
from rfm_assets_tests.helpers.servers import Deployment, deployed

IMAGES = Path(__file__).parent / "images"
DAYS = 60  # up to today, so that the calendar has no day without a file
LINES_PER_DAY = 900
PATIENCE = 60_000  # milliseconds

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def main() -> None:
    """Fills a shop of some weeks in a folder of its own, and takes the screenshot of it."""
    today = datetime.now(UTC).date()
    days = [str(today - timedelta(days=ago)) for ago in reversed(range(DAYS))]
    with TemporaryDirectory(prefix="rfm-screenshots-") as folder:
        home = Path(folder)
        write_sample(home / "landing", start=today - timedelta(days=DAYS - 1), days=DAYS, lines_per_day=LINES_PER_DAY)
        with deployed(home, RFM_LANDING="landing", RFM_WAREHOUSE="warehouse.duckdb", RFM_START_DATE=days[0]) as ui:
            backfill(ui, days)
            checks(ui)


def backfill(ui: Deployment, days: list[str]) -> None:
    """Materializes everything and waits for it."""
    launched = ui.api.launch_backfill("daily_refresh", days)
    ui.start_daemon()
    ui.wait_until(
        lambda: [run["status"] for run in ui.api.backfill_runs(launched)] == ["SUCCESS"], "the backfill has succeeded"
    )


def checks(ui: Deployment) -> None:
    """The checks of silver, green and red, and the rows that one of them names."""
    url = "/assets/silver/transactions?view=checks&checkDetail=valid_quantity"
    # Wide, so that the dialog with the rows leaves the list of checks in sight.
    with open_page(ui, url, width=2400, height=740, scale=0.85) as page:
        page.get_by_text("[Show Markdown]").click()
        page.get_by_role("button", name="Close").wait_for()
        page.wait_for_timeout(500)  # the dialog fades in
        save(page, "checks.png")


@contextmanager
def open_page(ui: Deployment, path: str, *, width: int, height: int, scale: float) -> Iterator[Page]:
    """A page of the UI in a browser of its own, the navigation folded away."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=scale)
        page.set_default_timeout(PATIENCE)
        page.goto(f"http://{ui.api.host}:{ui.api.port}{path}")
        page.get_by_text("Hide navigation").click()
        yield page
        browser.close()


def save(page: Page, name: str) -> None:
    """Writes what the page shows to docs/images."""
    IMAGES.mkdir(exist_ok=True)
    page.screenshot(path=IMAGES / name)
    click.echo(f"{IMAGES / name}: {(IMAGES / name).stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
