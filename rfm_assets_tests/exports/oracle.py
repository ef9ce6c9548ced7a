"""The oracle for exports: the expected result from the sample's orders alone, and the actual one.

The daily files are read back with the sample's own ids, and gold is computed from them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import duckdb

from rfm_assets.config.shop_file import Rules
from rfm_assets.contracts import bronze
from rfm_assets.sample.shapes.orders import Order, State
from rfm_assets.sample.shapes.shape import Shape
from rfm_assets.silver.conditions import is_cancellation, is_invoice, is_product
from rfm_assets_tests.helpers.plain import MADE_BY_QUERIES, Row, dicts, empty_warehouse, line, materialize, put

Sale: TypeAlias = tuple[str, str | None, date]
"""An order, a customer and a day."""
Refunded: TypeAlias = tuple[str, date]
"""An order and a day."""
Ids: TypeAlias = tuple[Mapping[str, str], Mapping[str, str]]
"""The sample's order numbers and customer ids, by those of an export."""
Gold: TypeAlias = Mapping[str, list[dict[str, Any]]]


class Sold(NamedTuple):
    """A line of the clean sample, at a shape's grain; a negative amount is a refund."""

    invoice: str
    product: str
    amount: Decimal
    customer: str | None
    country: str
    day: date


def sales(shape: Shape, orders: Iterable[Order]) -> Iterator[Sold]:
    """The lines that count as sales: those of paid orders, one a line or one an order."""
    for order in orders:
        if order.state is State.PAID:
            yield from _sold(shape, order)


def refunds(shape: Shape, orders: Iterable[Order], undated: date | None = None) -> dict[tuple[str, date], Decimal]:
    """The refunds, by order and day; `undated` is the day of refunds that an export does not date."""
    back = {}
    for order in orders:
        if order.refund and order.state is State.PAID and shape.refunds != "none":
            on = undated if shape.refunds == "undated" and undated else order.refund.at.date()
            back[str(order.number), on] = order.refunded
    return back


def renamed(shape: Shape, orders: Iterable[Order]) -> tuple[dict[str, str], dict[str, str]]:
    """The sample's own order number for each number in the export, and the same for customers: one to one."""
    kept = [order for order in orders if order.state is State.PAID]
    numbers = {shape.number(order): str(order.number) for order in kept}
    customers = {shape.customer(order).lower(): str(order.customer) for order in kept if order.customer is not None}
    assert len(numbers) == len(set(numbers.values())) == len({order.number for order in kept})
    assert len(customers) == len({order.customer for order in kept if order.customer is not None})
    returns = {shape.return_number(order): str(order.number) for order in kept} if shape.return_number else {}
    assert not returns.keys() & numbers.keys()
    return numbers | returns, customers


def _sold(shape: Shape, order: Order) -> Iterator[Sold]:
    customer = None if order.customer is None else str(order.customer)
    whose = (customer, order.country, order.placed.date())
    if shape.grain == "line":
        for line in order.lines:
            yield Sold(str(order.number), line.code, line.amount, *whose)
    else:
        amount = order.goods if shape.amount == "goods" else order.total
        yield Sold(str(order.number), "ORDER", amount, *whose)


@dataclass
class Landed:
    """The lines of daily files: sales and refunds of products, and all others unchanged."""

    sales: dict[Sale, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    refunds: dict[Refunded, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    others: list[dict[str, Any]] = field(default_factory=list)


def read_back(folder: Path, ids: Ids, rules: Rules) -> Landed:
    """Reads all daily files of a folder, by the rules of the preset that landed them."""
    numbers, customers = ids
    landed = Landed()
    for row in daily_rows(folder, rules):
        day, invoice, customer, amount = row["day"], row["Invoice"], row["Customer ID"], amount_of(row)
        is_back = row["is_cancellation"]
        number = numbers.get(invoice.removeprefix("C").removeprefix("-") if is_back else invoice)
        is_valid = row["is_dated"] and row["is_invoice"] and row["is_product"]
        is_valid = is_valid and row["Quantity"].startswith("-") is is_back
        if amount is None or number is None or not is_valid:
            landed.others.append(row)
        elif is_back:
            landed.refunds[number, day] -= amount
        else:
            landed.sales[number, customers[customer.lower()] if customer else None, day] += amount
    return landed


def daily_rows(folder: Path, rules: Rules) -> list[dict[str, Any]]:
    """Every line of every daily file, with its day and the rules' verdict."""
    with duckdb.connect() as connection:
        return dicts(
            connection,
            f"""SELECT *, CAST(parse_filename(filename)[:10] AS DATE) AS day,
                InvoiceDate = parse_filename(filename)[:10] AS is_dated,
                {is_invoice("Invoice", rules)} AS is_invoice,
                {is_cancellation("Invoice", rules)} AS is_cancellation,
                {is_product("StockCode", rules)} AS is_product
            FROM read_csv('{folder}/*.csv', delim = ',', quote = '"', escape = '"', header = true,
                all_varchar = true, filename = true, union_by_name = true)""",
        )


def amount_of(row: Mapping[str, Any]) -> Decimal | None:
    """A line's total: its own amount, else quantity times price; None if that is not a number."""
    try:
        if row.get("LineAmount"):
            return Decimal(row["LineAmount"])
        return Decimal(row["Quantity"]) * Decimal(row["Price"])
    except ArithmeticError:
        return None


def gold(sales: Mapping[Sale, Decimal], refunds: Mapping[Refunded, Decimal], first: date, last: date) -> Gold:
    """Every row of gold for some days, by the pipeline's own statements: an order is one line of one unit."""
    lines = [_line(number, amount, on, customer) for (number, customer, on), amount in sales.items()]
    lines += [_line(f"C{number}", amount, on, None) for (number, on), amount in refunds.items()]
    tables = [table for table in MADE_BY_QUERIES if table.schema in {"silver", "gold"}]
    with empty_warehouse() as connection:
        put(connection, bronze.TRANSACTIONS, *lines)
        materialize(connection, first, last, tables=tables)
        select = "SELECT * FROM {} ORDER BY ALL"
        return {one.address: dicts(connection, select.format(one.address)) for one in tables if one.schema == "gold"}


def _line(number: str, amount: Decimal, on: date, customer: str | None) -> Row:
    quantity = "-1" if number.startswith("C") else "1"
    return line(on=on, Invoice=number, Quantity=quantity, Price=str(amount), CustomerID=customer)
