"""Dunnhumby's Complete Journey: one row per line with its total, days numbered from the first."""

from collections.abc import Iterator
from datetime import date

from rfm_assets.sample.shapes.orders import Order
from rfm_assets.sample.shapes.shape import Row, Shape, Sheet
from rfm_assets.sample.shapes.texts import columns, money

HEADER = columns(
    "household_key,BASKET_ID,DAY,PRODUCT_ID,QUANTITY,SALES_VALUE,STORE_ID,RETAIL_DISC,TRANS_TIME,"
    "WEEK_NO,COUPON_DISC,COUPON_MATCH_DISC"
)
DAY_1 = date(2023, 1, 1)
"""The dataset has no dates; this one is the preset's."""


def _rows(order: Order) -> Iterator[Row]:
    day = (order.placed.date() - DAY_1).days + 1
    for place, line in enumerate(order.lines):
        yield {
            "household_key": _customer(order),
            "BASKET_ID": _number(order),
            "DAY": str(day),
            "PRODUCT_ID": line.code,
            "QUANTITY": str(line.quantity),
            "SALES_VALUE": money(line.amount),
            "STORE_ID": "364",
            "RETAIL_DISC": "-0.6"
            if place % 2
            else "-5.551115E-17",  # already deducted; the second is a float rounding error of a till
            "TRANS_TIME": f"{order.placed:%H%M}",
            "WEEK_NO": str(day // 7 + 1),
            "COUPON_DISC": "0",
            "COUPON_MATCH_DISC": "0",
        }


def _number(order: Order) -> str:
    return str(26_984_000_000 + order.number)


def _customer(order: Order) -> str:
    return str(order.customer or "")


SHAPE = Shape(
    name="dunnhumby",
    sheets=(Sheet("transaction_data.csv", HEADER, _rows),),
    number=_number,
    customer=_customer,
    refunds="none",
)
