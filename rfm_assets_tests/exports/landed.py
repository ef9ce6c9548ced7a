"""What landing an export came to: its daily files read back in the sample's own ids, and the gold made from them.

Every amount becomes one unit at that price, and every product a code that counts or one that does not, by the preset's
rules. So two histories with the same orders have the same gold, whatever a system calls things.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from rfm_assets.config.shop_file import Rules, is_pattern
from rfm_assets.contracts import bronze
from rfm_assets_tests.plain import PIPELINE, Row, dicts, empty_warehouse, line, materialize, put
from rfm_assets_tests.sample.canonical import Sold

COUNTS, DOES_NOT_COUNT = "10001", "POST"
Amounts = Mapping[tuple[str, date], Decimal]


@dataclass
class Landed:
    """The lines of daily files, in the sample's ids."""

    lines: list[Row] = field(default_factory=list)
    sales: Counter[tuple[str, str | None, date, Decimal]] = field(default_factory=Counter)
    """How many lines of an order, a customer and a day have an amount."""
    refunds: dict[tuple[str, date], Decimal] = field(default_factory=dict)
    """What went back, by order and day."""
    others: list[dict[str, str]] = field(default_factory=list)
    """Lines that passed through as delivered, for silver to refuse."""

    def add(self, row: dict[str, str], on: date, ids: tuple[dict[str, str], dict[str, str]], rules: Rules) -> None:
        """Takes in a line of a day's file."""
        numbers, customers = ids
        amount = amount_of(row)
        invoice, customer = row["Invoice"], row["Customer ID"].lower().removesuffix(".0")
        is_back = re.search(rules.cancellation_pattern, invoice) is not None
        number = numbers.get(invoice.removeprefix("C").removeprefix("-") if is_back else invoice)
        if amount is None or number is None or (amount < 0 or row["Quantity"].startswith("-")) is not is_back:
            self.others.append(row)
            return
        name = customers[customer] if customer else None
        if is_back:
            self.refunds[number, on] = self.refunds.get((number, on), Decimal(0)) - amount
        else:
            self.sales[number, name, on, amount] += 1
        code = COUNTS if counts(row["StockCode"], rules) else DOES_NOT_COUNT
        self.lines.append(bronze_line(f"C{number}" if is_back else number, code, amount, name, on))


def amount_of(row: Mapping[str, str]) -> Decimal | None:
    """What a line comes to: its own amount, else quantity times price; None where that is no number."""
    try:
        if row.get("LineAmount"):
            return Decimal(row["LineAmount"])
        return Decimal(row["Quantity"]) * Decimal(row["Price"])
    except ArithmeticError:
        return None


def counts(code: str, rules: Rules) -> bool:
    """Whether a product code counts for a customer."""
    if rules.not_product is None:
        return re.search(rules.product_pattern, code) is not None
    return not any(re.search(one, code) if is_pattern(one) else one == code for one in rules.not_product)


def bronze_line(number: str, code: str, amount: Decimal, customer: str | None, on: date) -> Row:
    """A line of bronze of one unit, or of one taken back."""
    quantity = "-1" if number.startswith("C") else "1"
    return line(on=on, Invoice=number, StockCode=code, Quantity=quantity, Price=str(abs(amount)), CustomerID=customer)


def read_back(folder: Path, ids: tuple[dict[str, str], dict[str, str]], rules: Rules) -> Landed:
    """Reads all daily files of a folder."""
    landed = Landed()
    for day, row in daily_rows(folder):
        landed.add(row, day, ids, rules)
    return landed


def daily_rows(folder: Path) -> Iterator[tuple[date, dict[str, str]]]:
    """Every line of every daily file, with its day."""
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                assert row["InvoiceDate"] == path.name[:10]
                yield date.fromisoformat(path.name[:10]), row


def expected_lines(sold: Iterable[Sold], refunds: Amounts) -> list[Row]:
    """The same lines from the orders alone."""
    back = [bronze_line(f"C{number}", COUNTS, amount, None, on) for (number, on), amount in refunds.items()]
    return [bronze_line(one.invoice, COUNTS, one.amount, one.customer, one.day) for one in sold] + back


def gold(lines: list[Row], first: date, last: date) -> dict[str, list[dict[str, Any]]]:
    """Every row of gold for some days, made by the pipeline's own statements."""
    with empty_warehouse() as connection:
        for start in range(0, len(lines), 500):
            put(connection, bronze.TRANSACTIONS, *lines[start : start + 500])
        materialize(connection, first, last)
        return {
            table.address: dicts(connection, f"SELECT * FROM {table.address} ORDER BY ALL")
            for table in PIPELINE
            if table.schema == "gold"
        }
