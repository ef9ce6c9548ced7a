"""Drafted profiles get money right: order totals are not multiplied, and no discount is silently lost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from rfm_assets_tests.helpers.runs import rfm

FIRST = date(2026, 1, 5)
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("empty_folder")]


@dataclass(frozen=True)
class Line:
    """A line of an order, with the order's total, shipping included."""

    order: int
    place: int
    product: int
    units: int
    price: Decimal
    total: Decimal

    @property
    def gross(self) -> Decimal:
        return self.units * self.price

    @property
    def discount(self) -> Decimal:
        """A tenth of the line, on every third order."""
        return (self.gross / 10).quantize(Decimal("0.01")) if self.order % 3 == 0 else Decimal(0)


def lines(orders: int, several: int) -> list[Line]:
    """A line for each order, and a second one for the first `several`."""
    chance = Random(7)  # noqa: S311 - a sample
    prices = [Decimal(335 * n + 415) / 100 for n in range(8)]
    made = []
    for order in range(orders):
        picked = [(one, chance.choice((1, 1, 2, 3))) for one in chance.sample(range(8), 2 if order < several else 1)]
        total = sum((units * prices[one] for one, units in picked), Decimal("4.50"))
        made += [Line(order, at, one, units, prices[one], total) for at, (one, units) in enumerate(picked)]
    return made


def write(header: str, sold: Sequence[Line], cells: Callable[[Line], Sequence[object]]) -> str:
    rows = (
        (s.order, FIRST + timedelta(days=s.order), f"c{s.order % 7}", f"Mug {s.product}", s.units, *cells(s))
        for s in sold
    )
    text = "\n".join(
        [f"Order ID,Sale Date,Buyer,Item Name,Quantity,{header}", *(",".join(map(str, row)) for row in rows)]
    )
    Path("a.csv").write_text(text + "\n", encoding="utf-8")
    return "a.csv"


@pytest.mark.parametrize("header", ["Order Total", "Total", "Amount", "Price"])
@pytest.mark.parametrize("several", [12, 30])
def test_an_orders_total_on_each_of_its_lines_counts_once(header: str, several: int) -> None:
    sold = lines(60, several)
    landed = rfm("land", write(header, sold, lambda s: [s.total]))
    assert f"order amount  <- {header}" in landed.output, landed.output
    assert f", {sum(s.total for s in sold if s.place == 0)} in all" in landed.output


@pytest.mark.parametrize("header", ["Total", "Price"])
def test_the_preset_of_plain_headers_does_not_add_up_an_orders_total(header: str) -> None:
    name = write(header, lines(60, 12), lambda s: [s.total])
    refused = rfm("land", name, "--profile", "generic")
    assert refused.exit_code == 1
    assert 'the same on all lines of 12 of 12 orders with several lines: set is = "order"' in refused.output


@pytest.mark.parametrize("header", ["Order Total", "Grand Total", "Total", "Total Amount"])
def test_what_is_called_a_total_is_not_multiplied_however_little_it_depends_on_the_quantity(header: str) -> None:
    chance = Random(3)  # noqa: S311 - a sample
    sold, totals = lines(60, 0), [Decimal(chance.randrange(2000, 9000)) / 100 for _ in range(60)]
    landed = rfm("land", write(header, sold, lambda s: [totals[s.order]]))
    assert f", {sum(totals)} in all" in landed.output, landed.output


def test_a_total_that_one_order_repeats_is_asked_about() -> None:
    sold = lines(4, 1)
    refused = rfm("land", write("Total", sold, lambda s: [s.total]))
    assert refused.exit_code == 1
    assert "the amount of a line or of an order: it is the same on all lines of 1 of 1 orders" in refused.output
    assert 'set is = "line" or is = "order"' in refused.output


def test_one_price_for_everything_is_no_total_of_orders() -> None:
    sold = lines(60, 40)
    landed = rfm("land", write("Unit price", sold, lambda _: ["9.00"]))
    assert f", {sum(9 * s.units for s in sold)}.00 in all" in landed.output, landed.output


def test_a_price_that_stands_at_every_quantity_is_a_price_even_where_orders_hold_products_of_one_price() -> None:
    sold = lines(60, 40)
    landed = rfm("land", write("Price", sold, lambda s: [5 + s.order % 20 if s.place is None else s.price]))
    assert f", {sum(s.gross for s in sold)} in all" in landed.output, landed.output


@pytest.mark.parametrize("sign", [1, -1])
def test_a_discount_in_money_is_taken_off_unit_prices(sign: int) -> None:
    sold = lines(60, 20)
    landed = rfm("land", write("Price,Discount", sold, lambda s: [s.price, sign * s.discount]))
    assert "discount      <- Discount                 taken off the line: at most what it comes to" in landed.output
    assert f", {sum(s.gross - s.discount for s in sold)} in all" in landed.output, landed.output


def test_a_discount_of_the_order_on_each_of_its_lines_is_taken_off_once() -> None:
    sold = lines(60, 30)
    landed = rfm("land", write("Price,Discount amount", sold, lambda s: [s.price, "1.25" if s.order % 2 else "0"]))
    assert "taken off the order" in landed.output, landed.output
    assert f", {sum(s.gross for s in sold) - 30 * Decimal('1.25')} in all" in landed.output


@pytest.mark.parametrize(
    ("header", "discount", "said"),
    [
        ("Price,Discount", "0.15", "not an amount of money: amounts are before discounts"),
        ("Price,Discount", "10%", "not an amount of money: amounts are before discounts"),
        ("Price,Discount %", "12.5", "not an amount of money: amounts are before discounts"),
        ("Price,Discount", "10", "may be a percentage: amounts are before discounts"),
        ("Price,Discount", "1234.5", "more than what lines come to: amounts are before discounts"),
    ],
)
def test_a_discount_that_cannot_be_taken_off_is_named(header: str, discount: str, said: str) -> None:
    sold = lines(60, 20)
    landed = rfm("land", write(header, sold, lambda s: [s.price, discount if s.order % 2 else 0]))
    assert said in landed.output, landed.output
    assert f", {sum(s.gross for s in sold)} in all" in landed.output


@pytest.mark.parametrize(
    ("is_net", "said"), [(True, "not taken off: Item Total is after it"), (False, "taken off: Item Total is before it")]
)
def test_the_unit_price_tells_whether_a_total_is_before_the_discount(*, is_net: bool, said: str) -> None:
    sold = lines(60, 20)
    cells = write("Price,Discount,Item Total", sold, lambda s: [s.price, s.discount, s.gross - is_net * s.discount])
    landed = rfm("land", cells)
    assert said in landed.output, landed.output
    assert f", {sum(s.gross - s.discount for s in sold)} in all" in landed.output
