"""How soon a page of the dashboard is there, and how soon a change shows: a running dashboard in headless Chromium.

`python benchmarks/dashboard.py http://127.0.0.1:8501` measures each page five times and prints the medians,
which takes some two minutes.
"""

import shutil
import sys
import time
from statistics import median

from playwright.sync_api import Page, sync_playwright

from rfm_assets.dashboard.app import PAGES

TIMES = 5
PATIENCE = 60_000  # milliseconds
# The script has ended, nothing is left of the run before, and every figure is drawn.
SETTLED = """
    heading => document.querySelector("h1")?.innerText === heading
        && document.querySelector("[data-test-script-state]")?.dataset.testScriptState === "notRunning"
        && !document.querySelector("[data-stale=true]")
        && [...document.querySelectorAll("[data-testid=stPlotlyChart]")].every(c => c.querySelector(".main-svg"))
        && document.querySelectorAll("[data-testid=stMetric], [data-testid=stDataFrame], svg").length > 0
"""
CHANGED = f"""
    ([day, heading]) => document.querySelector("[data-testid=stSlider]")?.innerText.includes(day)
        && ({SETTLED})(heading)
"""


def main() -> None:
    """Measures every page."""
    address = sys.argv[1]
    print(f"{'page':<14}{'first':>8}{'day changed':>14}   (seconds, medians of {TIMES})")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for one in PAGES:
            firsts, changes = [], []
            for attempt in range(TIMES):
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                path = "" if one is PAGES[0] else one.name
                firsts.append(seconds(page, lambda page=page, path=path: page.goto(f"{address}/{path}"), one.title))
                changes.append(day_before(page, one.title, steps=attempt + 1))
                page.close()
            print(f"{one.title:<14}{median(firsts):>8.2f}{median(changes):>14.2f}")
        browser.close()


def seconds(page: Page, action, heading: str) -> float:  # noqa: ANN001 - whatever Playwright does
    """From an action until the page has settled."""
    start = time.perf_counter()
    action()
    page.wait_for_function(SETTLED, arg=heading, timeout=PATIENCE)
    return time.perf_counter() - start


def day_before(page: Page, heading: str, *, steps: int) -> float:
    """From the last of some steps back in time until the page shows that day; each attempt is of a day not yet seen."""
    slider = page.get_by_role("slider")
    for _ in range(steps):
        before = slider.get_attribute("aria-valuetext")
        start = time.perf_counter()
        slider.press("ArrowLeft")
        day = ""
        while not day or day == before:
            day = slider.get_attribute("aria-valuetext") or ""
        page.wait_for_timeout(50)
        page.wait_for_function(CHANGED, arg=[day, heading], timeout=PATIENCE)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
