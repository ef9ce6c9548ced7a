"""Amazon's order report: tabs, Windows-1252, a row for each line with its total, and the buyer's anonymous address."""

import csv
from collections.abc import Iterator
from datetime import UTC

from rfm_assets.sample.shapes.orders import CURRENCY, Line, Order, State
from rfm_assets.sample.shapes.shape import Row, Shape, Sheet
from rfm_assets.sample.shapes.texts import columns, digest, money

HEADER = columns(
    "amazon-order-id,merchant-order-id,purchase-date,last-updated-date,order-status,"
    "fulfillment-channel,sales-channel,order-channel,ship-service-level,buyer-email,product-name,sku,"
    "asin,item-status,quantity,currency,item-price,item-tax,shipping-price,shipping-tax,"
    "gift-wrap-price,gift-wrap-tax,item-promotion-discount,ship-promotion-discount,ship-city,"
    "ship-state,ship-postal-code,ship-country,promotion-ids,is-business-order,"
    "purchase-order-number,price-designation"
)
STATES = {State.PENDING: "Pending", State.CANCELLED: "Cancelled"}


def _rows(order: Order) -> Iterator[Row]:
    for line in order.lines:
        yield _row(order, line)


def _row(order: Order, line: Line) -> Row:
    placed = order.placed.astimezone(UTC).isoformat(timespec="seconds")
    status = STATES.get(order.state, "Shipped")
    is_priced = order.state is not State.CANCELLED
    return {
        "amazon-order-id": _number(order),
        "purchase-date": placed,
        "last-updated-date": placed,
        "order-status": status,
        "fulfillment-channel": "Amazon",
        "sales-channel": "Amazon.co.uk",
        "ship-service-level": "Expedited",
        "buyer-email": _customer(order),
        "product-name": line.description,  # a quote means inches; nothing is quoted in this file
        "sku": line.code,
        "asin": f"B{digest(line.code)[:9].upper()}",
        "item-status": status,
        "quantity": str(line.quantity) if is_priced else "0",
        "currency": CURRENCY if is_priced else "",
        "item-price": money(line.amount) if is_priced else "",
        "item-tax": "0.00" if is_priced else "",
        "ship-city": "Orléans",
        "ship-country": "GB",
        "is-business-order": "false",
    }


def _traps(order: Order) -> Iterator[Row]:
    """An order from another channel that Amazon only ships: not a sale here, and without a price."""
    if order.number % 30 == 0:
        row = _row(order, order.lines[0])
        yield {
            **row,
            "amazon-order-id": f"S01-{_number(order)[4:]}",
            "sales-channel": "Non-Amazon",
            "currency": "",
            "item-price": "",
        }


def _number(order: Order) -> str:
    return f"112-{order.number:07d}-{order.number * 7919 % 10**7:07d}"


def _customer(order: Order) -> str:
    if order.customer is None:
        return ""
    return f"{digest('buyer', order.customer)[:14]}@marketplace.amazon.co.uk"


SHAPE = Shape(
    name="amazon-order-report",
    sheets=(Sheet("orders.txt", HEADER, _rows, _traps),),
    number=_number,
    customer=_customer,
    states=STATES,
    refunds="none",
    delimiter="\t",
    encoding="cp1252",
    quoting=csv.QUOTE_NONE,
    line_end="\r\n",
)
