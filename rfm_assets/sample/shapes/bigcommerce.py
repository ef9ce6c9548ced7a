"""BigCommerce's default order export: one row per order, with all lines in one cell."""

from collections.abc import Iterator

from rfm_assets.sample.shapes.orders import CURRENCY, Line, Order, State
from rfm_assets.sample.shapes.shape import Row, Shape, Sheet
from rfm_assets.sample.shapes.texts import columns, email, money, name

HEADER = columns(
    "Order ID,Customer ID,Customer Name,Customer Email,Customer Phone,Order Date,Order Status,"
    "Subtotal (inc tax),Subtotal (ex tax),Tax Total,Shipping Cost (inc tax),Shipping Cost (ex tax),"
    "Handling Cost (inc tax),Handling Cost (ex tax),Order Total (inc tax),Order Total (ex tax),"
    "Payment Method,Total Quantity,Total Shipped,Date Shipped,Order Currency Code,Exchange Rate,"
    "Order Notes,Customer Message,Billing First Name,Billing Last Name,Billing Country,"
    "Shipping First Name,Shipping Last Name,Shipping Country,Product Details,"
    "Store Credit Redeemed,Gift Certificate Amount Redeemed,Coupon Details,Refund Amount"
)
STATES = {State.PENDING: "Awaiting Payment", State.CANCELLED: "Cancelled"}


def _rows(order: Order) -> Iterator[Row]:
    yield {
        "Order ID": str(order.number),
        "Customer ID": str(order.customer or 0),
        "Customer Name": name(order) or "A guest",
        "Customer Email": email(order) or "guest@example.com",
        "Order Date": f"{order.placed:%d/%m/%Y}",
        "Order Status": _status(order),
        "Subtotal (inc tax)": money(order.goods),
        "Subtotal (ex tax)": money(order.goods),
        "Tax Total": "0.00",
        "Shipping Cost (inc tax)": money(order.shipping),
        "Shipping Cost (ex tax)": money(order.shipping),
        "Handling Cost (inc tax)": "0.00",
        "Handling Cost (ex tax)": "0.00",
        "Order Total (inc tax)": money(order.total),
        "Order Total (ex tax)": money(order.total),
        "Payment Method": "Card",
        "Total Quantity": str(order.units),
        "Total Shipped": str(order.units),
        "Order Currency Code": CURRENCY,
        "Exchange Rate": "1.0000000000",
        "Billing Country": order.country,
        "Product Details": "|".join(_packed(line) for line in order.lines),
        "Store Credit Redeemed": "0.00",
        "Gift Certificate Amount Redeemed": "0.00",
        "Refund Amount": money(order.refunded),
    }


def _packed(line: Line) -> str:
    return (
        f"Product ID: {line.code[:5]}, Product Qty: {line.quantity}, Product SKU: {line.code}, "
        f"Product Name: {line.description.strip()}, "
        f"Product Unit Price: {line.price}, Product Total Price: {line.amount}"
    )


def _status(order: Order) -> str:
    if order.refund:
        return "Refunded" if order.is_refunded_whole else "Partially Refunded"
    return STATES.get(order.state, "Completed")


SHAPE = Shape(
    name="bigcommerce",
    sheets=(Sheet("orders.csv", HEADER, _rows),),
    number=lambda order: str(order.number),
    customer=lambda order: str(order.customer or ""),
    states=STATES,
    refunds="undated",
)
