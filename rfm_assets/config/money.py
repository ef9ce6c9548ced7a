"""Amounts as text, in the currency in force."""

from decimal import Decimal

from rfm_assets.config import in_force

Number = float | Decimal


def money(amount: Number, decimals: int | None = None) -> str:
    """`£1,234.50`, `-¥1,235`: with the decimals of the currency, or with as many as asked for."""
    currency = in_force.currency()
    digits = currency.decimals if decimals is None else decimals
    return f"{'-' if amount < 0 else ''}{currency.symbol}{abs(amount):,.{digits}f}"


def smallest_amount() -> Decimal:
    """The least that amounts differ by: a penny, or a yen."""
    return Decimal(1).scaleb(-in_force.currency().decimals)
