"""How systems write money, times and people."""

import hashlib
from decimal import Decimal
from uuid import NAMESPACE_OID, uuid5

from rfm_assets.sample.shapes.orders import Order


def columns(header: str) -> tuple[str, ...]:
    """The names of a header line."""
    return tuple(header.split(","))


def money(amount: Decimal) -> str:
    """`-1234.50`."""
    return f"{amount:.2f}"


def pounds(amount: Decimal) -> str:
    """`-£1,234.50`, the sign before the symbol."""
    return f"{'-' if amount < 0 else ''}£{abs(amount):,.2f}"


def comma(amount: Decimal, places: int = 2) -> str:
    """`1234,50`."""
    return f"{amount:.{places}f}".replace(".", ",")


def dotted(amount: Decimal, places: int = 2) -> str:
    """`1.234,50-`, the sign behind."""
    text = f"{abs(amount):,.{places}f}".translate(str.maketrans(",.", ".,"))
    return f"{text}-" if amount < 0 else text


def email(order: Order) -> str:
    """The customer's e-mail address, in varying case; blank for a guest."""
    if order.customer is None:
        return ""
    address = f"customer.{order.customer}@example.com"
    return address.title() if order.number % 5 == 0 else address


def name(order: Order) -> str:
    """The customer's unique name."""
    return f"Zoë Müller {order.customer}" if order.customer is not None else ""


def digest(*parts: object) -> str:
    """32 hexadecimal digits that identify `parts`."""
    return hashlib.md5("/".join(map(str, parts)).encode(), usedforsecurity=False).hexdigest()


def uuid(*parts: object) -> str:
    """A UUID that identifies `parts`."""
    return str(uuid5(NAMESPACE_OID, "/".join(map(str, parts))))
