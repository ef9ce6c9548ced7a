"""Olist's dataset: orders, units and customers in three files; a customer has a different id on each order."""

import csv
from collections.abc import Iterator
from datetime import datetime

from rfm_assets.sample.shapes.orders import Order, State
from rfm_assets.sample.shapes.shape import Row, Shape, Sheet
from rfm_assets.sample.shapes.texts import columns, digest, money
from rfm_assets.sample.shapes.units import units

ORDERS = columns(
    "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,"
    "order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date"
)
ITEMS = columns("order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value")
CUSTOMERS = columns("customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state")
STATES = {State.PENDING: "created", State.CANCELLED: "canceled"}


def _orders(order: Order) -> Iterator[Row]:
    yield {
        "order_id": _number(order),
        "customer_id": _customer_of_the_order(order),
        "order_status": STATES.get(order.state, "delivered"),
        "order_purchase_timestamp": _time(order.placed),
        "order_approved_at": _time(order.placed),
        "order_delivered_carrier_date": _time(order.placed),
        "order_delivered_customer_date": _time(order.placed),
        "order_estimated_delivery_date": _time(order.placed),
    }


def _items(order: Order) -> Iterator[Row]:
    for place, (line, price) in enumerate(units(order), start=1):
        yield {
            "order_id": _number(order),
            "order_item_id": str(place),
            "product_id": digest("product", line.code),
            "seller_id": digest("seller"),
            "shipping_limit_date": _time(order.placed),
            "price": money(price),
            "freight_value": money(order.shipping if place == 1 else order.shipping * 0),
        }


def _customers(order: Order) -> Iterator[Row]:
    yield {
        "customer_id": _customer_of_the_order(order),
        "customer_unique_id": _customer(order),
        "customer_zip_code_prefix": "01409",
        "customer_city": "sao paulo",
        "customer_state": "SP",
    }


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def _number(order: Order) -> str:
    return digest("order", order.number)


def _customer_of_the_order(order: Order) -> str:
    return digest("customer of the order", order.number)


def _customer(order: Order) -> str:
    return digest("customer", order.customer) if order.customer is not None else ""


SHAPE = Shape(
    name="olist",
    sheets=(
        Sheet("olist_orders_dataset.csv", ORDERS, _orders),
        Sheet("olist_order_items_dataset.csv", ITEMS, _items),
        Sheet("olist_customers_dataset.csv", CUSTOMERS, _customers),
    ),
    number=_number,
    customer=_customer,
    states=STATES,
    refunds="none",
    quoting=csv.QUOTE_NONNUMERIC,
)
