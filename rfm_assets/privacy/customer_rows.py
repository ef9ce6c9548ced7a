"""Finds rows that name a customer, however a table writes the id, and removes the name.

Statements never compare ids directly: the texts that name the customers are collected first, by the id that silver
makes of each, so that `13085`, `13085.0` and a token of a raw line are the same customer everywhere.
"""

from collections.abc import Collection, Iterable

import duckdb

from rfm_assets.config import in_force
from rfm_assets.contracts import Table
from rfm_assets.contracts.bronze import TRANSACTIONS
from rfm_assets.contracts.table import CUSTOMER_ID, RAW_LINE
from rfm_assets.literals import literal
from rfm_assets.silver.rules import typed
from rfm_assets.warehouse.query import Query

ERASED_LINE = "erased"
"""Replaces a raw line that named an erased customer, so that the line still counts as malformed."""

_FOUND = "customer_text"
_TOKENS = (
    f"list_concat(string_split({RAW_LINE}, ','), string_split_regex({RAW_LINE}, '[\\s,;|\"]+'))"  # fields and words
)
_NAMES = {
    CUSTOMER_ID: f"coalesce({CUSTOMER_ID} IN (SELECT delivered FROM {_FOUND}), false)",
    RAW_LINE: f"coalesce(list_has_any({_TOKENS}, (SELECT list(delivered) FROM {_FOUND})), false)",
}
_WITHOUT = {CUSTOMER_ID: "NULL", RAW_LINE: literal(ERASED_LINE)}


def normalised(ids: Iterable[str]) -> list[str | None]:
    """The ids that silver makes of texts, in order; None for texts that name nobody."""
    ids = list(ids)
    if not ids:
        return []
    given = f"FROM (VALUES {', '.join(f'({literal(one)})' for one in set(ids))}) AS given(delivered)"
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
        found = dict(connection.execute(_with_ids(given)).fetchall())
    return [found[one] for one in ids]


def known_as(customers: Iterable[str]) -> set[str]:
    """Every id of these customers, their own and those in the shop's alias file, whatever the day."""
    ids, links = set(customers), [{one.alias, one.customer} for one in in_force.aliases()]
    while more := {one for link in links if link & ids for one in link} - ids:
        ids |= more
    return ids


def find_texts(connection: duckdb.DuckDBPyConnection, relations: Collection[tuple[str, Table]], matches: str) -> bool:
    """Collects the texts that name certain customers, for `names` and `without`; returns whether there are any.

    Args:
        connection: Holds them in a temporary table.
        relations: Where to look: a table or a SELECT in brackets, and the table whose columns it has.
        matches: The condition over `customer`, an id as silver writes it.
    """
    texts = " UNION ".join(
        f"SELECT {'unnest(' + _TOKENS + ')' if column == RAW_LINE else column} AS delivered FROM {relation} AS source "
        f"WHERE {column} IS NOT NULL"
        for relation, table in relations
        for column in _columns(table)
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {_FOUND} AS SELECT delivered FROM ({_with_ids(f'FROM ({texts})')}) "
        f"WHERE customer IS NOT NULL AND {matches}"
    )
    return connection.execute(f"SELECT EXISTS (FROM {_FOUND})").fetchone() == (True,)


def names(table: Table) -> str:
    """SQL for whether a row of a table names one of the customers found."""
    return f"({' OR '.join(_NAMES[column] for column in _columns(table))})"


def without(relation: str, table: Table) -> str:
    """A SELECT of the rows without the customers found: a row stays without the name if the contract permits.

    Rows keyed by customer are dropped.
    """
    if not all(column.nullable for column in table.columns if column.name in _columns(table)):
        return f"SELECT * FROM {relation} AS source WHERE NOT {names(table)}"
    masked = ", ".join(
        f"CASE WHEN {_NAMES[column]} THEN {_WITHOUT[column]} ELSE {column} END AS {column}"
        for column in _columns(table)
    )
    return f"SELECT * REPLACE ({masked}) FROM {relation} AS source"


def _columns(table: Table) -> list[str]:
    return [column for column in (CUSTOMER_ID, RAW_LINE) if column in table.types]


def _with_ids(delivered: str) -> str:
    """A SELECT of `delivered` and `customer`, the id that silver makes of each text."""
    columns = ", ".join(
        f"delivered AS {name}" if name == CUSTOMER_ID else f"CAST(NULL AS {kind}) AS {name}"
        for name, kind in TRANSACTIONS.types.items()
    )
    lines = typed(Query(f"SELECT {columns} {delivered}")).sql()
    return f"SELECT {CUSTOMER_ID} AS delivered, typed_customer AS customer FROM ({lines}) AS line"
