"""WooCommerce's own Analytics > Orders: one row per order, lines in one cell, refunds as separate rows."""

from collections.abc import Iterator

from rfm_assets.sample.shapes.orders import Order, State
from rfm_assets.sample.shapes.shape import Row, Shape, Sheet
from rfm_assets.sample.shapes.texts import columns, money, name, pounds

HEADER = columns(
    "Date,Order #,N. Revenue (formatted),Status,Customer,Customer type,Product(s),Items sold,"
    "Coupon(s),Net Sales,Attribution"
)
STATES = {State.PENDING: "pending", State.CANCELLED: "cancelled"}


def _rows(order: Order) -> Iterator[Row]:
    row = {
        "Date": f"{order.placed:%Y-%m-%d %H:%M:%S}",
        "Order #": str(order.number),
        "N. Revenue (formatted)": pounds(order.goods),
        "Status": "refunded" if order.is_refunded_whole else STATES.get(order.state, "completed"),
        "Customer": name(order),
        "Customer type": "returning" if order.number % 3 else "new",
        "Product(s)": ", ".join(f"{line.quantity}× {line.description.strip()}" for line in order.lines),  # noqa: RUF001 - the very sign
        "Items sold": str(order.units),
        "Net Sales": money(order.goods),
        "Attribution": "Organic: Google",
    }
    yield row
    if order.refund:
        yield row | {
            "Date": f"{order.refund.at:%Y-%m-%d %H:%M:%S}",
            "N. Revenue (formatted)": pounds(-order.refunded),
            "Items sold": str(-sum(line.quantity for line in order.refund.lines)),
            "Net Sales": money(-order.refunded),
            "Attribution": "",
        }


SHAPE = Shape(
    name="woocommerce-analytics",
    sheets=(Sheet("orders.csv", HEADER, _rows),),
    number=lambda order: str(order.number),
    customer=name,
    states=STATES,
    grain="order",
)
