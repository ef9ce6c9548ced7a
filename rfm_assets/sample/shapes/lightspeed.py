"""Lightspeed's sales history: rows for sales, lines and payments, mixed in one file."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from rfm_assets.sample.shapes.orders import Line, Order, State
from rfm_assets.sample.shapes.shape import Row, Shape, Sheet
from rfm_assets.sample.shapes.texts import columns, money, name

HEADER = columns(
    "Date,Receipt Number,Line Type,Customer Code,Customer Name,Note,Quantity,Subtotal,Sales Tax,"
    "Discount,Loyalty,Total,Paid,Details,Register,User,Status,Sku,AccountCodeSale,"
    "AccountCodePurchase"
)
STATES = {State.PENDING: "SAVED", State.CANCELLED: "VOIDED"}


def _rows(order: Order) -> Iterator[Row]:
    yield from _receipt(order, str(order.number), order.lines, order.placed, 1)
    if order.refund:
        yield from _receipt(order, _return_number(order), order.refund.lines, order.refund.at, -1)


def _receipt(order: Order, number: str, lines: tuple[Line, ...], at: datetime, sign: int) -> Iterator[Row]:
    amount = money(sign * sum((line.amount for line in lines), Decimal(0)))
    on_every_row = {"Receipt Number": number, "Register": "Main Register", "User": "Till"}
    date = f"{at:%Y-%m-%d %H:%M:%S}"
    yield on_every_row | {
        "Date": date,
        "Line Type": "Sale",
        "Customer Code": _customer(order),
        "Customer Name": name(order),
        "Note": 'Said: "wrap it",\nplease' if order.number % 6 == 0 else "",
        "Quantity": str(sign * sum(line.quantity for line in lines)),
        "Subtotal": amount,
        "Sales Tax": "0.00",
        "Discount": "0.00",
        "Total": amount,
        "Paid": amount,
        "Status": STATES.get(order.state, "CLOSED"),
    }
    for line in lines:
        yield on_every_row | {"Date": date if order.number % 2 else ""} | _sale_line(line, sign)
    yield on_every_row | {"Date": date, "Line Type": "Payment", "Paid": amount, "Details": "Credit Card"}


def _sale_line(line: Line, sign: int) -> dict[str, str]:
    return {
        "Line Type": "Sale Line",
        "Quantity": str(sign * line.quantity),
        "Subtotal": money(sign * line.amount),
        "Sales Tax": "0.00",
        "Discount": "0.00",
        "Total": money(sign * line.amount),
        "Details": line.description,
        "Sku": line.code,
    }


def _return_number(order: Order) -> str:
    return f"{order.number}-R"


def _customer(order: Order) -> str:
    return f"CUST-{order.customer}" if order.customer is not None else ""


SHAPE = Shape(
    name="lightspeed",
    sheets=(Sheet("sales_history.csv", HEADER, _rows),),
    number=lambda order: str(order.number),
    customer=_customer,
    states=STATES,
    return_number=_return_number,
)
