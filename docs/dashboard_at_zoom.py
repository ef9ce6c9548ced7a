"""Takes pictures of every page as a browser shows it at 200 and 400 % zoom, to look at: none of them is in the docs.

`RFM_PUBLISHED=data/published python -m docs.dashboard_at_zoom FOLDER` takes them of that published copy; what it needs
is what docs/take_screenshots.py needs. A browser at 200 % lays a page out for half the width of the screen.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
from playwright.sync_api import Page, sync_playwright

from docs.dashboard_screenshots import DRAWN, HEIGHT, PROJECT, WIDTH, best_customer, dashboard
from docs.take_screenshots import PATIENCE, QUIET
from rfm_assets.dashboard import app
from rfm_assets.publishing.versions import COPY
from rfm_assets.settings import settings

ZOOMS = (2, 4)
SCREEN = 900
"""The height of the screen in pixels: at 400 % a quarter of it is seen at once."""
SETTLED = 1_000
"""Milliseconds in which charts take their place."""


def places(customer: str) -> Iterator[tuple[str, str]]:
    """The name of each picture, and where it is taken."""
    for page in app.PAGES:
        yield page.name, page.name if page is not app.PAGES[0] else ""
    yield "one_customer", f"customers?customer={customer}"
    yield "customer_panel", f"customers?opened={customer}"


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def main(folder: Path) -> None:
    """Writes a picture of all of each page to FOLDER, and one of its first screen, at each zoom."""
    folder.mkdir(parents=True, exist_ok=True)
    published = settings().published.absolute()
    customer = best_customer(published / COPY)
    environment = os.environ | {"RFM_PUBLISHED": str(published), "PYTHONPATH": str(PROJECT)}
    with dashboard(Path.cwd(), environment) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        for zoom in ZOOMS:
            screen = {"width": WIDTH // zoom, "height": SCREEN // zoom}
            for name, place in places(customer):
                tab = browser.new_page(viewport=screen, device_scale_factor=zoom)
                tab.set_default_timeout(PATIENCE)
                tab.goto(f"{address}/{place}")
                look_at(tab, folder / f"{name}-{100 * zoom}")
                tab.close()
        browser.close()


def look_at(tab: Page, to: Path) -> None:
    """Writes the first screen of a page, and then all of it, which is as high as its content."""
    tab.get_by_text("Updated").last.wait_for(state="attached")
    tab.wait_for_function(DRAWN)
    tab.wait_for_timeout(SETTLED)
    tab.screenshot(path=f"{to}-first.png", scale="css")
    width = tab.viewport_size["width"] if tab.viewport_size else WIDTH
    tab.set_viewport_size({"width": width, "height": tab.evaluate(HEIGHT)})
    tab.wait_for_timeout(SETTLED)
    tab.screenshot(path=f"{to}.png", scale="css")
    click.echo(f"{to}.png")


if __name__ == "__main__":
    main()
