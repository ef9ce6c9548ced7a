"""The days that cards compare: some up to the as-of date, and as many before them or up to another date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.view import View, thinned

WEEKS = 12
"""How far a sparkline reaches back."""


@dataclass(frozen=True)
class Period:
    """Some days up to one; deliveries count on the day on which they came."""

    last: date
    days: int
    compare_to: date | None = None
    """The last of the days compared with, where they are not the days before."""

    @property
    def before(self) -> date:
        """The last of as many days that it is compared with."""
        return self.compare_to or self.last - timedelta(days=self.days)

    @property
    def since(self) -> date:
        """The day before the first of the days compared with."""
        return self.before - timedelta(days=self.days)

    @property
    def length(self) -> str:
        """`7 days`."""
        return fmt.plural(self.days, "day")

    @property
    def compared_with(self) -> str:
        """`in the 7 days before`: which days a change is on."""
        return f"in the {self._other}"

    @property
    def _other(self) -> str:
        """`7 days before`, or `7 days to 3 Aug 2025`."""
        return f"{self.length} {f'to {fmt.day(self.compare_to)}' if self.compare_to else 'before'}"

    def title(self, view: View, *, compared: bool) -> str:
        """What stands above its cards: which days they are of, and after which where any is compared."""
        if self.last - timedelta(days=self.days) < view.days[0] - timedelta(days=1):
            return f"Since {fmt.day(view.days[0])}, when history begins"
        return f"The {self.length} to {fmt.day(self.last)}{f', against the {self._other}' if compared else ''}"

    def can_be_compared(self, view: View) -> bool:
        """Whether the days before were delivered from their first on."""
        return self.since >= view.days[0] - timedelta(days=1)

    def why_not(self, view: View) -> str:
        """Says that there is nothing to compare with."""
        return f"There are no {self._other} to compare with: history begins on {fmt.day(view.days[0])}."


@dataclass(frozen=True)
class Purchases:
    """What the customers of the chosen segments bought in a period and in the one before: None is not known."""

    now: dict[str, Any] | None
    before: dict[str, Any] | None
    missing: str = ""
    """Why something is not known."""


def with_average(numbers: Mapping[str, Any]) -> dict[str, Any]:
    """What was sold in some days with the average order, if there were orders."""
    average = {"average": numbers["revenue"] / numbers["orders"]} if numbers.get("orders") else {}
    return {**numbers, **average}


def purchases(view: View, period: Period) -> Purchases:
    """What counts for RFM, of those who were in the chosen segments at the end of each of both periods.

    So the number before is the one that the earlier day shows for itself.
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
    """What `purchases` counts, for each of the last weeks up to the as-of date, the oldest first.

    Empty where the customers of a week's end are not stored or no full week has been delivered.
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
