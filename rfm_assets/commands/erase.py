"""`rfm erase`: erases a customer's data from everything that the pipeline keeps."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rfm_assets.errors import SettingError

if TYPE_CHECKING:
    from rfm_assets.erasure.rewrite import Rewritten


@click.command()
@click.argument("customers", nargs=-1, metavar="CUSTOMER...")
@click.confirmation_option("--yes", prompt="This cannot be undone. Erase?", help="Do not ask.")
def erase(customers: tuple[str, ...]) -> None:
    """Erase customers from every table, published copy and audience, and list what else may hold their data.

    Their sales stay, without a name. Without a CUSTOMER, finish interrupted erasures.
    """
    from rfm_assets.erasure import erasure
    from rfm_assets.erasure.remains import remains
    from rfm_assets.privacy.customer_rows import known_as, normalised
    from rfm_assets.publishing.assets import PublishedFolder
    from rfm_assets.resources import engine_of
    from rfm_assets.settings import settings

    chosen = settings()
    warehouse = erasure.in_file(engine_of(chosen))
    key = chosen.audience_key.get_secret_value() if chosen.audience_key else None
    hashes_ids = chosen.publish_ids == "hashed"
    published = PublishedFolder(folder=str(chosen.published), audience_key=key, hashes_ids=hashes_ids)
    if not customers:
        erasure.finish_erasures(warehouse, published)
        click.echo("There is no erasure to finish.")
        return
    found = erasure.erase(warehouse, published, customers)
    _report(found)
    click.echo("\nNot erased; check these yourself:")
    for line in remains(found, known_as(one for one in normalised(customers) if one), chosen, _home()):
        click.echo(f"- {line}")


def _report(found: "Rewritten") -> None:
    if not found.rows:
        click.echo("The warehouse held no data of these customers; later files will not bring them back.")
    for address, rows in found.rows.items():
        click.echo(f"{rows:>9,} rows named them  {address}")
    if found.days:
        click.echo("made again: {} to {}".format(*found.days))


def _home() -> Path | None:
    """Dagster's folder, if known."""
    from rfm_assets.home import dagster_home

    try:
        return dagster_home()
    except SettingError:
        return None
