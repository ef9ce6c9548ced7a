"""Magento's sales grid: one row per order, money with symbols, in the shop's and the buyer's currency."""

import csv
from collections.abc import Iterator
from decimal import Decimal

from rfm_assets.sample.shapes.orders import Order, State
from rfm_assets.sample.shapes.shape import Row, Shape, Sheet
from rfm_assets.sample.shapes.texts import columns, email, name, pounds

HEADER = columns(
    "ID,Purchase Point,Purchase Date,Bill-to Name,Ship-to Name,Grand Total (Base),"
    "Grand Total (Purchased),Status,Billing Address,Shipping Address,Shipping Information,"
    "Customer Email,Customer Group,Subtotal,Shipping and Handling,Customer Name,Payment Method,"
    "Total Refunded,Allocated sources,Pickup Location Code"
)
STATES = {State.PENDING: "pending", State.CANCELLED: "canceled"}
EUROS = Decimal("1.16")


def _rows(order: Order) -> Iterator[Row]:
    at = order.placed
    abroad = order.country != "United Kingdom"
    yield {
        "ID": _number(order),
        "Purchase Point": "Main Website\nMain Website Store\nDefault Store View",
        "Purchase Date": f"{at:%b} {at.day}, {at.year}, {at.hour % 12 or 12}:{at:%M:%S} {at:%p}",
        "Bill-to Name": name(order),
        "Ship-to Name": name(order),
        "Grand Total (Base)": pounds(order.total),
        "Grand Total (Purchased)": f"€{order.total * EUROS:,.2f}" if abroad else pounds(order.total),
        "Status": _status(order),
        "Billing Address": "1 High Street,London,,SW1A 1AA",
        "Shipping Address": "1 High Street,London,,SW1A 1AA",
        "Shipping Information": "Flat Rate - Fixed",
        "Customer Email": email(order),
        "Customer Group": "General",
        "Subtotal": pounds(order.goods),
        "Shipping and Handling": pounds(order.shipping),
        "Customer Name": name(order),
        "Payment Method": "checkmo",
        "Total Refunded": pounds(order.refunded),
    }


def _status(order: Order) -> str:
    return "closed" if order.is_refunded_whole else STATES.get(order.state, "complete")


def _number(order: Order) -> str:
    return f"{order.number:09d}"


SHAPE = Shape(
    name="magento-grid",
    sheets=(Sheet("export.csv", HEADER, _rows),),
    number=_number,
    customer=email,
    states=STATES,
    grain="order",
    refunds="undated",
    quoting=csv.QUOTE_ALL,
)
