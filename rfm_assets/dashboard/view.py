"""What the reader chose to look at, in the widgets above every page; the address of the page carries it."""

from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.snapshot import Snapshot
from rfm_assets.errors import NothingToShowError
from rfm_assets.gold.segments import RECOMMENDATIONS


@dataclass(frozen=True)
class View:
    """The snapshot, the day and the segments that a page shows."""

    snapshot: Snapshot
    as_of: date
    days: tuple[date, ...]
    segments: tuple[str, ...] = tuple(RECOMMENDATIONS)

    @property
    def last_day(self) -> date:
        """The newest day there is."""
        return self.days[-1]

    @property
    def all_segments(self) -> bool:
        """Whether every segment is shown."""
        return len(self.segments) == len(RECOMMENDATIONS)

    def ago(self, days: int) -> date | None:
        """The newest day there is at least so many days before the as-of date."""
        return max((day for day in self.days if day <= self.as_of - timedelta(days=days)), default=None)


def choose_view(snapshot: Snapshot, *, by_segment: bool) -> View:
    """Draws the slider, and the segment filter on pages that use it, and returns what they say.

    Raises:
        NothingToShowError: when no day has been published.
    """
    days = known_days(snapshot)
    if not days:
        raise NothingToShowError(f"{snapshot.version} holds no day yet: land a daily file and materialize its day")
    left, right = st.columns([3, 2], gap="medium") if by_segment else (st.container(), None)
    as_of = days[0]
    if len(days) > 1:
        as_of = left.select_slider(
            "As of", days, value=days[-1], format_func=str, key="as_of", bind="query-params", help=fmt.AS_OF_HELP
        )
    else:
        left.caption(f"As of {fmt.day(as_of)}, the only day so far")
    if right is None:
        return View(snapshot, as_of, days)
    chosen = right.multiselect(
        "Segments", list(RECOMMENDATIONS), key="segment", placeholder="All 12 segments", bind="query-params"
    )
    return View(snapshot, as_of, days, tuple(segment for segment in RECOMMENDATIONS if segment in chosen or not chosen))


def known_days(snapshot: Snapshot) -> tuple[date, ...]:
    """Every day with segments, oldest first; where no day has any, the days that were delivered."""
    queries = {"gold.segment_thresholds": "days", "quality.bronze_daily_quality": "delivered_days"}
    for table, query in queries.items():
        if snapshot.has(table) and (rows := snapshot.rows(query)):
            return tuple(row["day"] for row in rows)
    return ()
