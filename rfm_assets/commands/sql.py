"""`rfm sql`: the statement that makes a table, to read or to run in DuckDB."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from rfm_assets.errors import SettingError

if TYPE_CHECKING:
    from rfm_assets.contracts import Table

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("table")
@click.option("--from", "first", type=_DAY, required=True, help="First day.")
@click.option("--to", "last", type=_DAY, help="Last day.  [default: the first]")
def sql(table: str, first: datetime, last: datetime | None) -> None:
    """Print the SELECT that makes TABLE, such as gold.customer_rfm, for a range of days.

    It reads stored tables only and runs as is: paste it into DuckDB with the warehouse open read-only.
    """
    from rfm_assets.tables.table_asset import STEPS

    step = STEPS[chosen := _table(table)]
    if not step.is_one_statement:
        message = f"{table} is made by {step.function.__module__}, not by one statement: read it there"
        raise SettingError(message)
    days = first.date(), (last or first).date()
    click.echo(f"-- {chosen.address}: {chosen.grain}\n{step.statement(chosen).bind(*days).sql()};")


def _table(address: str) -> "Table":
    import rfm_assets.definitions  # noqa: F401 - declares every table's step
    from rfm_assets.contracts import TABLES

    tables = {table.address: table for table in TABLES.values()}
    if address not in tables:
        raise SettingError(f"there is no table {address}: choose one of {', '.join(tables)}")
    return tables[address]
