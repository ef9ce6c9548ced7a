"""The SELECT that makes lines from the fields of an export."""

from collections.abc import Mapping

from rfm_assets.exports.header_fit import Fit
from rfm_assets.exports.profile_cells import Amount, Packed
from rfm_assets.exports.statements import statement
from rfm_assets.literals import literal

ORDER = "ORDER"
"""The product code of a line that stands for a whole order."""
_KEY = "invoice, is_refund, day"


def lines(fit: Fit, decimals: int) -> str:
    """The SELECT over `mapped` and `days` with a row for each line, see sql/lines.sql."""
    profile, amount, packed = fit.profile, fit.amount, _packed_of(fit)
    discounts = {level: _discount(fit, level) for level in ("unit", "line", "order")}
    per = amount.of if isinstance(amount, Amount) and not (packed and packed.amount) else "line"
    typed, minor = _typed(fit, discounts), str(10**decimals)
    valued = _valued(typed, per, minor, decimals, has_order_discount=discounts["order"] != "0")
    price_is_stated = per == "unit" and set(discounts.values()) == {"0"}
    return statement(
        "lines",
        valued=valued,
        refund_per_line=str(profile.refund.amount is not None and profile.refund.amount.per == "line").lower(),
        price_is_stated=str(price_is_stated).lower(),
        rounded=str(isinstance(amount, Amount) and amount.rounded and price_is_stated).lower(),
        no_product="NULL" if packed or fit.has(profile.line.product) else literal(ORDER),
    )


def _typed(fit: Fit, discounts: Mapping[str, str]) -> str:
    """Typed records, see sql/typed.sql."""
    profile, packed = fit.profile, _packed_of(fit)
    has_refund_day = fit.has(profile.refund.date)
    return statement(
        "typed",
        mapped=f"({_packed(packed)})" if packed else "(SELECT *, 0 AS seq FROM mapped)",
        units="read_number(mapped.quantity)"
        if packed or fit.has(profile.line.quantity)
        else "CAST(1 AS DECIMAL(18, 6))",
        unit_discount=discounts["unit"],
        line_discount=discounts["line"],
        order_discount=discounts["order"],
        negative=str(profile.refund.negative).lower(),
        prefix=literal(profile.refund.prefix) if profile.refund.prefix else "NULL",
        mark=literal(profile.refund.mark),
        order_number=_order_number(fit),
        refund_day="refund_days.day" if has_refund_day else "CAST(NULL AS DATE)",
        refund_days="LEFT JOIN refund_days ON refund_days.text = mapped.refunded_on" if has_refund_day else "",
    )


def _valued(typed: str, per: str, minor: str, decimals: int, *, has_order_discount: bool) -> str:
    """Typed records with `amount`: the line total after discounts, rounded to the minor unit."""
    exact = _exact(typed, per, minor)
    rounded = f"SELECT *, CAST(round(exact, {decimals}) AS DECIMAL(18, 2)) AS amount_before FROM ({exact})"
    if has_order_discount:
        return _less_order_discount(rounded, minor)
    return f"SELECT * EXCLUDE (amount), amount AS amount_text, amount_before AS amount FROM ({rounded})"


def _exact(typed: str, per: str, minor: str) -> str:
    """Typed records with `exact`: the line total before rounding and before discounts on the order."""
    if per == "unit":
        return f"SELECT *, units * (money - unit_discount) - line_discount AS exact FROM ({typed})"
    if per == "line":
        return f"SELECT *, money - units * unit_discount - line_discount AS exact FROM ({typed})"
    # Stated once per order: its lines share it by quantity.
    order_totals = (
        f"SELECT *, first(money ORDER BY record) OVER (PARTITION BY {_KEY}) AS total FROM ({typed}) "
        "WHERE left_out IS NULL"
    )
    shared = statement("spread", lines=order_totals, key=_KEY, weight="abs(units)", minor=minor)
    return (
        f"SELECT * EXCLUDE (share), share AS exact FROM ({shared}) "
        f"UNION ALL BY NAME SELECT * FROM ({typed}) WHERE left_out IS NOT NULL"
    )


def _less_order_discount(rounded: str, minor: str) -> str:
    """Rounded records with `amount`: less each line's share of its order's discount."""
    order_discounts = (
        f"SELECT *, max(order_discount) OVER (PARTITION BY {_KEY}) AS total FROM ({rounded}) WHERE left_out IS NULL"
    )
    shared = statement("spread", lines=order_discounts, key=_KEY, weight="amount_before", minor=minor)
    return (
        f"SELECT * EXCLUDE (amount), amount AS amount_text, "
        f"CAST(amount_before - share AS DECIMAL(18, 2)) AS amount FROM ({shared}) "
        f"UNION ALL BY NAME SELECT * EXCLUDE (amount), amount AS amount_text, amount_before AS amount "
        f"FROM ({rounded}) WHERE left_out IS NOT NULL"
    )


def _packed_of(fit: Fit) -> Packed | None:
    packed = fit.profile.line.packed
    return packed if fit.has(packed) else None


def _packed(packed: Packed) -> str:
    return statement(
        "packed",
        between=literal(packed.between),
        product_pattern=literal(packed.product),
        item_quantity=f"regexp_extract(item, {literal(packed.quantity)}, 1)" if packed.quantity else "'1'",
        item_amount=f"regexp_extract(item, {literal(packed.amount)}, 1)" if packed.amount else "amount",
    )


def _discount(fit: Fit, per: str) -> str:
    """SQL for the discount per unit, line or order; `0` if there is none."""
    found = [
        f"coalesce(abs(read_number(mapped.discount_{place})), 0)"
        for place, one in enumerate(fit.profile.line.discounts)
        if one.per == per and fit.has(one)
    ]
    return " + ".join(found) or "0"


def _order_number(fit: Fit) -> str:
    by = fit.profile.order.number.by
    if not by:
        return "number"
    parts = {"customer": "coalesce(regexp_replace(customer, '[.]0$', ''), 'guest')", "day": "strftime(day, '%Y%m%d')"}
    return f"CASE WHEN day IS NOT NULL THEN concat_ws('-', {', '.join(parts[one] for one in by)}) END"
