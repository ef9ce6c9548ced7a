"""How soon a page of the dashboard is there, and how soon a change shows: a running dashboard in headless Chromium.

`python benchmarks/dashboard.py http://127.0.0.1:8501 [PAGE …]` measures each page, or those named, five times and
prints the medians, which takes some two minutes. The browser itself keeps the time, so that nothing it is asked from
outside slows it: from the address entered, or the key pressed, until the second frame after the last part of the page
has come (the points of Clusters then glide to their places for a fifth of a second).
"""

import shutil
import sys
from statistics import median

from playwright.sync_api import Page, sync_playwright

from rfm_assets.dashboard.app import PAGES

TIMES = 5
PATIENCE = 60_000  # milliseconds

# `rfmClock(start, firstTime)` sets `rfmTook` once the script has run since (the first time any run will do) and has
# ended, nothing is left of the run before, and no part waits for its code or its first drawing. A run that ends while
# the browser is busy is seen all the same.
CLOCK = """
    const state = "data-test-script-state";
    const ended = () => document.querySelector(`[${state}=notRunning]`) && document.querySelector("h1");
    const waiting = "[data-stale=true], [data-testid=stSkeleton], [aria-busy=true]";
    let ran;
    new MutationObserver(changes => { ran ||= changes.some(change => change.oldValue === "running"); }).observe(
        document, {subtree: true, attributes: true, attributeFilter: [state], attributeOldValue: true});
    window.rfmClock = (start, firstTime) => {
        window.rfmTook = null;
        ran = firstTime;
        const stop = () => { window.rfmTook = (performance.now() - start) / 1000; };
        const look = () => requestAnimationFrame(
            ran && ended() && !document.querySelector(waiting) ? () => requestAnimationFrame(stop) : look);
        look();
    };
    document.addEventListener("keydown", event => window.rfmClock(event.timeStamp, false), {capture: true});
    window.rfmClock(0, true);
"""


def main() -> None:
    """Measures every page."""
    address, *names = sys.argv[1:]
    print(f"{'page':<14}{'first':>8}{'day changed':>14}   (seconds, medians of {TIMES})")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for one in PAGES:
            if names and one.name not in names:
                continue
            firsts, changes = [], []
            for attempt in range(TIMES):
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                page.add_init_script(CLOCK)
                page.goto(f"{address}/{'' if one is PAGES[0] else one.name}", wait_until="commit")
                firsts.append(took(page))
                changes.append(day_before(page, steps=attempt + 1))
                page.close()
            print(f"{one.title:<14}{median(firsts):>8.2f}{median(changes):>14.2f}", flush=True)
        browser.close()


def took(page: Page) -> float:
    """What the browser's clock says once everything is drawn, in seconds.

    Raises:
        RuntimeError: when the page shows an error.
    """
    seconds = float(page.wait_for_function("window.rfmTook", polling=100, timeout=PATIENCE).json_value())
    if page.locator("[data-testid=stException], [data-testid=stEChartsChartError]").count():
        raise RuntimeError(f"{page.url} shows an error; the log of `rfm dashboard` has it")
    return seconds


def day_before(page: Page, *, steps: int) -> float:
    """From the last of some steps back in time until the page shows that day; each attempt is of a day not yet seen."""
    page.wait_for_timeout(500)  # what a browser does once a page stands
    page.get_by_role("button", name="Previous", exact=True).focus()
    for _ in range(steps):
        page.keyboard.press("Enter")
        seconds = took(page)
    return seconds


if __name__ == "__main__":
    main()
