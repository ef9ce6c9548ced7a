"""The digest agrees with Today and the tables, and uses only what mail clients can display."""

import re
import shutil
from collections.abc import Sequence
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from rfm_assets.dashboard import format as fmt
from rfm_assets.digest.content import Chart, Digest, newest_digest
from rfm_assets.digest.page import html, text
from rfm_assets_tests.dashboard.shop import LAST_DAY, open_page, stored, texts, version_in

pytestmark = pytest.mark.slow

CHROMIUM = shutil.which("chromium")
EMPTY = {"meta", "!doctype"}


@pytest.fixture(scope="module")
def digest(sample_snapshot: Path) -> Digest:
    found = newest_digest(sample_snapshot)
    assert found
    return found


@pytest.mark.usefixtures("published")
def test_it_says_what_today_says(digest: Digest) -> None:
    app = open_page("today")
    assert fmt.md(digest.sentence) in texts(app)
    assert [action.title for action in digest.actions] == [header.value for header in app.header]
    assert [(action.number, action.value) for action in digest.actions] == [
        (who.value, who.delta) for who in app.metric
    ]
    for said in (digest.sentence, *(action.why for action in digest.actions)):
        assert said in unescape(html(digest))
        assert said in text(digest)
    assert len(digest.actions) >= 2


def labels(chart: Chart) -> dict[str, str]:
    return {line.name: line.label for line in chart.lines}


def test_its_charts_are_sums_of_the_tables(digest: Digest, sample_snapshot: Path) -> None:
    revenue, customers, moved = digest.charts
    weeks = stored(
        sample_snapshot,
        """SELECT date_diff('day', processing_date, $day) // 7, sum(ProductAmount) FROM silver.invoices
        WHERE CustomerID IS NOT NULL GROUP BY 1 HAVING count(DISTINCT processing_date) = 7 ORDER BY 1 DESC""",
        {"day": LAST_DAY},
    )
    assert labels(revenue) == {
        fmt.day(LAST_DAY - timedelta(days=7 * ago)): fmt.brief_money(sold) for ago, sold in weeks
    }
    counted = "SELECT segment, count(*) FROM gold.customer_segments WHERE as_of_date = ? GROUP BY 1"
    now, before = (dict(stored(sample_snapshot, counted, [day])) for day in (LAST_DAY, LAST_DAY - timedelta(days=7)))
    assert labels(customers) == {segment: fmt.count(number) for segment, number in now.items()}
    for segment, label in labels(moved).items():
        assert int(label) == now.get(segment, 0) - before.get(segment, 0)
    assert sum(int(label) for label in labels(moved).values()) == sum(now.values()) - sum(before.values())


def test_it_names_no_customer(digest: Digest, sample_snapshot: Path) -> None:
    customers = {str(one) for (one,) in stored(sample_snapshot, "SELECT DISTINCT CustomerID FROM gold.customer_rfm")}
    for written in (html(digest, "https://rfm.example"), text(digest)):
        assert not customers & set(re.findall(r"\w+", written))
    assert len(customers) > 100


class Tags(HTMLParser):
    """Records each tag and attribute, and whether all are closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_it_has_nothing_to_run_or_to_fetch(digest: Digest) -> None:
    tags = Tags(html(digest))
    assert tags.open == []
    assert not tags.seen & {"script", "img", "link", "style", "iframe", "svg", "a"}
    assert not [name for name in tags.attributes if name.startswith("on") or name in {"src", "href", "background"}]
    assert "http" not in html(digest)
    assert "url(" not in html(digest)


def test_with_an_address_cards_lead_to_the_dashboard(digest: Digest) -> None:
    links = re.findall(r"href='([^']+)'", html(digest, "https://rfm.example/"))
    groups = [action for action in digest.actions if action.group]
    assert [unescape(link) for link in links] == [f"https://rfm.example/{action.to}" for action in groups]


def test_what_a_shop_is_called_cannot_become_markup() -> None:
    digest = Digest("<b>&Co", LAST_DAY, "Nothing; <script>.", (), ())
    page = html(digest)
    assert "&lt;b&gt;&amp;Co" in page
    assert "script" not in Tags(page).seen
    assert "Nothing needs your attention today." in page
    assert "Nothing needs your attention today." in text(digest)


def test_without_a_day_there_is_no_digest(tmp_path: Path) -> None:
    import duckdb

    with duckdb.connect(str(version_in(tmp_path).with_suffix(".made"))) as empty:
        empty.execute("CREATE TABLE nothing (a INTEGER)")
    newest = next(tmp_path.glob("*.duckdb"))
    next(tmp_path.glob("*.made")).replace(newest.resolve())
    assert newest_digest(tmp_path) is None


@pytest.mark.e2e
@pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on the PATH")
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # Playwright's own pipes
def test_it_is_read_without_scrolling_sideways_on_a_phone_and_on_a_desktop(digest: Digest, tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    file = tmp_path / "digest.html"
    file.write_text(html(digest, "https://rfm.example"), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for width in (390, 1440):
            page = browser.new_page(viewport={"width": width, "height": 900})
            fetched: list[str] = []
            page.on("request", lambda request, to=fetched: to.append(request.url))
            page.goto(file.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") == width
            assert (
                page.evaluate("Math.min(...[...document.querySelectorAll('td[bgcolor]')].map(b => b.offsetHeight))") > 9
            )
            assert fetched == [file.as_uri()]
        browser.close()
