"""Everything that the warehouse holds about a customer, table by table."""

from collections.abc import Collection, Mapping
from typing import Any

import duckdb

from rfm_assets.erasure.rewrite import stored_tables
from rfm_assets.literals import literal
from rfm_assets.privacy.customer_rows import find_texts, names

Rows = list[dict[str, Any]]


def held_rows(connection: duckdb.DuckDBPyConnection, customers: Collection[str]) -> Mapping[str, Rows]:
    """The rows that name any of a customer's ids, as silver writes them, by table address."""
    tables = stored_tables(connection)
    listed = ", ".join(map(literal, sorted(customers)))
    found = find_texts(connection, [(table.address, table) for table in tables], f"customer IN ({listed})")
    held: dict[str, Rows] = {}
    for table in tables if found else ():
        order = ", ".join(table.key) or table.day
        result = connection.execute(f"SELECT * FROM {table.address} WHERE {names(table)} ORDER BY {order}")
        header = [str(column[0]) for column in result.description]
        if rows := [dict(zip(header, row, strict=True)) for row in result.fetchall()]:
            held[table.address] = rows
    return held
