"""The pipeline without Dagster: rows inserted by hand, and the assets' own functions over one connection.

A run through Dagster takes seconds, this takes milliseconds, so rules can be tested on many small histories.
"""

from collections.abc import Container, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import duckdb

from rfm_assets.contracts import TABLES, Table, bronze, proof
from rfm_assets.definitions import defs
from rfm_assets.landing.zone import LandingZone
from rfm_assets.proof.cuts import month_end_cuts
from rfm_assets.proof.intervals import revenue_intervals
from rfm_assets.proof.statements import outcomes
from rfm_assets.tables.table_asset import STEPS
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.duckdb.write import clear, replace_days
from rfm_assets.warehouse.duckdb.written_days import ensure_written_days
from rfm_assets.warehouse.query import Query, sql
from rfm_assets_tests.helpers.reading import fetch_days

FIRST = date(2025, 6, 26)  # the calendar's first day, a Thursday
READ_AT = datetime(2025, 6, 26, 18, 30)  # noqa: DTZ001 - the warehouse keeps UTC without a zone

MADE_BY_QUERIES = [
    *(table for table in TABLES.values() if table.schema in {"silver", "quality", "gold"}),
    *(proof.BACKTEST, proof.EXPECTED_REVENUE),
]
PIPELINE = [bronze.TRANSACTIONS, *MADE_BY_QUERIES]
CHECKED = [*PIPELINE, proof.SEGMENT_OUTCOMES, *(table for table in TABLES.values() if table.schema == "ml")]

Row = Mapping[str, Any]


def day(number: int) -> date:
    """The calendar's first day is day 1."""
    return FIRST + timedelta(days=number - 1)


def line(**varied: Any) -> Row:  # noqa: ANN401 - whatever a column may hold
    """A bronze line that passes every rule, except in the columns named; `on` is its processing day."""
    on = varied.pop("on", FIRST)
    texts = {
        "Invoice": "489434",
        "StockCode": "85048",
        "Description": "CHRISTMAS GLASS BALL",
        "Quantity": "12",
        "Price": "6.95",
        "CustomerID": "13085.0",
        "Country": "United Kingdom",
        "InvoiceDate": str(on),
        "_rescued_data": None,
        "source_file": f"{on}_transactions.csv",
        **dict.fromkeys(bronze.OPTIONAL_SOURCE_COLUMNS),
    }
    return texts | {"ingestion_timestamp": READ_AT, "processing_date": on} | varied


def malformed(**varied: Any) -> Row:  # noqa: ANN401
    """A bronze line that could not be split into columns."""
    empty = dict.fromkeys(bronze.SOURCE_COLUMNS.values())
    return line(**empty, **{"_rescued_data": "489434,85048,too few", **varied})


def sold(customer: str | None = "13085", invoice: str = "489434", amount: str = "1.00", **varied: Any) -> Row:  # noqa: ANN401
    """A silver row of one unit; `on` is its processing day, and its invoice is of that day unless `InvoiceDate` is."""
    on = varied.pop("on", FIRST)
    invoiced = varied.get("InvoiceDate", on)
    quantity, price = varied.get("Quantity", 1), Decimal(varied.get("UnitPrice", amount))
    return {
        "InvoiceNo": invoice,
        "StockCode": "85048",
        "Description": "CHRISTMAS GLASS BALL",
        "Quantity": quantity,
        "UnitPrice": price,
        "CustomerID": customer,
        "Country": "United Kingdom",
        "InvoiceDate": invoiced,
        "ingestion_timestamp": READ_AT,
        "source_file": f"{on}_transactions.csv",
        "processing_date": on,
        "IsCancellation": invoice[0] in "cC",
        "TotalPrice": quantity * price,
        "Year": invoiced.year,
        "Month": invoiced.month,
        "DayOfWeek": invoiced.isoweekday() % 7 + 1,
        "SurrogateKey": f"{invoice}_85048_{quantity}",
        "LineAmount": None,
        "ExactUnitPrice": price,
    } | varied


def new_database(file: str = ":memory:", *, threads: int = 1) -> duckdb.DuckDBPyConnection:
    """Every table of the contracts, empty; a few rows do not need more than one thread."""
    database = duckdb.connect(file, config={"threads": threads})
    for table in TABLES.values():
        database.execute(f"CREATE SCHEMA IF NOT EXISTS {table.schema}")
        database.execute(table.ddl())
    ensure_written_days(database)  # two tests at once must not both create it, each in its own transaction
    return database


@contextmanager
def scratch(database: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database to change: it is rolled back when the block ends."""
    with database.cursor() as connection:
        connection.begin()
        try:
            yield connection
        finally:
            connection.rollback()


def empty_warehouse() -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """Every table of the contracts, empty; a test's rows are gone when the block ends."""
    return scratch(_empty_database())


_empty_database = cache(new_database)


def put(connection: duckdb.DuckDBPyConnection, table: Table, *rows: Row) -> None:
    """Inserts rows by hand, all with the columns of the first; missing columns are NULL."""
    if rows:
        names = list(rows[0])
        values = ", ".join([f"({', '.join('?' * len(names))})"] * len(rows))
        cells = [row[name] for row in rows for name in names]
        connection.execute(f"INSERT INTO {table.address} ({', '.join(names)}) VALUES {values}", cells)


def dicts(connection: duckdb.DuckDBPyConnection, select: str) -> list[dict[str, Any]]:
    """The rows of a SELECT, by column name."""
    result = connection.execute(select)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def statements(first: date, last: date) -> Mapping[Table, Query]:
    """The statements of each table that a query fills, for some days, in order of dependency."""
    return {table: query.bind(first, last) for table, query in _statements().items()}


@cache
def _statements() -> Mapping[Table, Query]:
    order = defs.resolve_asset_graph().toposorted_asset_keys
    tables = sorted(MADE_BY_QUERIES, key=lambda table: order.index(table.asset_key))
    return {table: STEPS[table].statement(table) for table in tables}


def materialize(
    connection: duckdb.DuckDBPyConnection,
    first: date,
    last: date | None = None,
    *,
    tables: Container[Table] = MADE_BY_QUERIES,
    rows_at_once: int | None = None,
) -> None:
    """Fills the tables that queries make, or the named ones among them, for some days, as one run does."""
    last = last or first
    for table, query in _statements().items():
        if table in tables:
            replace_days(connection, Days(table, first, last), query, rows_at_once=rows_at_once)


def load(connection: duckdb.DuckDBPyConnection, zone: LandingZone, first: date, last: date) -> None:
    """Fills bronze for some days from their landed files."""
    days = Days(bronze.TRANSACTIONS, first, last)
    clear(connection, days)
    fetch_days(zone, first, last).load(connection, days)


def outcome_of_cuts() -> Query:
    """The outcome of each customer of a cut, from stored tables; its days are not bound yet."""
    inputs = STEPS[proof.SEGMENT_OUTCOMES].inputs
    return outcomes(month_end_cuts(), inputs["customer_segments"], inputs["customer_invoices"])


def prove(connection: duckdb.DuckDBPyConnection, first: date, last: date) -> None:
    """Fills proof's tables for some days from the stored ones, as the assets do."""
    outcome = outcome_of_cuts()
    intervals = revenue_intervals(connection, outcome.bind(first, last))
    made = sql("rfm_assets.proof", "segment_outcomes", outcome=outcome, revenue_interval=intervals)
    replace_days(connection, Days(proof.SEGMENT_OUTCOMES, first, last), made)
    materialize(connection, first, last, tables={proof.BACKTEST, proof.EXPECTED_REVENUE})
