"""The periods that cards compare: the days up to the as-of date, and as many before them or up to another date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.view import View, thinned

WEEKS = 12
"""The length of a sparkline."""


@dataclass(frozen=True)
class Period:
    """A number of days up to a day; a delivery counts on the day it arrives."""

    last: date
    days: int
    compare_to: date | None = None
    """The last day of the other period, if that is not the days just before."""

    @property
    def before(self) -> date:
        """The last day of the period that it is compared with."""
        return self.compare_to or self.last - timedelta(days=self.days)

    @property
    def since(self) -> date:
        """The day before the first day of the period that it is compared with."""
        return self.before - timedelta(days=self.days)

    @property
    def length(self) -> str:
        """The length in words: `7 days`."""
        return fmt.plural(self.days, "day")

    @property
    def compared_with(self) -> str:
        """The other period in words: `in the 7 days before`."""
        return f"in the {self._other}"

    @property
    def _other(self) -> str:
        """`7 days before`, or `7 days to 3 Aug 2025`."""
        return f"{self.length} {f'to {fmt.day(self.compare_to)}' if self.compare_to else 'before'}"

    def title(self, view: View, *, compared: bool) -> str:
        """The title of its cards: the days, and the other period if any card compares."""
        if self.last - timedelta(days=self.days) < view.days[0] - timedelta(days=1):
            return f"Since {fmt.day(view.days[0])}, when history begins"
        return f"The {self.length} to {fmt.day(self.last)}{f', against the {self._other}' if compared else ''}"

    def can_be_compared(self, view: View) -> bool:
        """Whether history reaches back to the start of the other period."""
        return self.since >= view.days[0] - timedelta(days=1)

    def why_not(self, view: View) -> str:
        """Why there is no comparison."""
        return f"No comparison with the {self._other}: history begins on {fmt.day(view.days[0])}."


@dataclass(frozen=True)
class Purchases:
    """Purchases of the chosen segments' customers in a period and in the other one; None is unknown."""

    now: dict[str, Any] | None
    before: dict[str, Any] | None
    missing: str = ""
    """Why something is unknown."""


def with_average(numbers: Mapping[str, Any]) -> dict[str, Any]:
    """The numbers with the average order, if there are orders."""
    average = {"average": numbers["revenue"] / numbers["orders"]} if numbers.get("orders") else {}
    return {**numbers, **average}


def purchases(view: View, period: Period) -> Purchases:
    """What RFM counts, for the customers in the chosen segments at the end of each period.

    So the earlier number equals the one that the page shows for the earlier day.
    """
    known = [day for day in (period.last, period.before) if view.all_segments or day in view.customer_days]
    if period.last not in known:
        return Purchases(None, None, f"What these segments bought cannot be shown: {thinned(period.last)}.")
    rows = {
        row["day"]: row
        for row in view.copy.rows(
            "purchases",
            as_of=period.last,
            before=period.before,
            days=period.days,
            everybody=view.all_segments,
            segments=list(view.segments),
        )
    }
    if not period.can_be_compared(view):
        return Purchases(rows[period.last], None, period.why_not(view))
    if period.before not in known:
        missing = f"What these segments bought cannot be compared: {thinned(period.before)}."
        return Purchases(rows[period.last], None, missing)
    return Purchases(rows[period.last], rows[period.before])


def by_week(view: View, weeks: int = WEEKS) -> list[dict[str, Any]]:
    """The numbers of `purchases` for each of the last weeks up to the as-of date, oldest first.

    Empty if the customers of a week's end are not stored, or before the first full week.
    """
    ends = [view.as_of - timedelta(days=7 * ago) for ago in range(weeks)]
    ends = [end for end in ends if end - timedelta(days=7) >= view.days[0] - timedelta(days=1)]
    if not view.all_segments and not set(ends) <= set(view.customer_days):
        return []
    return view.copy.rows(
        "purchases_by_week",
        as_of=view.as_of,
        weeks=len(ends),
        everybody=view.all_segments,
        segments=list(view.segments),
    )
