"""The reader's choices in the widgets above every page; the page's URL carries them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from rfm_assets.dashboard import address
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.date_bar import choose_comparison, choose_date, say_how_new
from rfm_assets.dashboard.published_copy import PublishedCopy
from rfm_assets.errors import NothingToShowError
from rfm_assets.gold.segments import RECOMMENDATIONS


@dataclass(frozen=True)
class View:
    """The published copy, the day and the segments that a page shows."""

    copy: PublishedCopy
    as_of: date
    days: tuple[date, ...]
    segments: tuple[str, ...] = tuple(RECOMMENDATIONS)
    compare_to: date | None = None
    """The earlier date that the reader compares with, if any."""

    @property
    def last_day(self) -> date:
        """The newest published day."""
        return self.days[-1]

    @property
    def week_ago(self) -> date:
        """The day a week before the as-of date, published or not."""
        return self.as_of - timedelta(days=7)

    @property
    def all_segments(self) -> bool:
        """Whether every segment is shown."""
        return len(self.segments) == len(RECOMMENDATIONS)

    @property
    def customer_days(self) -> tuple[date, ...]:
        """Every day whose customers are stored, oldest first; old days may have been thinned."""
        return tuple(row["day"] for row in self.copy.rows("customer_days"))

    @property
    def has_customers(self) -> bool:
        """Whether the customers of the as-of date are stored."""
        return self.as_of in self.customer_days

    def ago(self, days: int, among: Collection[date] | None = None) -> date | None:
        """The newest published day, or day of `among`, that is at least `days` before the as-of date."""
        last = self.as_of - timedelta(days=days)
        return max((day for day in (self.days if among is None else among) if day <= last), default=None)

    def need_customers(self) -> None:
        """Guards a page that lists customers.

        Raises:
            NothingToShowError: when the customers of the day are not stored.
        """
        if not self.has_customers:
            raise NothingToShowError(thinned(self.as_of))


def thinned(day: date, jobs: str = "the job `rebuild_segments`") -> str:
    """Why a day's customers are missing, and what brings them back."""
    return (
        f"the customers of {fmt.day(day)} are not stored (`thin_snapshots` deletes those of old days): to bring them "
        f"back, materialize {jobs} for that day"
    )


def choose_view(copy: PublishedCopy, *, by_segment: bool, compares: bool) -> View:
    """Draws the date, and the second date and the segment filter on pages that use them; returns the choices.

    Raises:
        NothingToShowError: when no day has been published.
    """
    days = known_days(copy)
    if not days:
        raise NothingToShowError(f"{copy.version} has no days yet: land a daily file and materialize its day")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        as_of = choose_date(days)
        compare_to = choose_comparison(days, as_of) if compares else None
    say_how_new(days, as_of)
    if not by_segment:
        return View(copy, as_of, days, compare_to=compare_to)
    address.say_what_is_unknown("segment", "segment", RECOMMENDATIONS, "all segments are")
    chosen = st.multiselect(
        "Segments", list(RECOMMENDATIONS), key="segment", placeholder="All 12 segments", bind="query-params"
    )
    segments = tuple(segment for segment in RECOMMENDATIONS if segment in chosen or not chosen)
    return View(copy, as_of, days, segments, compare_to)


def known_days(copy: PublishedCopy) -> tuple[date, ...]:
    """Every day with segments, oldest first; if there are none, the delivered days."""
    queries = {"gold.segment_thresholds": "days", "quality.bronze_daily_quality": "delivered_days"}
    for table, query in queries.items():
        if copy.has(table) and (rows := copy.rows(query)):
            return tuple(row["day"] for row in rows)
    return ()
