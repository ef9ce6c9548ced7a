"""The shop's size and calendar: invoices per day, and customers so far."""

import zlib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate

from rfm_assets.errors import SettingError

# Trade on the first of each month, January to January, in percent of the year's mean; days between are interpolated.
SEASON = (60, 78, 84, 88, 90, 88, 92, 86, 100, 126, 160, 150, 60)
# Trade from Monday to Sunday, in percent of the week's mean.
WEEK = (112, 118, 116, 122, 100, 48, 84)
# Mean lines per invoice, including one-line ones; a test compares it with the generated days.
LINES_PER_100_INVOICES = 1_930
# Lines per customer, unless the number of customers is given.
LINES_PER_CUSTOMER = 143
# Days of trade before the first day, whose customers already know the shop.
DAYS_BEFORE = 90
FIRST_INVOICE = 500_001


def too_small(option: str, value: int, least: int) -> str:
    """The message that an option is out of range."""
    return f"{option}={value} is too small for a sample: give {least} or more"


@dataclass(frozen=True)
class Shop:
    """The options of a sample; equal shops have equal files.

    A day never depends on later ones: with the default customers, a longer history starts with the same files.

    Raises:
        SettingError: when an option is out of range; names the option and its range.
    """

    start: date = date(2025, 6, 26)
    days: int = 307
    lines_per_day: int = 1_700
    """The mean over a year: December days have more, a Saturday in January a third."""
    customers: int | None = None
    """Customers by the last day; by default in proportion to the lines."""
    seed: int = 42

    def __post_init__(self) -> None:
        for option, least in (("days", 1), ("lines_per_day", 1), ("customers", 1), ("seed", 0)):
            value = getattr(self, option)
            if value is not None and value < least:
                raise SettingError(too_small(option, value, least))
        if self.days > (date.max - self.start).days + 1:
            message = f"days={self.days} from {self.start} go beyond the end of the calendar: give fewer days"
            raise SettingError(message)

    def date_of(self, day: int) -> date:
        """The date of a day, counted from 0."""
        return self.start + timedelta(days=day)

    def customers_by(self, day: int) -> int:
        """Customers by the end of a day; day -1 is the eve of the first."""
        days_so_far = max(day + 1 + DAYS_BEFORE, 0)
        if self.customers is None:
            return max(self.lines_per_day * days_so_far // LINES_PER_CUSTOMER, 1)
        return max(self.customers * days_so_far // (self.days + DAYS_BEFORE), 1)

    def invoices_on(self, day: int) -> range:
        """The invoice numbers of a day, consecutive over the history."""
        firsts = _first_invoices(self)
        return range(firsts[day], firsts[day + 1])


@cache
def _first_invoices(shop: Shop) -> tuple[int, ...]:
    """The first number of each day, and the one after the last day's."""
    counts = (_invoice_count(shop, shop.date_of(day)) for day in range(shop.days))
    return tuple(accumulate(counts, initial=FIRST_INVOICE))


def _invoice_count(shop: Shop, day: date) -> int:
    this_month, next_month = SEASON[day.month - 1 : day.month + 1]
    season = this_month * (31 - day.day) + next_month * (day.day - 1)  # in percent, times 30
    luck = 85 + zlib.crc32(f"{shop.seed} {day}".encode()) % 31
    percent = season * WEEK[day.weekday()] * luck
    return max(shop.lines_per_day * percent // (LINES_PER_100_INVOICES * 100 * 100 * 30), 1)
