"""Finds an export's discount column, and whether it is still to be deducted from the amount."""

from dataclasses import dataclass
from typing import NamedTuple

from rfm_assets.exports.evidence import MOST, Evidence
from rfm_assets.exports.evidence_of_money import mapped
from rfm_assets.exports.header import plain
from rfm_assets.exports.statements import statement
from rfm_assets.exports.words import DISCOUNTS

_BEFORE = "amounts are before discounts"
_ENOUGH_ORDERS = 3


@dataclass(frozen=True)
class Discount:
    """A discount column, what to deduct it from (`line`, `order`, or None for not at all), and why."""

    header: str
    per: str | None
    why: str


class _Counts(NamedTuple):
    """Numbers of records, from sql/discounts.sql."""

    filled: int
    numbers: int
    some: int
    rates: int
    small: int
    below: int
    before: int
    after: int
    alike: int
    orders: int


def discount_of(evidence: Evidence, number: str | None, quantity: str | None, amount: str, of: str) -> Discount | None:
    """The first column named like a discount that has any; `of` is what the amount is for."""
    unit = amount if of == "unit" else next(iter(evidence.free_numbers("unit")), None)
    for header in (one for one in evidence.headers if plain(one) in DISCOUNTS and one not in evidence.used):
        mapped(evidence, {"number": number, "discount": header, "quantity": quantity, "unit": unit, "amount": amount})
        counts = _Counts(*map(int, evidence.connection.execute(statement("discounts")).fetchone() or (0,) * 10))
        if counts.some or counts.numbers < counts.filled:
            evidence.use(header)
            return _judged(header, counts, amount, of)
    return None


def _judged(header: str, counts: _Counts, amount: str, of: str) -> Discount:
    """Decides whether to deduct it: yes, if it is money that prices clearly still include."""
    some, most = counts.some, MOST * counts.some
    is_order = counts.orders >= _ENOUGH_ORDERS and counts.alike >= MOST * counts.orders
    per = "order" if is_order else "line"
    is_rate = "%" in header or counts.numbers < MOST * counts.filled or counts.rates == some
    cases = (
        (of != "unit" and counts.before >= most > 0, "line", f"taken off: {amount} is before it in {counts.before:,}"),
        (of != "unit" and counts.after >= most > 0, None, f"not taken off: {amount} is after it in {counts.after:,}"),
        (of != "unit", None, f"not taken off: {amount} is taken for what was paid"),
        (is_rate, None, f"not taken off, as it is not an amount of money: {_BEFORE}"),
        (counts.small == some, None, f"not taken off, as it may be a percentage: {_BEFORE}"),
        (counts.below >= most, per, f"taken off the {per}: at most what it comes to in {counts.below:,}"),
        (True, None, f"not taken off, as it is more than what lines come to: {_BEFORE}"),
    )
    per_of, why = next((per, why) for holds, per, why in cases if holds)
    return Discount(header, per_of, f"{why} of {some:,} records" if why[-1].isdigit() else why)
