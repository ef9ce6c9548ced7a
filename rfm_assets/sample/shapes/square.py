"""Square's items detail: one row per line with its total, separate date and time, refunds as negative rows."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from rfm_assets.sample.shapes.orders import Line, Order
from rfm_assets.sample.shapes.shape import Row, Shape, Sheet
from rfm_assets.sample.shapes.texts import columns, digest, name, pounds

HEADER = columns(
    "Date,Time,Time Zone,Category,Item,Qty,Price Point Name,SKU,Modifiers Applied,Gross Sales,"
    "Discounts,Net Sales,Tax,Transaction ID,Payment ID,Device Name,Notes,Details,Event Type,"
    "Location,Dining Option,Customer ID,Customer Name,Customer Reference ID,Unit,Count,GTIN,"
    "Itemization Type,Commission,Employee,Fulfillment Note,Channel,Token,Card Brand,PAN Suffix"
)
OFF = Decimal("0.50")
"""The discount on every line of every seventh order, whose gross amount is higher by as much."""


def _rows(order: Order) -> Iterator[Row]:
    for line in order.lines:
        yield _row(order, line, order.placed, 1)
    if order.refund:
        for line in order.refund.lines:
            yield _row(order, line, order.refund.at, -1)


def _row(order: Order, line: Line, at: datetime, sign: int) -> Row:
    off = OFF if order.number % 7 == 0 else Decimal(0)
    return {
        "Date": f"{at:%Y-%m-%d}",
        "Time": f"{at:%H:%M:%S}",
        "Time Zone": "London",
        "Category": "Gifts",
        "Item": line.description,
        "Qty": f"{sign * line.quantity}.0",
        "Price Point Name": "Regular",
        "Gross Sales": pounds(sign * (line.amount + off)),
        "Discounts": pounds(-sign * off),
        "Net Sales": pounds(sign * line.amount),
        "Tax": pounds(Decimal(0)),
        "Transaction ID": _number(order),
        "Payment ID": f"pay{order.number}",
        "Device Name": "Till 1",
        "Details": f"https://squareup.com/dashboard/sales/{_number(order)}",
        "Event Type": "Payment" if sign > 0 else "Refund",
        "Location": "Main",
        "Customer ID": _customer(order),
        "Customer Name": name(order),
        "Unit": "ea",
        "Count": str(sign * line.quantity),
        "Itemization Type": "Physical Good",
    }


def _number(order: Order) -> str:
    return digest("transaction", order.number)[:22]


def _customer(order: Order) -> str:
    return digest("customer", order.customer)[:26].upper() if order.customer is not None else ""


SHAPE = Shape(
    name="square-items",
    sheets=(Sheet("items.csv", HEADER, _rows),),
    number=_number,
    customer=_customer,
)
