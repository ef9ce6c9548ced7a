"""The oracle of exports: what landing one must come to, from the orders alone, without reading any file."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from rfm_assets.sample.shapes.orders import Order, State
from rfm_assets.sample.shapes.shape import Shape


class Sold(NamedTuple):
    """A line of the clean sample, at a shape's grain; an amount below zero went back."""

    invoice: str
    product: str
    amount: Decimal
    customer: str | None
    country: str
    day: date


def sales(shape: Shape, orders: Iterable[Order]) -> Iterator[Sold]:
    """The lines that count as sales: those of paid orders, one a line or one an order."""
    for order in orders:
        if order.state is State.PAID:
            yield from _sold(shape, order)


def refunds(shape: Shape, orders: Iterable[Order], undated: date | None = None) -> dict[tuple[str, date], Decimal]:
    """What went back, by order and day; `undated` is the day of refunds that an export does not date."""
    back = {}
    for order in orders:
        if order.refund and order.state is State.PAID and shape.refunds != "none":
            on = undated if shape.refunds == "undated" and undated else order.refund.at.date()
            back[str(order.number), on] = order.refunded
    return back


def renamed(shape: Shape, orders: Iterable[Order]) -> tuple[dict[str, str], dict[str, str]]:
    """The sample's own order number for each number in the export, and the same for customers: one to one."""
    kept = [order for order in orders if order.state is State.PAID]
    numbers = {shape.number(order): str(order.number) for order in kept}
    customers = {shape.customer(order).lower(): str(order.customer) for order in kept if order.customer is not None}
    assert len(numbers) == len(set(numbers.values())) == len({order.number for order in kept})
    assert len(customers) == len({order.customer for order in kept if order.customer is not None})
    returns = {shape.return_number(order): str(order.number) for order in kept} if shape.return_number else {}
    assert not returns.keys() & numbers.keys()
    return numbers | returns, customers


def _sold(shape: Shape, order: Order) -> Iterator[Sold]:
    customer = None if order.customer is None else str(order.customer)
    whose = (customer, order.country, order.placed.date())
    if shape.grain == "line":
        for line in order.lines:
            yield Sold(str(order.number), line.code, line.amount, *whose)
    else:
        amount = order.goods if shape.amount == "goods" else order.total
        yield Sold(str(order.number), "ORDER", amount, *whose)
