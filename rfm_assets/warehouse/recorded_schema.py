"""Keeps contracts and versions consistent: `schema/recorded.txt` has every column, as last recorded.

`python -m rfm_assets.warehouse.recorded_schema` writes it, unless a change of the contracts has no version.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click
import duckdb

from rfm_assets.contracts.schema import SCHEMA, Schema
from rfm_assets.errors import ContractError
from rfm_assets.warehouse.table_upgrade import addable, changes_by, rebuild, stored_columns

RECORD = Path(__file__).parents[1] / "schema" / "recorded.txt"

_WAY_OUT = (
    "append Version({next}, ..., steps=(...)) to rfm_assets/schema/versions.py, with a step such as Rename, Retype, "
    "Compute or RenameTable for the stored rows; a new nullable column needs none"
)


def recorded(schema: Schema) -> str:
    """The text of the record: the version, then a line for each column, sorted."""
    columns = [f"{table.address} {name} {kind}" for table in schema.tables for name, kind in table.types.items()]
    return "\n".join([f"version {schema.version}", *sorted(columns)]) + "\n"


def unexplained(record: str, schema: Schema) -> Sequence[str]:
    """Changes since a record that no version explains, each with the way out."""
    first, *columns = record.splitlines()
    stored: dict[str, dict[str, str]] = {}
    for address, name, kind in (line.split(maxsplit=2) for line in columns):
        stored.setdefault(address, {})[name] = kind
    return list(_departures(int(first.split()[1]), stored, schema))


def _departures(version: int, stored: Mapping[str, Mapping[str, str]], schema: Schema) -> Iterator[str]:
    """Upgrades empty tables as recorded, and compares the result with the contracts."""
    way_out = _WAY_OUT.format(next=schema.version + 1)
    with duckdb.connect() as connection:
        for address, columns in stored.items():
            declared = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {address.split('.')[0]}")
            connection.execute(f"CREATE TABLE {address} ({declared})")
        try:
            rebuild(connection, changes_by(schema.after(version), stored), schema.tables)
        except (duckdb.Error, ContractError) as error:
            yield f"the steps after version {version} cannot be applied: {error}"
            return
        upgraded = stored_columns(connection, "memory")
    declared_tables = {table.address: table for table in schema.tables}
    for address, columns in upgraded.items():
        if (table := declared_tables.get(address)) is None:
            yield f"{address} is not declared any more: {way_out}"
        elif columns != table.types and not addable(columns, table):
            changed = sorted({*columns.items()} ^ {*table.types.items()})
            yield f"{address} has other columns ({', '.join(' '.join(one) for one in changed)}): {way_out}"


@click.command()
def main() -> None:
    """Write the record.

    Raises:
        ClickException: when a change has no version.
    """
    if RECORD.exists() and (departures := unexplained(RECORD.read_text(encoding="utf-8"), SCHEMA)):
        raise click.ClickException("\n".join(departures))
    RECORD.write_text(recorded(SCHEMA), encoding="utf-8")


if __name__ == "__main__":
    main()
