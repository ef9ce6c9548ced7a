"""Shopify's order export: one row per line, order fields on the first row only."""

from collections.abc import Iterator
from datetime import datetime

from rfm_assets.sample.shapes.orders import CURRENCY, Order, State
from rfm_assets.sample.shapes.shape import Row, Shape, Sheet
from rfm_assets.sample.shapes.texts import columns, email, money, name

HEADER = columns(
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,"
    "Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,"
    "Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,"
    "Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,Billing City,"
    "Billing Zip,Billing Province,Billing Country,Billing Phone,"
    "Shipping Name,Shipping Street,Shipping Address1,Shipping Address2,Shipping Company,Shipping City,"
    "Shipping Zip,Shipping Province,Shipping Country,Shipping Phone,"
    "Notes,Note Attributes,Cancelled at,Payment Method,Payment Reference,Refunded Amount,Vendor,"
    "Outstanding Balance,Employee,Location,Device ID,Id,Tags,Risk Level,Source,Lineitem discount,"
    "Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value,Tax 3 Name,Tax 3 Value,"
    "Tax 4 Name,Tax 4 Value,Tax 5 Name,Tax 5 Value,"
    "Phone,Receipt Number,Duties,Billing Province Name,Shipping Province Name,Payment ID,"
    "Payment Terms Name,Next Payment Due At,Payment References"
)
STATES = {State.PENDING: "pending", State.CANCELLED: "voided"}
DISCOUNTED = 7
"""The lines of every seventh order have a higher price and a line discount that cancels it out."""


def _rows(order: Order) -> Iterator[Row]:
    for place, line in enumerate(order.lines):
        off = line.price if order.number % DISCOUNTED == 0 else line.price * 0
        row = {
            "Name": _number(order),
            "Email": email(order),
            "Lineitem quantity": str(line.quantity),
            "Lineitem name": line.description.strip(),
            "Lineitem price": money(line.price + off),
            "Lineitem sku": "" if (order.number + place) % 9 == 0 else line.code,
            "Lineitem requires shipping": "true",
            "Lineitem taxable": "true",
            "Lineitem fulfillment status": "fulfilled",
            "Lineitem discount": money(off * line.quantity),
            "Vendor": "Sample shop",
        }
        if place == 0:
            yield row | _of_the_order(order)
        else:  # some versions of the export repeat the date
            yield row | ({"Created at": _time(order.placed)} if order.number % 2 else {})


def _of_the_order(order: Order) -> dict[str, str]:
    return {
        "Financial Status": _status(order),
        "Paid at": _time(order.placed) if order.state is State.PAID else "",
        "Fulfillment Status": "fulfilled",
        "Accepts Marketing": "yes",
        "Currency": CURRENCY,
        "Subtotal": money(order.goods),
        "Shipping": money(order.shipping),
        "Taxes": "0.00",
        "Total": money(order.total),
        "Discount Amount": "0.00",
        "Shipping Method": "Parcel",
        "Created at": _time(order.placed),
        "Billing Name": name(order),
        "Billing Zip": "'75008",
        "Billing Country": order.country,
        "Shipping Name": name(order),
        "Shipping Zip": "'75008",
        "Shipping Country": order.country,
        "Notes": 'Ring twice,\nthen say "parcel"' if order.number % 6 == 0 else "",
        "Cancelled at": _time(order.placed) if order.state is State.CANCELLED else "",
        "Payment Method": "Card",
        "Refunded Amount": money(order.refunded),
        "Outstanding Balance": "0.00",
        "Id": str(5_000_000_000_000 + order.number),
        "Risk Level": "Low",
        "Source": "web",
    }


def _status(order: Order) -> str:
    if order.refund:
        return "refunded" if order.is_refunded_whole else "partially_refunded"
    return STATES.get(order.state, "paid")


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S %z}"


def _number(order: Order) -> str:
    return f"#{order.number}"


SHAPE = Shape(
    name="shopify",
    sheets=(Sheet("orders_export.csv", HEADER, _rows),),
    number=_number,
    customer=email,
    states=STATES,
    refunds="undated",
)
