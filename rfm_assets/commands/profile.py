"""`rfm profile`: lists and drafts profiles, and shows what a profile would do."""

from contextlib import suppress
from typing import TYPE_CHECKING

import click

from rfm_assets.commands.land import say, say_not_tables, say_profile
from rfm_assets.errors import ExportError

if TYPE_CHECKING:
    import duckdb

    from rfm_assets.exports.header_fit import Fit

_LINES = 20
_PLACES = click.argument("places", metavar="FILE ...", nargs=-1)


@click.group()
def profile() -> None:
    """Source profiles: how exports of a system are read."""


@profile.command("list")
def list_profiles() -> None:
    """List the presets."""
    from rfm_assets.exports.presets import load_preset, preset_names

    for name in preset_names():
        preset = load_preset(name)
        click.echo(f"{name:<24}{preset.title}{f'. {preset.note}' if preset.note else ''}")


@profile.command()
@click.argument("name")
def show(*, name: str) -> None:
    """Print the preset NAME, to copy or change."""
    from rfm_assets.exports.presets import preset_text

    click.echo(preset_text(name), nl=False)


@profile.command()
@_PLACES
def new(*, places: tuple[str, ...]) -> None:
    """Draft a profile from FILE: each guess with its evidence, for you to check."""
    from rfm_assets.exports import session
    from rfm_assets.exports.choose_preset import way_out
    from rfm_assets.exports.find_profile import best_draft
    from rfm_assets.exports.folder import Folder

    files, others = session.found_files(session.places_of_exports(places))
    with session.workshop() as (connection, scratch):
        found = best_draft(connection, Folder(files, scratch))
    click.echo(found.text, nl=False)
    say_not_tables(others, err=True)
    if found.missing:
        click.echo(f"{found.name}: {way_out(found.missing)}", err=True)
        raise SystemExit(1)


@profile.command()
@_PLACES
@click.option(
    "--profile",
    "given",
    help="A preset's name, or a profile's file.  [default: the shop file's, else the preset that fits, else drafted]",
)
def check(*, places: tuple[str, ...], given: str | None) -> None:
    """Show how FILE would be read, without writing anything; fails if anything is unresolved."""
    from rfm_assets.config.shop_file import Rules
    from rfm_assets.exports import session
    from rfm_assets.exports.found import exports_of
    from rfm_assets.exports.reading import interpreted
    from rfm_assets.exports.tables import look_at
    from rfm_assets.exports.unmatched_rules import unmatched_rules
    from rfm_assets.exports.work import Work

    files, others = session.found_files(session.places_of_exports(places))
    chosen = session.choose(files, given)
    say_profile(chosen)
    say_not_tables(others)
    problems: list[str] = []
    exports = exports_of(files, joined=bool(chosen.profile.join), known={})
    with session.workshop() as (connection, scratch):
        for export in exports:
            with suppress(ExportError):  # an unreadable one is reported below
                _show_mapping(look_at(export.name, export.files, chosen.profile, scratch).fit)
                break
        work = Work(connection, scratch, chosen.profile, session.terms_in_force())
        for _, manifest in interpreted(work, exports, [], problems):
            manifest.must_add_up()
            say(manifest)
            _show_lines(connection)
            problems += unmatched_rules(connection, chosen.profile.rules or Rules())
    if problems:
        raise ExportError("; ".join(dict.fromkeys(problems)))


def _show_mapping(fit: "Fit") -> None:
    click.echo("headers found")
    for role, headers in fit.used.items():
        click.echo(f"  {role:<16}{', '.join(headers)}")
    click.echo(f"not used  {', '.join(fit.unused) or 'none'}")


def _show_lines(connection: "duckdb.DuckDBPyConnection") -> None:
    """The first lines as they will be read."""
    columns = ("Invoice", "InvoiceDate", "StockCode", "Quantity", "Price", "LineAmount", "CustomerID", "Currency")
    rows = connection.execute(
        f"SELECT {', '.join(f'CAST({one} AS VARCHAR)' for one in columns)} FROM lines WHERE left_out IS NULL "
        f"ORDER BY record, seq LIMIT {_LINES}"
    ).fetchall()
    table = [columns, *((cell or "" for cell in row) for row in rows)]
    cells = [[str(cell)[:24] for cell in row] for row in table]
    widths = [max(len(row[place]) for row in cells) for place in range(len(columns))]
    for row in cells:
        click.echo("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
