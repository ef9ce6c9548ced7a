"""The contents of the digest: Today's sentence and cards of the newest day, and three charts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from rfm_assets.config import in_force
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.cards import growth_of
from rfm_assets.dashboard.palette import BAD, GOOD, MUTED, SEGMENT_COLOURS, SERIES
from rfm_assets.dashboard.periods import by_week
from rfm_assets.dashboard.published_copy import PublishedCopy, statement_of
from rfm_assets.dashboard.screens.segments_map import net_movement
from rfm_assets.dashboard.screens.today import WEEK, week, young
from rfm_assets.dashboard.segment_flows import comparable_days
from rfm_assets.dashboard.today_actions import Action, actions, unknown
from rfm_assets.dashboard.today_sentence import sentence
from rfm_assets.dashboard.view import View, known_days
from rfm_assets.publishing import reader
from rfm_assets.warehouse.query import Query

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Line:
    """A bar: its name, its length, the label after it, and its colour."""

    name: str
    number: float
    label: str
    colour: str


@dataclass(frozen=True)
class Chart:
    """Bars under a title."""

    title: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class Digest:
    """The week in a few hundred words."""

    shop: str
    day: date
    sentence: str
    actions: Sequence[Action]
    charts: Sequence[Chart]
    notes: Sequence[str] = ()
    """What is missing, and why."""

    @property
    def title(self) -> str:
        """The subject: `Example Ltd: week to 28 Apr 2026`."""
        return f"{self.shop}: week to {fmt.day(self.day)}"


@dataclass(frozen=True)
class OpenCopy(PublishedCopy):
    """A published file over its own connection, without Streamlit's cache, which belongs to its sessions."""

    connection: duckdb.DuckDBPyConnection = field(kw_only=True, compare=False)

    def frame(self, query: str | Query, **parameters: object) -> "pd.DataFrame":
        """The rows that a query finds, as a pandas frame."""
        return self._result(query, parameters).df()

    def rows(self, query: str | Query, **parameters: object) -> list[dict[str, Any]]:
        """The rows that a query finds, with Python's decimals and dates."""
        result = self._result(query, parameters)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Another connection to the file."""
        return self.connection.cursor()

    def _result(self, query: str | Query, parameters: dict[str, object]) -> duckdb.DuckDBPyConnection:
        return self.cursor().execute(statement_of(query), parameters or None)


def newest_digest(published: Path) -> Digest | None:
    """The digest of the newest published day; None if no day has segments.

    Raises:
        CopyMissingError: when nothing has been published.
    """
    with reader.published_copy(published) as connection:
        copy = OpenCopy(published, reader.version(published), connection=connection)
        days = known_days(copy)
        return digest_of(View(copy, days[-1], days)) if days else None


def digest_of(view: View) -> Digest:
    """The digest of a day."""
    charts = (_revenue(view), _customers(view), _moved(view))
    return Digest(
        in_force.shop().name or "RFM customer segments",
        view.as_of,
        sentence(week(view)),
        actions(view) if view.has_customers else (),
        [chart for chart in charts if chart.lines],
        [*young(view), *(f"Not shown: {missing}." for missing in unknown(view))],
    )


def _revenue(view: View) -> Chart:
    """Revenue of each of the last weeks, oldest first."""
    lines = [
        Line(fmt.day(view.as_of - timedelta(days=7 * row["weeks_ago"])), float(row["revenue"]), label, SERIES[0])
        for row in by_week(view)
        for label in (fmt.brief_money(row["revenue"]),)
    ]
    return Chart("Revenue by week, up to the given day", lines)


def _customers(view: View) -> Chart:
    """Customers in each segment."""
    counts = _counts(view)
    lines = [
        Line(one, counts[one], fmt.count(counts[one]), colour)
        for one, colour in SEGMENT_COLOURS.items()
        if one in counts
    ]
    return Chart("Customers by segment", lines)


def _moved(view: View) -> Chart:
    """Customers who joined each segment within the week, less those who left."""
    ago = view.as_of - timedelta(days=WEEK)
    if ago not in comparable_days(view.copy, view.as_of, view.customer_days):
        return Chart("", [])
    net = net_movement(view, ago)
    lines = [
        Line(one, abs(net[one]), f"{net[one]:+,}" if net[one] else "0", _news(one, net[one]))
        for one in SEGMENT_COLOURS
        if one in net
    ]
    return Chart("Joined less left, in 7 days (green is good news)", lines)


def _news(segment: str, net: int) -> str:
    """Green for good news, red for bad."""
    if not net:
        return MUTED
    return GOOD if (net > 0) == (growth_of([segment]) == "good") else BAD


def _counts(view: View) -> dict[str, int]:
    rows = view.copy.rows("segments", as_of=view.as_of, segments=list(view.segments))
    return {row["Segment"]: row["Customer_Count"] for row in rows}
