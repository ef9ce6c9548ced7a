"""`rfm export-customer`: the data that the warehouse holds about a customer."""

import json

import click

from rfm_assets.errors import PrivacyError


@click.command("export-customer")
@click.argument("customer")
def export_customer(customer: str) -> None:
    """Print everything held about CUSTOMER as JSON: the rows that name the customer, by table."""
    from rfm_assets.erasure.held import held_rows
    from rfm_assets.privacy.customer_rows import known_as, normalised
    from rfm_assets.resources import engine_of
    from rfm_assets.settings import settings
    from rfm_assets.warehouse.duckdb.engine import DuckDBEngine

    engine, (known,) = engine_of(settings()), normalised([customer])
    if not isinstance(engine, DuckDBEngine):
        raise PrivacyError(
            f"customers are exported from a DuckDB file only: select from the tables of {engine.address}"
        )
    if known is None:
        raise PrivacyError("this id names no customer: give one as in the daily files or in silver")
    with engine.connect(read_only=True) as connection:
        held = held_rows(connection, ids := known_as([known]))
    click.echo(
        json.dumps({"customer": known, "ids": sorted(ids), "tables": held}, indent=2, ensure_ascii=False, default=str)
    )
