"""WooCommerce with the plugin Advanced Order Export: one row per line, here with `;` and decimal commas."""

import csv
from collections.abc import Iterator
from decimal import Decimal

from rfm_assets.sample.shapes.orders import Order, State
from rfm_assets.sample.shapes.shape import Row, Shape, Sheet
from rfm_assets.sample.shapes.texts import columns, comma, email, name

HEADER = columns(
    "Order Number,Order Status,Order Date,Customer Note,First Name (Billing),Last Name (Billing),"
    "Company (Billing),Address 1&2 (Billing),City (Billing),State Code (Billing),Postcode (Billing),"
    "Country Code (Billing),Email (Billing),Phone (Billing),First Name (Shipping),Last Name (Shipping),"
    "Address 1&2 (Shipping),City (Shipping),State Code (Shipping),Postcode (Shipping),"
    "Country Code (Shipping),Payment Method Title,Cart Discount Amount,Order Subtotal Amount,"
    "Shipping Method Title,Order Shipping Amount,Order Refund Amount,Order Total Amount,"
    "Order Tax Amount,Order Total Tax Amount,Item #,SKU,Name,Product Variation,Quantity,"
    "Quantity (- Refund),Item Cost,Order Line (w/o tax),Order Line Tax,Order Line Total,"
    "Order Line Total Refunded,Order Line Total (- Refund),Coupon Code,Discount Amount"
)
STATES = {State.PENDING: "Pending payment", State.CANCELLED: "Cancelled"}


def _rows(order: Order) -> Iterator[Row]:
    for place, line in enumerate(order.lines):
        is_back = order.refund is not None and place < len(order.refund.lines)
        refunded = line.amount if is_back else Decimal(0)
        yield {
            "Order Number": str(order.number),
            "Order Status": _status(order),
            "Order Date": f"{order.placed:%Y-%m-%d %H:%M}",
            "Customer Note": "Please leave it;\nnext door" if order.number % 6 == 0 else "",
            "Last Name (Billing)": name(order),
            "Email (Billing)": email(order),
            "Payment Method Title": "Card",
            "Cart Discount Amount": "0,00",
            "Order Subtotal Amount": comma(order.goods),
            "Order Shipping Amount": comma(order.shipping),
            "Order Refund Amount": comma(order.refunded),
            "Order Total Amount": comma(order.total),
            "Order Tax Amount": "0,00",
            "Order Total Tax Amount": "0,00",
            "Item #": str(place + 1),
            "SKU": line.code,
            "Name": line.description,
            "Quantity": str(line.quantity),
            "Quantity (- Refund)": "0" if is_back else str(line.quantity),
            "Item Cost": comma(line.price),
            "Order Line (w/o tax)": comma(line.amount),
            "Order Line Tax": "0,00",
            "Order Line Total": comma(line.amount),
            "Order Line Total Refunded": comma(refunded),
            "Order Line Total (- Refund)": comma(line.amount - refunded),
            "Discount Amount": "0,00",
        }


def _status(order: Order) -> str:
    return "Refunded" if order.is_refunded_whole else STATES.get(order.state, "Completed")


SHAPE = Shape(
    name="woocommerce-lines",
    sheets=(Sheet("orders.csv", HEADER, _rows),),
    number=lambda order: str(order.number),
    customer=email,
    states=STATES,
    refunds="undated",
    delimiter=";",
    encoding="utf-8-sig",
    quoting=csv.QUOTE_ALL,
)
