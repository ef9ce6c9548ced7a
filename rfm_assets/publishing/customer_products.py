"""A table only in the published copy: what each customer spent most on, as of the newest day.

Lines are not published; this is all that readers learn of them, ten rows per customer at most. One more day reads only
the lines of that day's customers.
"""

from collections.abc import Collection
from datetime import date

import duckdb

from rfm_assets.contracts.gold import CUSTOMER_SEGMENTS
from rfm_assets.contracts.meta import CUSTOMER_PRODUCTS
from rfm_assets.contracts.silver import INVOICES, TRANSACTIONS
from rfm_assets.literals import literal
from rfm_assets.publishing.source import Source
from rfm_assets.silver.sales import orders
from rfm_assets.warehouse.days import stored_rows
from rfm_assets.warehouse.query import Query, sql

MOST = 10
"""Products kept for each customer."""


def customer_products(as_of: date, since: date | None = None) -> Query:
    """The statement of the table's rows as of a day; with `since`, only for customers who bought after it."""
    lines = some = stored_rows(TRANSACTIONS, "<= $last")
    if since:
        days = f"processing_date > DATE '{since}' AND processing_date <= $last"
        bought = Query(f"SELECT CustomerID FROM {INVOICES.address} WHERE {days}")
        select = "SELECT * FROM transactions WHERE CustomerID IN (SELECT CustomerID FROM bought)"
        some = Query(select, {"transactions": lines, "bought": bought})
    rows = sql(__package__, CUSTOMER_PRODUCTS.address.partition(".")[2], orders=orders(some, lines))
    return rows.given(most=str(MOST)).bind(as_of, as_of)


def make_customer_products(source: Source, database: str, changed: Collection[date] | None) -> None:
    """Makes the table in a database, as of the newest day in stock with customers; empty if there is none.

    `changed` are the days whose sales have changed since the table was made; None makes it from scratch.
    """
    connection, address = source.connection, f"{database}.{CUSTOMER_PRODUCTS.address}"
    newest = f"SELECT max(day) FROM stock WHERE table_name = '{CUSTOMER_SEGMENTS.address}' AND rows > 0"
    ((as_of,),) = connection.execute(newest).fetchall()
    held = None if changed is None else _held_day(connection, database)
    if as_of and held and held <= as_of and all(day > held for day in changed or ()):
        rows = source.found(customer_products(as_of, since=held), CUSTOMER_PRODUCTS)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE bought_since AS {rows}")
        connection.execute(f"DELETE FROM {address} WHERE CustomerID IN (SELECT CustomerID FROM bought_since)")
        connection.execute(f"UPDATE {address} SET as_of_date = DATE '{as_of}'")
        connection.execute(f"INSERT INTO {address} BY NAME FROM bought_since")
        return
    connection.execute(f"DROP TABLE IF EXISTS {address}")
    connection.execute(CUSTOMER_PRODUCTS.ddl(database))
    if as_of:
        rows = source.found(customer_products(as_of), CUSTOMER_PRODUCTS)
        connection.execute(f"INSERT INTO {address} BY NAME {rows}")


def _held_day(connection: duckdb.DuckDBPyConnection, database: str) -> date | None:
    """The day of the existing table; None if there is none, or if its columns differ."""
    columns = connection.execute(
        f"""SELECT column_name FROM duckdb_columns() WHERE database_name = {literal(database)}
        AND schema_name || '.' || table_name = {literal(CUSTOMER_PRODUCTS.address)} ORDER BY column_index"""
    ).fetchall()
    if [name for (name,) in columns] != list(CUSTOMER_PRODUCTS.types):
        return None
    ((day,),) = connection.execute(f"SELECT max(as_of_date) FROM {database}.{CUSTOMER_PRODUCTS.address}").fetchall()
    return day if isinstance(day, date) else None
