"""The checks of every table, implied by its contract: declared columns, filled required columns, a unique key."""

from collections.abc import Iterator, Sequence

from rfm_assets.contracts import Table
from rfm_assets.literals import literal
from rfm_assets.tables.check import Check, days_of, no_row_where

COLUMNS_ARE_AS_DECLARED = "columns_are_as_declared"


def checks_of(table: Table, checks: Sequence[Check] = ()) -> Sequence[Check]:
    """The checks implied by a table's contract, then its own."""
    return [*_contract_checks(table), *checks]


def _contract_checks(table: Table) -> Iterator[Check]:
    declared = ", ".join(f"({literal(name)}, {literal(kind)})" for name, kind in table.types.items())
    yield Check(
        COLUMNS_ARE_AS_DECLARED,
        "The stored columns and their types are those of the contract.",
        broken=f"""
            SELECT * FROM (
                SELECT column_name, data_type FROM information_schema.columns
                WHERE table_schema || '.' || table_name = {literal(table.address)}
            ) AS stored FULL JOIN (VALUES {declared}) AS declared(declared_name, declared_type)
                ON column_name = declared_name AND data_type = declared_type
            WHERE column_name IS NULL OR declared_name IS NULL""",
    )
    required = [column.name for column in table.columns if not column.nullable]
    yield no_row_where(
        table,
        " OR ".join(f"{name} IS NULL" for name in required),
        name="required_columns_are_filled",
        promise=f"No row lacks {', '.join(required)}.",
    )
    if table.key:
        key = ", ".join(table.key)
        yield Check(
            "key_is_unique",
            f"{key} {'names' if len(table.key) == 1 else 'together name'} one row.",
            broken=f"""
                SELECT {key}, count(*) AS rows_with_it FROM {table.address} WHERE {days_of(table)}
                GROUP BY ALL HAVING count(*) > 1""",
            sized_by=table if {table.day, "CustomerID"} <= set(table.key) else None,
        )
