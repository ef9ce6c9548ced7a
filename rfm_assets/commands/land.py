"""`rfm land`: exports of a shop's own system become the landing zone's daily files."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rfm_assets.errors import ExportError

if TYPE_CHECKING:
    from rfm_assets.exports.land import Landed
    from rfm_assets.exports.manifest import Manifest
    from rfm_assets.exports.session import Chosen

_SHOWN = 12


@click.command()
@click.argument("places", metavar="[FILE|FOLDER ...]", nargs=-1)
@click.option(
    "--profile",
    "given",
    help="A preset's name, or a profile's file.  [default: the shop file's, else the preset that fits, else drafted]",
)
@click.option("--to", "address", help="The landing zone: a folder, or s3://bucket/prefix.  [default: RFM_LANDING]")
@click.option("--forget", multiple=True, metavar="EXPORT", help="Take out what an export gave, by its name.")
def land(*, places: tuple[str, ...], given: str | None, address: str | None, forget: tuple[str, ...]) -> None:
    """Land exports: .csv, .tsv, .txt, .xlsx, .gz or .zip, as daily files YYYY-MM-DD_orders.csv.

    Without arguments, the exports at RFM_EXPORTS. The newest version of an order counts; an export that has disappeared
    keeps what it gave. A drafted profile is saved beside the landing zone, and reads the next exports, too.
    """
    from rfm_assets.exports.landing import land_here

    done = land_here(places, given, address, forget=forget, says=say_profile)
    landed = done.landed
    _report(landed, done.others)
    click.echo(
        f"{len(landed.written):,} daily files written, {len(landed.removed):,} removed, {landed.unchanged:,} unchanged "
        f"in {done.address}"
    )
    _others_in(done.address)
    _next_step(done.chosen, landed)
    if landed.refused:
        raise ExportError(f"{len(landed.refused):,} exports were not landed: {'; '.join(landed.refused)}")


def _others_in(address: str) -> None:
    """Names daily files in the landing folder that are not of exports: their lines count beside the landed ones."""
    if "://" not in address:
        names = sorted(path.name for path in Path(address).glob("[0-9]*.csv*") if "_orders.csv" not in path.name)
        if names:
            click.echo(f"{address} also holds {len(names):,} other daily files, such as {names[0]}: they count as well")


def _report(landed: "Landed", others: Sequence[str]) -> None:
    new = [one for one in landed.manifests if one.id in landed.read]
    for manifest in new[-_SHOWN:]:
        say(manifest)
    if len(new) > _SHOWN:
        click.echo(f"... and {len(new) - _SHOWN:,} more exports")
    for name, lines in sorted(landed.replaced.items())[:_SHOWN]:
        click.echo(f"  {name}: {lines:,} lines replaced by a newer export of the same orders")
    for manifest in landed.gone[:_SHOWN]:
        click.echo(
            f"  {manifest.name} is not among these exports and keeps what it gave; --forget {manifest.id} takes it out"
        )
    if others:
        click.echo(f"  not read, as they are no tables: {', '.join(others[:_SHOWN])}")


def say_profile(chosen: "Chosen") -> None:
    """Prints which profile reads the exports, and of a drafted one, what it takes each header for and why."""
    click.echo(str(chosen))
    for field, headers, why in chosen.draft.mapping if chosen.draft else ():
        click.echo(f"  {field:<13} <- {headers:<24} {why}".rstrip())


def say(manifest: "Manifest") -> None:
    """Prints how an export was read, and what became of its records."""
    click.echo(
        f"{manifest.name}: {manifest.records:,} records = {manifest.written:,} written + "
        f"{sum(manifest.left_out.values()):,} left out; {manifest.orders:,} orders, {manifest.first_day} to "
        f"{manifest.last_day}, {manifest.amount} in all"
    )
    how = [f"encoding {manifest.encoding}", f"delimiter {manifest.delimiter!r}"]
    how += [f"dates {', '.join(manifest.formats)}"] if manifest.formats else []
    how += [f"decimal {manifest.decimal!r}"]
    click.echo(f"  {'; '.join(how)}")
    for reason, count in manifest.left_out.items():
        click.echo(f"  left out: {count:,} {reason}")
    for what, count in manifest.unread.items():
        click.echo(f"  {count:,} lines without a {what} that can be read: they pass as delivered")
    if manifest.fractions:
        click.echo(f"  {manifest.fractions:,} lines with a fraction for quantity: one unit of their amount each")
    if compared := manifest.reconciled:
        click.echo(f"  {compared['fit']:,} of {compared['compared']:,} {compared['of']} come to what the export states")
    for remark in manifest.remarks:
        click.echo(f"  {remark}")


def _next_step(chosen: "Chosen", landed: "Landed") -> None:
    from rfm_assets.settings import settings

    if not chosen.is_in_force and chosen.profile.rules is not None:
        name = settings().config or "rfm.toml"
        click.echo(
            f'write into {name}, so that the rules of the profile are in force:\n[source]\nprofile = "{chosen.name}"'
        )
    if landed.manifests:
        first = min(one.first_day for one in landed.manifests)
        if first < settings().start_date:
            click.echo(f"the first day is before the calendar's: set start_date = {first} in [shop], or RFM_START_DATE")
