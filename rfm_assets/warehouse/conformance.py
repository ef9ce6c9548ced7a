"""Checks that stored tables and new rows match a table's contract."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import duckdb

from rfm_assets.contracts import Table
from rfm_assets.errors import ContractError, MissingTableError


def must_be_as_declared(stored: Mapping[str, str], table: Table) -> None:
    """Refuses a stored table whose columns and types are not the contract's.

    Raises:
        ContractError: when they are not.
    """
    if stored != table.types:
        is_newer = table.types.items() < stored.items()
        way_out = "go on with the newer version of the pipeline that added them, or " if is_newer else ""
        message = (
            f"the stored table {table.address} does not match its contract "
            f"({_difference(stored, table)}): {way_out}rename it or drop it, then materialize its days again"
        )
        raise ContractError(message)


def must_fit(given: Mapping[str, str], table: Table) -> None:
    """Refuses rows whose columns and types are not the table's.

    Raises:
        ContractError: when a column is missing or surplus.
    """
    if given.keys() != table.types.keys():
        message = f"the rows for {table.address} do not fit its contract: {_difference(given, table)}"
        raise ContractError(message)


@contextmanager
def tables_must_exist(table: Table) -> Iterator[None]:
    """Explains what to do about a missing table, in a step that makes `table`.

    Raises:
        MissingTableError: when DuckDB finds a table missing.
    """
    try:
        yield
    except duckdb.CatalogException as error:
        if "Table with name" not in str(error):
            raise
        message = f"{table.address} needs a table that does not exist yet; materialize it first. {error}"
        raise MissingTableError(message) from error


def _difference(columns: Mapping[str, str], table: Table) -> str:
    missing = [name for name in table.types if name not in columns]
    surplus = [name for name in columns if name not in table.types]
    retyped = [f"{n} is {columns[n]}, not {t}" for n, t in table.types.items() if columns.get(n, t) != t]
    parts = [("missing", missing), ("surplus", surplus), ("types", retyped)]
    return "; ".join(f"{what}: {', '.join(names)}" for what, names in parts if names)
