"""The shell that Streamlit runs: the pages, the reader's choices, and errors as pages with a way out."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Any

import streamlit as st

from rfm_assets.config import in_force
from rfm_assets.dashboard import address, browser, styles
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.day_shown import shown_as_of
from rfm_assets.dashboard.downloads import keep_replaced_downloads
from rfm_assets.dashboard.published_copy import PublishedCopy, current
from rfm_assets.dashboard.view import View, choose_view
from rfm_assets.errors import RfmError

ICON = Path(__file__).with_name("icon.svg")


@dataclass(frozen=True)
class Page:
    """An entry of the menu; its module is imported when the page opens."""

    name: str
    title: str
    icon: str
    lead: str
    segments: bool = False
    """Whether the page offers the segment filter."""
    customers: bool = False
    """Whether it shows nothing for a day whose customers were thinned."""
    compares: bool = False
    """Whether the page offers a second date to compare with."""
    section: str = ""
    """Its heading in the menu, if any."""


DATA_AND_METHOD = "Data & method"

PAGES = (
    Page("today", "Today", ":material/today:", "What changed this week, and who to contact."),
    Page(
        "segments",
        "Segments",
        ":material/donut_small:",
        "Who your customers are, and what to do for them.",
        segments=True,
        compares=True,
    ),
    Page(
        "movements",
        "Movements",
        ":material/moving:",
        "Who changed segment between two dates, and why.",
        segments=True,
        compares=True,
    ),
    Page(
        "customers",
        "Customers",
        ":material/person_search:",
        "Look up one customer, or export a list.",
        segments=True,
        customers=True,
    ),
    Page("growth", "Growth", ":material/trending_up:", "All sales over time, including those that RFM leaves out."),
    Page("proof", "Proof", ":material/query_stats:", "Whether segments and scores predict what customers do next."),
    Page(
        "clusters",
        "Clusters",
        ":material/bubble_chart:",
        "Groups found in the data, without the segment rules.",
        section=DATA_AND_METHOD,
    ),
    Page(
        "data_quality",
        "Data quality",
        ":material/verified:",
        "What was delivered, accepted and rejected.",
        section=DATA_AND_METHOD,
    ),
    Page("lineage", "Lineage", ":material/account_tree:", "Which table is built from which.", section=DATA_AND_METHOD),
)


def main(pages: Sequence[Page] = PAGES) -> None:
    """Draws the menu, the controls above every page, and the open page."""
    keep_replaced_downloads()
    st.set_page_config(page_icon=ICON, layout="wide")
    st.html(styles.style())
    scripts = address.ONE_CLICK_ONE_ENTRY + browser.SCRIPT + browser.IN_PLACE + browser.PICTURES
    st.html(scripts, unsafe_allow_javascript=True)

    def draw(page: Page) -> None:
        import_module(f"rfm_assets.dashboard.screens.{page.name}").page(view)

    chosen = st.navigation(_menu(pages, draw), position="top")
    page = next(page for page in pages if page.title == chosen.title)
    st.set_page_config(page_title=f"{page.title} · {in_force.shop().name or 'RFM customer segments'}")
    st.title(page.title, anchor=False)
    st.caption(page.lead)
    with _explained():
        copy = current()
        # Widgets drawn here, not in the page, keep their values when the reader changes page.
        view = choose_view(copy, by_segment=page.segments, compares=page.compares)
        _about(view, page)
        with shown_as_of(view.as_of), _explained():
            if page.customers:
                view.need_customers()
            chosen.run()
            _origin(copy)
        address.pin_day(view.as_of)  # last, when the browser has run the script


def _menu(pages: Sequence[Page], draw: Callable[[Page], None]) -> dict[str, list[Any]]:
    """The entries under each heading; the first page is also at the root."""
    menu: dict[str, list[Any]] = {}
    for number, page in enumerate(pages):
        entry = partial(st.Page, partial(draw, page), title=page.title, icon=page.icon)
        section = menu.setdefault(page.section, [])
        section.append(entry(url_path=page.name if number else "", default=not number))
        if not number:  # at the root; it also opens under its own name, which the menu does not repeat
            section.append(entry(url_path=page.name, visibility="hidden"))
    return menu


@contextmanager
def _explained() -> Iterator[None]:
    """Shows what is wrong with the data, and the way out, in place of what cannot be drawn."""
    try:
        yield
    except RfmError as error:
        st.warning(fmt.md(f"There is nothing to show here: {error}."), icon=":material/info:")


def _about(view: View, page: Page) -> None:
    """The subtitle and the source line for saved pictures of the page's figures."""
    chosen = "" if view.all_segments or not page.segments else f" · Only {', '.join(view.segments)}"
    versus = f" · Compared with {fmt.day(view.compare_to)}" if view.compare_to else ""
    shop = in_force.shop().name or "RFM customer segments"
    published = view.copy.rows("published") if view.copy.has("meta.published") else []
    when = "".join(f", updated {fmt.moment(row['published_at'])}, run {str(row['run_id'])[:8]}" for row in published)
    says = {
        "day": str(view.as_of),
        "date": f"As of {fmt.day(view.as_of)}{chosen}{versus}",
        "source": f"Source: {shop}, {page.title}{when}",
    }
    data = " ".join(f"data-{name}='{escape(text)}'" for name, text in says.items())
    st.html(f"<div class='rfm-about' hidden {data}></div>")


def _origin(copy: PublishedCopy) -> None:
    """Shows when the numbers were published, and by which run."""
    if copy.has("meta.published"):
        for row in copy.rows("published"):
            run = str(row["run_id"])[:8]
            st.caption(f"Updated {fmt.moment(row['published_at'])} · run {fmt.md(run)}")


if __name__ == "__main__":
    main()
