"""The shell that Streamlit runs: the pages, what the reader chose, and errors as pages that tell the way out."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path

import streamlit as st

from rfm_assets.config import in_force
from rfm_assets.dashboard import address, styles
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.day_shown import shown_as_of
from rfm_assets.dashboard.snapshot import Snapshot, current
from rfm_assets.dashboard.view import choose_view
from rfm_assets.errors import RfmError

ICON = Path(__file__).with_name("icon.svg")


@dataclass(frozen=True)
class Page:
    """An entry of the menu; its module is imported when it is opened."""

    name: str
    title: str
    icon: str
    lead: str
    segments: bool = False
    """Whether the segment filter is offered."""
    customers: bool = False
    """Whether it has nothing to say of a day whose customers were thinned."""


PAGES = (
    Page(
        "segments",
        "Segments",
        ":material/donut_small:",
        "Who the customers are, and what to do for them.",
        segments=True,
    ),
    Page(
        "movements", "Movements", ":material/moving:", "Who changed segment between two days, and why.", segments=True
    ),
    Page(
        "customers",
        "Customers",
        ":material/person_search:",
        "One customer, or a list to download.",
        segments=True,
        customers=True,
    ),
    Page("clusters", "Clusters", ":material/bubble_chart:", "The groups that the data suggest by themselves."),
    Page("growth", "Growth", ":material/trending_up:", "All sales over time, also those that RFM leaves out."),
    Page("data_quality", "Data quality", ":material/verified:", "What was delivered, refused and kept."),
    Page("lineage", "Lineage", ":material/account_tree:", "Which table is made from which."),
)


def main(pages: Sequence[Page] = PAGES) -> None:
    """Draws the menu, what stands above every page, and the page that is open."""
    name = in_force.shop().name
    about = "RFM customer segments"
    st.set_page_config(page_title=f"{name}: {about}" if name else about, page_icon=ICON, layout="wide")
    st.html(styles.STYLE)
    st.html(address.ONE_CLICK_ONE_ENTRY, unsafe_allow_javascript=True)

    def draw(page: Page) -> None:
        import_module(f"rfm_assets.dashboard.screens.{page.name}").page(view)

    menu = [
        st.Page(
            partial(draw, page),
            title=page.title,
            icon=page.icon,
            url_path=page.name if number else "",
            default=not number,
        )
        for number, page in enumerate(pages)
    ]
    # The first page is at the root; it opens at its own name as well, which the menu does not list again.
    home = pages[0]
    by_name = st.Page(partial(draw, home), title=home.title, icon=home.icon, url_path=home.name, visibility="hidden")
    chosen = st.navigation([*menu, by_name], position="top")
    page = next(page for page in pages if page.title == chosen.title)
    st.title(page.title, anchor=False)
    st.caption(page.lead)
    with _explained():
        snapshot = current()
        # Widgets drawn here, not in the page, keep what they say when the reader turns to another page.
        view = choose_view(snapshot, by_segment=page.segments)
        with shown_as_of(view.as_of), _explained():
            if page.customers:
                view.need_customers()
            chosen.run()
            _origin(snapshot)
        address.pin_day(view.as_of)  # last, when the browser has run the script


@contextmanager
def _explained() -> Iterator[None]:
    """Says what is wrong with the data, and the way out, in place of what cannot be drawn."""
    try:
        yield
    except RfmError as error:
        st.warning(fmt.md(f"There is nothing to show here: {error}."), icon=":material/info:")


def _origin(snapshot: Snapshot) -> None:
    """Says which run the numbers come from."""
    if snapshot.has("meta.published"):
        for row in snapshot.rows("published"):
            run = str(row["run_id"])[:8]
            st.caption(f"Published {fmt.moment(row['published_at'])} by run {fmt.md(run)}")


if __name__ == "__main__":
    main()
