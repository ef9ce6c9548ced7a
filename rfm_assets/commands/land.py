"""`rfm land`: turns exports of a shop's own system into daily files."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rfm_assets.errors import ExportError

if TYPE_CHECKING:
    from rfm_assets.exports.find_profile import Chosen
    from rfm_assets.exports.land import Landed
    from rfm_assets.exports.manifest import Manifest

_SHOWN = 12
_CALLED = {"number": "order number", "day": "date"}


@click.command()
@click.argument("places", metavar="[FILE|FOLDER ...]", nargs=-1)
@click.option(
    "--profile",
    "given",
    help="A preset's name, or a profile's file.  [default: the shop file's, else the preset that fits, else drafted]",
)
@click.option("--to", "address", help="The landing zone: a folder, or s3://bucket/prefix.  [default: RFM_LANDING]")
@click.option("--forget", multiple=True, metavar="EXPORT", help="Remove an export's lines, by its name.")
def land(*, places: tuple[str, ...], given: str | None, address: str | None, forget: tuple[str, ...]) -> None:
    """Land exports (.csv, .tsv, .txt, .xlsx, .gz or .zip) as daily files YYYY-MM-DD_orders.csv.

    Without arguments, lands the exports at RFM_EXPORTS. The newest version of an order counts; lines of an export that
    has disappeared stay. A drafted profile is saved beside the landing zone, and reads later exports, too.
    """
    from rfm_assets.exports.landing import land_here, refusals

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
        raise ExportError(refusals(landed.refused))


def _others_in(address: str) -> None:
    """Names daily files in the landing folder that are not from exports: their lines count, too."""
    from rfm_assets.exports.target import SUFFIX

    if "://" not in address:
        names = sorted(path.name for path in Path(address).glob("[0-9]*.csv*") if SUFFIX not in path.name)
        if names:
            click.echo(f"{address} also holds {len(names):,} other daily files, such as {names[0]}: they count too")


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
            f"  {manifest.name} is no longer among the exports; its lines stay until `rfm land --forget {manifest.id}`"
        )
    say_not_tables(others)


def say_not_tables(others: Sequence[str], *, err: bool = False) -> None:
    """Prints the names of skipped files that are not tables."""
    if others:
        more = f" and {len(others) - _SHOWN:,} more" if len(others) > _SHOWN else ""
        click.echo(f"skipped, not tables: {', '.join(others[:_SHOWN])}{more}", err=err)


def say_profile(chosen: "Chosen") -> None:
    """Prints which profile reads the exports; of a drafted one, each field's headers with the evidence."""
    click.echo(str(chosen))
    for field, headers, why in chosen.draft.mapping if chosen.draft else ():
        click.echo(f"  {field:<13} <- {headers:<24} {why}".rstrip())


def say(manifest: "Manifest") -> None:
    """Prints how an export was read, and what happened to its records."""
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
        click.echo(
            f"  {count:,} lines whose {_CALLED.get(what, what)} is missing or cannot be read: passed on as delivered"
        )
    if manifest.fractions:
        click.echo(
            f"  {manifest.fractions:,} lines with a fractional quantity: each becomes one unit at the line's amount"
        )
    if compared := manifest.reconciled:
        click.echo(
            f"  {compared['fit']:,} of {compared['compared']:,} {compared['of']} add up to what the export states"
        )
    for remark in manifest.remarks:
        click.echo(f"  {remark}")


def _next_step(chosen: "Chosen", landed: "Landed") -> None:
    from rfm_assets.settings import settings

    if not chosen.is_in_force and chosen.profile.rules is not None:
        name = settings().config or "rfm.toml"
        click.echo(f'add this to {name}, so that the profile\'s rules apply:\n[source]\nprofile = "{chosen.name}"')
    if landed.manifests:
        first = min(one.first_day for one in landed.manifests)
        if first < settings().start_date:
            click.echo(
                f"the first order is older than the calendar: set start_date = {first} in [shop] of rfm.toml, or "
                "RFM_START_DATE"
            )
