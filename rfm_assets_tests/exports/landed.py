"""What landing an export came to: its daily files read back in the sample's own ids, and the gold made from them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import duckdb

from rfm_assets.config.shop_file import Rules
from rfm_assets.contracts import bronze
from rfm_assets.silver.conditions import is_cancellation, is_invoice, is_product
from rfm_assets_tests.plain import MADE_BY_QUERIES, Row, dicts, empty_warehouse, line, materialize, put

Sale: TypeAlias = tuple[str, str | None, date]
"""An order, a customer and a day."""
Refunded: TypeAlias = tuple[str, date]
"""An order and a day."""
Ids: TypeAlias = tuple[Mapping[str, str], Mapping[str, str]]
"""The sample's numbers of orders and of customers, by those of an export."""
Gold: TypeAlias = Mapping[str, list[dict[str, Any]]]


@dataclass
class Landed:
    """The lines of daily files: those that are sales or refunds of products, and all others as they stand."""

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
    """Every line of every daily file, with its day, and what the rules say of its texts."""
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
    """What a line comes to: its own amount, else quantity times price; None where that is no number."""
    try:
        if row.get("LineAmount"):
            return Decimal(row["LineAmount"])
        return Decimal(row["Quantity"]) * Decimal(row["Price"])
    except ArithmeticError:
        return None


def gold(sales: Mapping[Sale, Decimal], refunds: Mapping[Refunded, Decimal], first: date, last: date) -> Gold:
    """Every row of gold for some days, made by the pipeline's own statements: an order is one line of one unit."""
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
