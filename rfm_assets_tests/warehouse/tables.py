"""A small table that stands for any of the warehouse's, and its rows."""

from datetime import date
from decimal import Decimal

from rfm_assets.contracts import Column, Table
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.query import Query

VISITS = Table(
    "gold.visits",
    "A customer's spending on a day.",
    (
        Column("as_of_date", "DATE", "The day.", nullable=False),
        Column("customer", "VARCHAR", "Who."),
        Column("spent", "DECIMAL(10,2)", "How much."),
    ),
)
STORED = "SELECT as_of_date, customer, spent FROM gold.visits ORDER BY ALL"

DAY, NEXT_DAY, THIRD_DAY = date(2025, 6, 26), date(2025, 6, 27), date(2025, 6, 28)

Row = tuple[date | None, str, Decimal]


def visit(day: date | None, customer: str, spent: str = "1.10") -> Row:
    return day, customer, Decimal(spent)


def query(*rows: Row, columns: str = "as_of_date, customer, spent") -> Query:
    """The rows as a query of these columns, or no row of their types."""
    typed = ", ".join(f"(CAST({_day(day)} AS DATE), '{customer}', {spent})" for day, customer, spent in rows)
    source = typed or "(DATE '2000-01-01', '', 0.00)"
    none = "" if rows else " WHERE false"
    return Query(f"SELECT {columns} FROM (VALUES {source}) AS row(as_of_date, customer, spent){none}")


def days(first: date, last: date | None = None) -> Days:
    return Days(VISITS, first, last or first)


def _day(day: date | None) -> str:
    return "NULL" if day is None else f"'{day}'"
