"""Stripe's payments: one row per payment, in UTC, with refunds in a column."""

from collections.abc import Iterator
from datetime import UTC

from rfm_assets.sample.shapes.orders import CURRENCY, Order, State
from rfm_assets.sample.shapes.shape import Row, Shape, Sheet
from rfm_assets.sample.shapes.texts import columns, email, money

HEADER = columns(
    "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Converted Amount,"
    "Converted Amount Refunded,Converted Currency,Fee,Is Link,Mode,Payment Source Type,Status,"
    "Description,Seller Message,Card ID,Customer ID,Customer Description,Customer Email,Invoice ID"
)
STATES = {State.CANCELLED: "Failed", State.PENDING: "requires_capture", State.TEST: "Paid"}


def _rows(order: Order) -> Iterator[Row]:
    yield {
        "id": _number(order),
        "Created date (UTC)": f"{order.placed.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
        "Amount": money(order.total),
        "Amount Refunded": money(order.refunded),
        "Currency": CURRENCY.lower(),
        "Captured": "false" if order.state is State.PENDING else "true",
        "Converted Amount": money(order.total),
        "Converted Amount Refunded": money(order.refunded),
        "Converted Currency": CURRENCY.lower(),
        "Fee": "1.20",
        "Is Link": "false",
        "Mode": "Test" if order.state is State.TEST else "Live",
        "Payment Source Type": "card",
        "Status": STATES.get(order.state, "Paid"),
        "Description": f"Order {order.number}",
        "Seller Message": "Payment complete.",
        "Customer ID": _customer(order),
        "Customer Email": email(order),
    }


def _number(order: Order) -> str:
    return f"ch_{order.number}"


def _customer(order: Order) -> str:
    return f"cus_{order.customer}" if order.customer is not None else ""


SHAPE = Shape(
    name="stripe-payments",
    sheets=(Sheet("unified_payments.csv", HEADER, _rows),),
    number=_number,
    customer=_customer,
    states=STATES,
    grain="order",
    amount="total",
    refunds="undated",
)
