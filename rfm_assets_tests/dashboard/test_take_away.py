"""What a reader takes away from a page, in a real browser: pictures, data, a link, and a printout."""

import csv
import io
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.app import PAGES
from rfm_assets_tests.dashboard.browsing import IN_A_BROWSER, open_page
from rfm_assets_tests.dashboard.shop import LAST_DAY, stored

pytestmark = IN_A_BROWSER
SVG = "{http://www.w3.org/2000/svg}"


def saved(page: Page, button: str, number: int = 0) -> tuple[str, bytes]:
    """What a button saves: the file's name and contents."""
    with page.expect_download() as waiting:
        page.locator(button).nth(number).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


@pytest.mark.parametrize("title", [one.title for one in PAGES])
def test_every_figure_is_saved_with_its_title_date_and_source(page: Page, title: str) -> None:
    open_page(page, title)
    buttons = page.locator("button[data-as=svg]")
    for number in range(buttons.count()):
        alt = buttons.nth(number).get_attribute("data-title")
        file, text = saved(page, "button[data-as=svg]", number)
        assert re.fullmatch(rf"{LAST_DAY}_\w+\.svg", file)
        said = " ".join("".join(one.itertext()) for one in ET.fromstring(text).iter(f"{SVG}text"))  # noqa: S314
        assert f"As of {fmt.day(LAST_DAY)}" in said
        assert f"Source: RFM customer segments, {title}, updated " in said
        assert alt
        assert alt in re.sub(r"\s+", " ", said)
        _, picture = saved(page, "button[data-as=png]", number)
        assert Image.open(io.BytesIO(picture)).width >= 640


def test_a_picture_has_the_legend_and_the_marks_of_its_chart(page: Page) -> None:
    open_page(page, "Segments")
    _, text = saved(page, "button[data-name=segments_history][data-as=svg]")
    assert b"High \xc2\xb7 At Risk" in text
    assert text.count(b"<image") == 12
    _, tiles = saved(page, "button[data-name=segments_map][data-as=svg]")
    squares = ET.fromstring(tiles).iter(f"{SVG}rect")  # noqa: S314
    assert len({one.get("fill") for one in squares}) > 12


@pytest.mark.parametrize("width", [1440, 390])
def test_a_picture_does_not_say_how_to_scroll(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    open_page(page, "Growth")
    _, text = saved(page, "button[data-name=growth_cohorts][data-as=svg]")
    assert b"Jul 25" in text
    assert b"Scroll" not in text


def test_the_data_of_a_table_is_that_of_the_copy(page: Page, sample_snapshot: Path) -> None:
    open_page(page, "Segments")
    _, text = saved(page, ".st-key-rfm_csv_segments_performance button")
    found = [
        (row["Segment"], int(row["Customers"]), float(row["Lifetime revenue"]))
        for row in csv.DictReader(io.StringIO(text.decode()))
    ]
    select = (
        "SELECT Segment, Customer_Count, CAST(Total_Revenue AS DOUBLE) FROM gold.segment_summary WHERE as_of_date = ?"
    )
    assert sorted(found) == sorted(stored(sample_snapshot, select, [LAST_DAY]))


def test_the_link_that_is_copied_opens_the_same_page(page: Page) -> None:
    open_page(page, "Segments")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("radio", name="30 days").click()
    expect(page).to_have_url(re.compile("segments_period=30\\+days"))
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_paper_has_the_numbers_and_nothing_to_click(page: Page) -> None:
    open_page(page, "Segments")
    page.emulate_media(media="print")
    expect(page.get_by_text("Revenue in 7 days")).to_be_visible()
    expect(page.locator(".rfm-tiles")).to_be_visible()
    for left_out in ("header", ".rfm-take", ".rfm-copy", "[data-testid=stDownloadButton]", ".st-key-date_Previous"):
        expect(page.locator(left_out).first).to_be_hidden()
