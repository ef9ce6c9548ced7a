"""UCI Online Retail, the first year's file: lines with unit prices, month first, cancellations as separate lines."""

from collections.abc import Iterator
from datetime import datetime

from rfm_assets.sample.shapes.orders import Line, Order
from rfm_assets.sample.shapes.shape import Row, Shape, Sheet
from rfm_assets.sample.shapes.texts import columns, money

HEADER = columns("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country")


def _rows(order: Order) -> Iterator[Row]:
    for line in order.lines:
        yield _row(order, line, str(order.number), line.quantity, order.placed)
    if order.refund:
        for line in order.refund.lines:
            yield _row(order, line, f"C{order.number}", -line.quantity, order.refund.at)


def _row(order: Order, line: Line, number: str, quantity: int, at: datetime) -> Row:
    return {
        "InvoiceNo": number,
        "StockCode": line.code,
        "Description": line.description,
        "Quantity": str(quantity),
        "InvoiceDate": f"{at.month}/{at.day}/{at.year} {at.hour}:{at:%M}",
        "UnitPrice": money(line.price),
        "CustomerID": _customer(order),
        "Country": order.country,
    }


def _traps(order: Order) -> Iterator[Row]:
    """Stock written off: no customer, and no price."""
    if order.number % 40 == 0:
        line = order.lines[0]
        yield {**_row(order, line, str(order.number), -1, order.placed), "UnitPrice": "0", "Description": "damaged £"}


def _customer(order: Order) -> str:
    return str(order.customer or "")


SHAPE = Shape(
    name="online-retail-1",
    sheets=(Sheet("Online Retail.csv", HEADER, _rows, _traps),),
    number=lambda order: str(order.number),
    customer=_customer,
    encoding="latin-1",
    line_end="\r\n",
)
