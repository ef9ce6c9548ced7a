"""SAP billing documents: headers and items in two files, `;`, decimal commas, trailing minus."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from rfm_assets.sample.shapes.orders import CURRENCY, Line, Order, State
from rfm_assets.sample.shapes.shape import Row, Shape, Sheet
from rfm_assets.sample.shapes.texts import columns, comma, dotted

HEADERS = columns("VBELN,ERDAT,ERZET,ERNAM,AUART,WAERS,VKORG,VTWEG,SPART,NETWR,KUNNR")
ITEMS = columns("VBELN,POSNR,MATNR,KWMENG,MEINS,NETPR,WERKS,NETWR")
STATES = {State.CANCELLED: "AG"}
"""A quotation, not an order."""
RETURNS = 60_000_000


def _headers(order: Order) -> Iterator[Row]:
    yield _header(order, _number(order), STATES.get(order.state, "TA"), order.goods, order.placed)
    if order.refund:
        yield _header(order, _return_number(order), "RE", -order.refunded, order.refund.at)


def _header(order: Order, number: str, kind: str, amount: Decimal, at: datetime) -> Row:
    return {
        "VBELN": number,
        "ERDAT": f"{at:%Y%m%d}",
        "ERZET": f"{at:%H%M%S}",
        "ERNAM": "MÜLLER",
        "AUART": kind,
        "WAERS": CURRENCY,
        "VKORG": "1000",
        "VTWEG": "10",
        "SPART": "00",
        "NETWR": dotted(amount),
        "KUNNR": _customer(order),
    }


def _items(order: Order) -> Iterator[Row]:
    for place, line in enumerate(order.lines, start=1):
        yield _item(_number(order), place, line, 1)
    if order.refund:
        for place, line in enumerate(order.refund.lines, start=1):
            yield _item(_return_number(order), place, line, -1)


def _item(number: str, place: int, line: Line, sign: int) -> Row:
    return {
        "VBELN": number,
        "POSNR": f"{place * 10:06d}",
        "MATNR": line.code,
        "KWMENG": dotted(sign * Decimal(line.quantity), 3),
        "MEINS": "ST",
        "NETPR": comma(line.price),
        "WERKS": "1000",
        "NETWR": dotted(sign * line.amount),
    }


def _number(order: Order) -> str:
    return f"{order.number:010d}"


def _return_number(order: Order) -> str:
    return f"{RETURNS + order.number:010d}"


def _customer(order: Order) -> str:
    return f"{order.customer:010d}" if order.customer is not None else ""


SHAPE = Shape(
    name="sap-billing",
    sheets=(Sheet("headers.csv", HEADERS, _headers), Sheet("items.csv", ITEMS, _items)),
    number=_number,
    customer=_customer,
    states=STATES,
    return_number=_return_number,
    delimiter=";",
    encoding="latin-1",
    line_end="\r\n",
)
