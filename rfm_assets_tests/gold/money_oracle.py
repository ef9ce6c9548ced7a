"""Returns and money in plain Python, line by line, without using the package."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from rfm_assets_tests.gold.oracle import Customer


class Line(NamedTuple):
    """A line that is valid apart from its sign: negative units and amount are a return."""

    on: date
    """The day that delivered it."""
    invoice: str
    code: str
    customer: str | None
    dated: date
    units: int
    amount: Decimal
    is_product: bool = True
    store: str = ""

    @property
    def order(self) -> str:
        """The order of a sale: its number within its store."""
        return f"{self.store}/{self.invoice}" if self.store else self.invoice


class Taken(NamedTuple):
    """The order that a return takes back, with units and money returned so far: of the product, and in total."""

    order: str
    units: int
    amount: Decimal
    all_units: int
    all_amount: Decimal


class Money(NamedTuple):
    """What a customer spent, sent back and kept."""

    gross: Decimal
    returned: Decimal
    orders: int
    orders_kept: int
    last_purchase: date

    def customer(self, name: str, day: date, *, net: bool) -> Customer:
        """The customer as the segments see it."""
        recency = (day - self.last_purchase).days
        if net:
            return Customer(name, self.last_purchase, recency, self.orders_kept, self.gross - self.returned)
        return Customer(name, self.last_purchase, recency, self.orders, self.gross)


@dataclass(frozen=True)
class Shop:
    """All lines of a shop."""

    lines: Sequence[Line]

    @cached_property
    def sales(self) -> dict[str, list[Line]]:
        """Each known customer's sales."""
        return _by_customer(line for line in self.lines if line.units > 0)

    @cached_property
    def returns(self) -> dict[str, list[tuple[Line, Taken | None]]]:
        """Each known customer's returns, and what each one takes back."""
        returned = _by_customer(line for line in self.lines if line.units < 0)
        return {customer: [(one, self.taken_by(one)) for one in lines] for customer, lines in returned.items()}

    def taken_by(self, back: Line) -> Taken | None:
        """The latest order that can cover a return, from its own store if possible, or None."""
        if back.customer is None:
            return None
        delivered = sorted(
            (line for line in self.sales.get(back.customer, []) if line.on <= back.on), key=lambda line: line.order
        )
        found = []
        for order, lines in groupby(delivered, key=lambda line: line.order):
            of_it = list(lines)
            same = [line for line in of_it if line.code == back.code and line.dated <= back.dated]
            units = sum(line.units for line in same)
            if same and units >= -back.units:
                counted = [line for line in of_it if line.is_product]
                taken = Taken(order, *_units_and_amount(same), *_units_and_amount(counted))
                found.append((of_it[0].store == back.store, max(line.dated for line in same), taken))
        return max(found)[-1] if found else None

    def money(self, day: date) -> dict[str, Money]:
        """Every customer's money as of a day."""
        return {customer: money for customer in self.sales if (money := self._money_of(customer, day))}

    def _money_of(self, customer: str, day: date) -> Money | None:
        bought = [line for line in self.sales[customer] if line.on <= day and line.is_product]
        if not bought:
            return None
        back = [(line, taken) for line, taken in self.returns.get(customer, []) if line.on <= day and line.is_product]
        orders = {line.order for line in bought}
        gone = {order for order in orders if self._is_gone(order, bought, back)}
        return Money(
            sum((line.amount for line in bought), Decimal(0)),
            -sum((line.amount for line, _ in back), Decimal(0)),
            len(orders),
            len(orders - gone),
            max(line.dated for line in bought),
        )

    @staticmethod
    def _is_gone(order: str, bought: Sequence[Line], back: Sequence[tuple[Line, Taken | None]]) -> bool:
        """Whether all units or all money of an order came back, and nothing was delivered after the last return."""
        of_it = [(line, taken) for line, taken in back if taken and taken.order == order]
        if not of_it or max(line.on for line in bought if line.order == order) > max(line.on for line, _ in of_it):
            return False
        by_product: dict[str, list[tuple[Line, Taken]]] = defaultdict(list)
        for line, taken in of_it:
            by_product[line.code].append((line, taken))
        units, amount = 0, Decimal(0)
        for some in by_product.values():
            units_back, amount_back = _units_and_amount([line for line, _ in some])
            units += min(-units_back, max(taken.units for _, taken in some))
            amount += min(-amount_back, max(taken.amount for _, taken in some))
        all_units = max(taken.all_units for _, taken in of_it)
        all_amount = max(taken.all_amount for _, taken in of_it)
        return units >= all_units or 0 < all_amount <= amount


def _units_and_amount(lines: Iterable[Line]) -> tuple[int, Decimal]:
    some = list(lines)
    return sum(line.units for line in some), sum((line.amount for line in some), Decimal(0))


def _by_customer(lines: Iterable[Line]) -> dict[str, list[Line]]:
    found = defaultdict(list)
    for line in lines:
        if line.customer is not None:
            found[line.customer].append(line)
    return dict(found)
