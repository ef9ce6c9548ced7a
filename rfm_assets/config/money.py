"""Amounts as text, in the currency in force."""

from decimal import ROUND_HALF_UP, Context, Decimal

from rfm_assets.config import in_force

Number = float | Decimal
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)


def money(amount: Number, decimals: int | None = None) -> str:
    """`£1,234.50`, `-¥1,235`: with the currency's decimals, or `decimals`; halves are rounded up.

    So a median of half a penny looks the same as a double and as a decimal.
    """
    currency = in_force.currency()
    digits = currency.decimals if decimals is None else decimals
    rounded = Decimal(str(abs(amount))).quantize(Decimal(1).scaleb(-digits), context=_EXACT)
    return f"{'-' if amount < 0 else ''}{currency.symbol}{rounded:,.{digits}f}"


def smallest_amount() -> Decimal:
    """The smallest amount: a penny, or a yen."""
    return Decimal(1).scaleb(-in_force.currency().decimals)
