"""A web shop's event log: views, carts and purchases, one event per unit bought, in UTC."""

from collections.abc import Iterator
from datetime import UTC, timedelta

from rfm_assets.sample.shapes.orders import Order
from rfm_assets.sample.shapes.shape import Row, Shape, Sheet
from rfm_assets.sample.shapes.texts import columns, money, uuid
from rfm_assets.sample.shapes.units import units

HEADER = columns("event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session")
NOON = 12


def _rows(order: Order) -> Iterator[Row]:
    """The purchases, a second apart, all on the order's day: two equal records are one event sent twice."""
    step = timedelta(seconds=1 if order.placed.hour < NOON else -1)
    for place, (line, price) in enumerate(units(order)):
        at = order.placed.astimezone(UTC) + place * step
        yield {
            "event_time": f"{at:%Y-%m-%d %H:%M:%S} UTC",
            "event_type": "purchase",
            "product_id": line.code,
            "category_id": "2053013555631882655",
            "category_code": "gifts",
            "brand": "sample",
            "price": money(price),
            "user_id": _customer(order),
            "user_session": _number(order),
        }


def _traps(order: Order) -> Iterator[Row]:
    """Views and carts, and now and then an event sent twice."""
    bought = next(_rows(order))
    yield {**bought, "event_type": "view"}
    yield {**bought, "event_type": "cart"}
    if order.number % 10 == 0:
        yield bought


def _number(order: Order) -> str:
    return uuid("session", order.number)


def _customer(order: Order) -> str:
    return str(500_000_000 + order.customer) if order.customer is not None else ""


SHAPE = Shape(
    name="events",
    sheets=(Sheet("events.csv", HEADER, _rows, _traps),),
    number=_number,
    customer=_customer,
    refunds="none",
)
