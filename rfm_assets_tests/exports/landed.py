"""What landing an export came to: its daily files read back in the sample's own ids, and the gold made from them."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from rfm_assets.config.shop_file import Rules, is_pattern
from rfm_assets.contracts import bronze
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
    others: list[dict[str, str]] = field(default_factory=list)


def read_back(folder: Path, ids: Ids, rules: Rules) -> Landed:
    """Reads all daily files of a folder, by the rules of the preset that landed them."""
    numbers, customers = ids
    landed = Landed()
    for day, row in daily_rows(folder):
        invoice, customer, amount = row["Invoice"], row["Customer ID"].lower(), amount_of(row)
        is_back = re.search(rules.cancellation_pattern, invoice) is not None
        number = numbers.get(invoice.removeprefix("C").removeprefix("-") if is_back else invoice)
        is_valid = re.search(rules.invoice_pattern, invoice) and row["Quantity"].startswith("-") is is_back
        if amount is None or number is None or not is_valid or not counts(row["StockCode"], rules):
            landed.others.append(row)
        elif is_back:
            landed.refunds[number, day] -= amount
        else:
            landed.sales[number, customers[customer] if customer else None, day] += amount
    return landed


def daily_rows(folder: Path) -> Iterator[tuple[date, dict[str, str]]]:
    """Every line of every daily file, with its day."""
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                assert row["InvoiceDate"] == path.name[:10]
                yield date.fromisoformat(path.name[:10]), row


def amount_of(row: Mapping[str, str]) -> Decimal | None:
    """What a line comes to: its own amount, else quantity times price; None where that is no number."""
    try:
        if row.get("LineAmount"):
            return Decimal(row["LineAmount"])
        return Decimal(row["Quantity"]) * Decimal(row["Price"])
    except ArithmeticError:
        return None


@cache
def counts(code: str, rules: Rules) -> bool:
    """Whether a product code counts for a customer."""
    if rules.not_product is None:
        return re.search(rules.product_pattern, code) is not None
    return not any(re.search(one, code) if is_pattern(one) else one == code for one in rules.not_product)


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
