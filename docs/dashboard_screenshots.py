"""Takes the pictures of the dashboard in docs/images: every page over a sample shop, in headless Chromium.

`make screenshots` runs it; what it needs is what docs/take_screenshots.py needs. The shop is the same whenever it runs.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory

import click
import duckdb
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from docs.take_screenshots import IMAGES, PATIENCE, QUIET
from rfm_assets.dashboard import app
from rfm_assets.sample import write_sample
from rfm_assets.settings import settings

PROJECT = Path(__file__).parents[1]
DAYS, LINES_PER_DAY = 250, 600
WIDTH, SHORTEST, TALLEST = 1440, 800, 1500
COLOURS = 128

# Whom the page Customers shows: the best one.
BEST_CUSTOMER = """
    SELECT CustomerID FROM gold.customer_segments
    WHERE as_of_date = (SELECT max(as_of_date) FROM gold.customer_segments) ORDER BY Monetary DESC LIMIT 1
"""

# Where a page is, if not at its name: the first one is at the root.
OPENED_AT = {app.PAGES[0].name: "", "customers": "customers?customer={customer}"}

HEIGHT = "() => document.querySelector('[data-testid=stMain]').scrollHeight"
DRAWN = "() => !document.querySelector('[data-testid=stSkeleton], [aria-busy=true]')"


def main() -> None:
    """Makes a shop's whole history in a folder of its own, and takes a picture of each page."""
    with TemporaryDirectory(prefix="rfm-dashboard-") as folder:
        home = Path(folder)
        write_sample(home / "landing", start=settings().start_date, days=DAYS, lines_per_day=LINES_PER_DAY)
        environment = os.environ | {
            "DAGSTER_HOME": str(home),
            "RFM_LANDING": "landing",
            "RFM_WAREHOUSE": "warehouse.duckdb",
            "RFM_PUBLISHED": "published",
            "PYTHONPATH": str(PROJECT),
        }
        shutil.copy(PROJECT / "dagster.yaml", home)
        refresh = [sys.executable, "-c", "from rfm_assets.commands.main import main; main()", "refresh"]
        subprocess.run(refresh, cwd=home, env=environment, check=True)  # noqa: S603
        customer = best_customer(home / "warehouse.duckdb")
        with dashboard(home, environment) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
            home_in_the_dark = (app.PAGES[0].name, "dark", "-dark")
            for name, scheme, suffix in [home_in_the_dark, *((page.name, "light", "") for page in app.PAGES)]:
                tab = browser.new_page(viewport={"width": WIDTH, "height": SHORTEST}, color_scheme=scheme)
                tab.set_default_timeout(PATIENCE)
                tab.goto(f"{address}/{OPENED_AT.get(name, name)}".format(customer=customer))
                take(tab, f"dashboard-{name.replace('_', '-')}{suffix}.png")
                tab.close()
            browser.close()


def best_customer(warehouse: Path) -> str:
    """The number of the customer who has spent most, by a warehouse or a published copy."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return str(connection.execute(BEST_CUSTOMER).fetchall()[0][0])


@contextmanager
def dashboard(home: Path, environment: dict[str, str]) -> Iterator[str]:
    """The address of a running dashboard; on the way out its process is gone."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", app.__file__, "--server.port", str(port)]
    server = subprocess.Popen(command, cwd=home, env=environment, stdout=subprocess.PIPE)  # noqa: S603
    try:
        for line in iter(server.stdout.readline, b"") if server.stdout else ():
            if b"URL: " in line:  # it listens
                break
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def take(tab: Page, name: str) -> None:
    """Writes what a page shows to docs/images, in as few colours as it needs."""
    tab.get_by_text("Updated").last.wait_for()
    tab.wait_for_function(DRAWN)
    tab.set_viewport_size({"width": WIDTH, "height": min(tab.evaluate(HEIGHT), TALLEST)})
    tab.wait_for_timeout(1_000)
    IMAGES.mkdir(exist_ok=True)
    tab.screenshot(path=IMAGES / name)
    with Image.open(IMAGES / name) as picture:
        few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(IMAGES / name, optimize=True)
    click.echo(f"{IMAGES / name}: {(IMAGES / name).stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
