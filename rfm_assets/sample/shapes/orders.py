"""The sample shop's orders: its clean lines by order, with what exports add (a time, a status, a refund).

An order is what a till or a web shop knows, before any system writes it in its own format. Everything follows from the
shop's daily files and the order's number, so that the same shop has the same orders.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import groupby
from zoneinfo import ZoneInfo

from rfm_assets.sample.lines import daily_file
from rfm_assets.sample.shop import Shop

ZONE = ZoneInfo("Europe/London")
CURRENCY = "GBP"
NOT_A_SALE = 9_000_000
"""Numbers of orders that never became a sale start here; those of real sales are below."""
UNPAID_FOR = timedelta(days=2)
"""The payment delay of every fourth order."""
_CLEAN = re.compile(r"[0-9]{6,7}\x1f([0-9]{5}[A-Za-z]*|PADS|POST|DOT)\x1f[^\x1f]+\x1f[1-9][0-9]*\x1f[0-9]+\.[0-9]+\x1f")


class State(StrEnum):
    """The state of an order; only paid orders are sales."""

    PAID = "paid"
    PENDING = "pending"
    CANCELLED = "cancelled"
    TEST = "test"


@dataclass(frozen=True)
class Line:
    """Units of a product at one price."""

    code: str
    description: str
    quantity: int
    price: Decimal

    @property
    def amount(self) -> Decimal:
        """Quantity times price."""
        return self.quantity * self.price


@dataclass(frozen=True)
class Refund:
    """The lines refunded, and when; quantities and amounts are positive."""

    at: datetime
    lines: tuple[Line, ...]

    @property
    def amount(self) -> Decimal:
        """The money refunded."""
        return sum((line.amount for line in self.lines), Decimal(0))


@dataclass(frozen=True)
class Order:
    """An order as the shop knows it: local times, money in pounds."""

    number: int
    placed: datetime
    customer: int | None
    """None for a guest."""
    country: str
    lines: tuple[Line, ...] = field(repr=False)
    shipping: Decimal = Decimal("0.00")
    state: State = State.PAID
    refund: Refund | None = None

    @cached_property
    def goods(self) -> Decimal:
        """The sum of the lines."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        """Goods and shipping."""
        return self.goods + self.shipping

    @property
    def refunded(self) -> Decimal:
        """The money refunded, 0 if none."""
        return self.refund.amount if self.refund else Decimal("0.00")

    @property
    def is_refunded_whole(self) -> bool:
        """Whether all goods were refunded."""
        return self.refund is not None and self.refund.lines == self.lines

    @property
    def units(self) -> int:
        """The total units of the lines."""
        return sum(line.quantity for line in self.lines)

    def as_of(self, moment: datetime) -> "Order | None":
        """The order as exported at a moment: None if not placed yet, possibly not paid or not refunded yet."""
        if self.placed > moment:
            return None
        if self.state is State.PAID and self.number % 4 == 0 and moment < self.placed + UNPAID_FOR:
            return replace(self, state=State.PENDING, refund=None)
        return self if self.refund is None or self.refund.at <= moment else replace(self, refund=None)


def orders(shop: Shop, *, clean: bool = False) -> Iterator[Order]:
    """Yields the shop's orders by day; without `clean`, also some that are not sales (pending, cancelled, tests)."""
    closing = datetime.combine(shop.date_of(shop.days - 1), time.max, ZONE)
    for day in range(shop.days):
        lines = _clean_lines(shop, day)
        for invoice, group in groupby(lines, key=lambda fields: fields[0]):
            order = _order(int(invoice), shop.date_of(day), list(group))
            if order is None:
                continue
            is_open = order.refund is not None and order.refund.at > closing
            yield replace(order, refund=None) if is_open else order
            if not clean and order.number % 15 == 0:
                state = (State.PENDING, State.CANCELLED, State.TEST)[order.number // 15 % 3]
                yield replace(order, number=NOT_A_SALE + order.number, state=state, refund=None)


def _clean_lines(shop: Shop, day: int) -> Iterator[list[str]]:
    """The fields of a day's sales lines, without the tills' errors."""
    date_of_file = str(shop.date_of(day))
    for part in daily_file(shop, day):
        for text in part.decode().splitlines():
            fields = next(csv.reader([text]))
            if len(fields) == 8 and fields[7] == date_of_file and _CLEAN.match("\x1f".join(fields)):  # noqa: PLR2004
                yield fields


def _order(number: int, day: date, rows: list[list[str]]) -> Order | None:
    """Makes an order of an invoice's clean lines; None if none is a product."""
    items = [Line(code, text, int(quantity), Decimal(price)) for _, code, text, quantity, price, *_ in rows]
    items = [replace(item, price=item.price.quantize(Decimal("0.01"))) for item in items]
    lines = tuple(item for item in items if item.code not in {"POST", "DOT"})
    if not lines:
        return None
    shipping = sum((item.amount for item in items if item.code in {"POST", "DOT"}), Decimal("0.00"))
    customer, country = rows[0][5], rows[0][6]
    placed = datetime.combine(day, time(), ZONE) + timedelta(minutes=number * 37 % 1440, seconds=number % 60)
    return Order(
        number=number,
        placed=placed,
        customer=int(customer.removesuffix(".0")) if customer else None,
        country=country,
        lines=lines,
        shipping=shipping,
        refund=_refund(number, placed, lines),
    )


def _refund(number: int, placed: datetime, lines: tuple[Line, ...]) -> Refund | None:
    """Every twelfth order is returned some days later: in full every second time, otherwise its first line."""
    if number % 12 != 5:  # noqa: PLR2004
        return None
    back = lines if number % 24 == 5 else lines[:1]  # noqa: PLR2004
    return Refund(placed + timedelta(days=1 + number % 9), back)
