"""Takes the pictures in docs/images: the UI over a sample shop, in headless Chromium.

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
MARGIN = 30  # pixels around the graph in the picture
AROUND_GRAPH = 400  # and in the window, which has bars of its own

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

READY_NODES = """
    count => [...document.querySelectorAll("svg foreignObject")]
        .filter(node => / partitions/.test(node.textContent)).length >= count
"""
SIZE_OF_GRAPH = """
    () => {
        const graph = document.querySelector("[data-svg-viewport] svg");
        return [graph.width.baseVal.value, graph.height.baseVal.value];
    }
"""
BOUNDS_OF_GRAPH = """
    () => [...document.querySelectorAll("svg foreignObject")]
        .map(node => node.getBoundingClientRect())
        .map(box => [box.left, box.top, box.right, box.bottom])
"""
# The zoom is animated: at two looks in a row the graph is in the same place, and all of it in the window.
AT_REST = f"""
    () => {{
        const [before, bounds] = [window.boundsBefore, ({BOUNDS_OF_GRAPH})()];
        window.boundsBefore = String(bounds);
        return before === String(bounds) && bounds.every(([left, top, right, bottom]) =>
            left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight);
    }}
"""


def main() -> None:
    """Fills a shop of some weeks in a folder of its own, and takes each picture of it."""
    today = datetime.now(UTC).date()
    days = [str(today - timedelta(days=ago)) for ago in reversed(range(DAYS))]
    with TemporaryDirectory(prefix="rfm-screenshots-") as folder:
        home = Path(folder)
        write_sample(home / "landing", start=today - timedelta(days=DAYS - 1), days=DAYS, lines_per_day=LINES_PER_DAY)
        with deployed(home, RFM_LANDING="landing", RFM_WAREHOUSE="warehouse.duckdb", RFM_START_DATE=days[0]) as ui:
            backfill(ui, days)
            asset_graph(ui)
            checks(ui)
            columns(ui)


def backfill(ui: Deployment, days: list[str]) -> None:
    """Materializes everything and waits for it."""
    launched = ui.api.launch_backfill("daily_refresh", days)
    ui.start_daemon()
    ui.wait_until(
        lambda: [run["status"] for run in ui.api.backfill_runs(launched)] == ["SUCCESS"], "the backfill has succeeded"
    )


def asset_graph(ui: Deployment) -> None:
    """The whole graph, every group open, without the panels around it."""
    with open_page(ui, "/asset-groups", width=3400, height=2900, scale=0.8) as page:
        page.get_by_label("panel_show_right").click()
        page.get_by_label("config").last.click()
        for facet in ["Description", "Latest event", "Automation", "Sync status tags"]:
            page.locator(f"label:has-text('{facet}')").click()
        page.get_by_role("button", name="Save").click()
        page.keyboard.press("Alt+e")  # open every group
        page.wait_for_function(READY_NODES, arg=1)
        # Only what is in the window is drawn, and in full only while it fits: the window grows instead.
        width, height = page.evaluate(SIZE_OF_GRAPH)
        page.set_viewport_size({"width": int(width) + AROUND_GRAPH, "height": int(height) + AROUND_GRAPH})
        page.locator("[data-svg-viewport]").dispatch_event("dblclick")  # beside every node: shows the whole graph
        page.wait_for_function(READY_NODES, arg=len(ui.api.assets()))
        page.wait_for_function(AT_REST, polling=1_000)
        lefts, tops, rights, bottoms = zip(*page.evaluate(BOUNDS_OF_GRAPH), strict=True)
        left, top = min(lefts) - MARGIN, min(tops) - MARGIN
        clip = {"x": left, "y": top, "width": max(rights) + MARGIN - left, "height": max(bottoms) + MARGIN - top}
        save(page, "asset-graph.png", clip)


def checks(ui: Deployment) -> None:
    """The checks of silver, green and red, and the rows that one of them names."""
    url = "/assets/silver/transactions?view=checks&checkDetail=valid_quantity"
    # Wide, so that the dialog with the rows leaves the list of checks in sight.
    with open_page(ui, url, width=2400, height=740, scale=0.85) as page:
        page.get_by_text("[Show Markdown]").click()
        page.get_by_role("button", name="Close").wait_for()
        page.wait_for_timeout(500)  # the dialog fades in
        save(page, "checks.png")


def columns(ui: Deployment) -> None:
    """What an analyst reads about a table."""
    with open_page(ui, "/assets/gold/customer_rfm", width=1600, height=800, scale=1) as page:
        page.get_by_text("Days from the last purchase").wait_for()
        save(page, "asset-columns.png")


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


def save(page: Page, name: str, clip: dict[str, float] | None = None) -> None:
    """Writes what the page shows, or a part of it, to docs/images."""
    IMAGES.mkdir(exist_ok=True)
    page.screenshot(path=IMAGES / name, clip=clip)
    click.echo(f"{IMAGES / name}: {(IMAGES / name).stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
