"""`rfm init`: a folder for a shop and its exports."""

import shlex
import shutil
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rfm_assets.commands.land import say_not_tables, say_profile
from rfm_assets.config.currency import CURRENCIES
from rfm_assets.errors import ExportError, SettingError

if TYPE_CHECKING:
    from rfm_assets.exports.find_profile import Chosen
    from rfm_assets.exports.found import FoundFile
    from rfm_assets.starter import Facts
    from rfm_assets.starter.exports_read import ExportsRead


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "places",
    multiple=True,
    metavar="FILE|FOLDER",
    help="An export to copy into the folder; repeatable.",
)
@click.option("--profile", "given", help="A preset's name, or a profile's file.  [default: the preset that fits]")
@click.option("--currency", help="The shop's currency, such as EUR.  [default: from the exports]")
@click.option("--no-hint", is_flag=True, help="Do not print the next commands.")
def init(*, folder: Path, places: tuple[str, ...], given: str | None, currency: str | None, no_hint: bool) -> None:
    """Make FOLDER a shop's folder, in which every command works: rfm.toml, dagster.yaml and whatever else they need.

    With --from, the first day, the currency and the profile in rfm.toml come from the exports. Existing files stay as
    they are, except that a missing first day, profile or currency is added to rfm.toml.
    """
    from rfm_assets import starter
    from rfm_assets.starter.exports_read import read_exports
    from rfm_assets.starter.own_file import complete, lacks

    _must_make_sense(places, given, currency)
    files = _found_files(places)
    own = folder / "rfm.toml"
    is_new = not own.exists() or _is_replaced(own, given, currency)
    read = (
        read_exports(files, folder, given, currency, says=say_profile)
        if files and (is_new or lacks(own))
        else nullcontext()
    )
    with read as found:
        if given and Path(given).is_file():
            _copy(Path(given), folder / Path(given).name, "change it there, or remove it")
        known = starter.known(found.facts if found else None, currency)
        written = _save_draft(found.chosen, folder) if found else []
        if is_new:
            own.unlink(missing_ok=True)
        written += starter.write(folder, starter.text(known))
        added = complete(own, known)
        taken = [one for one in files if not found or one.name not in found.looked.left]
        _copy_exports(taken, folder)
        if found:
            found.keep(folder)
    _report(folder, written, added, len(taken))
    if found:
        _report_exports(found, own)
    if not no_hint:
        click.echo(f"next: cd {shlex.quote(str(folder))} && rfm land && rfm refresh")


def _must_make_sense(places: Sequence[str], given: str | None, currency: str | None) -> None:
    if given and not places:
        raise SettingError("--profile needs exports to read: name them with --from FILE")
    if currency and currency not in CURRENCIES:
        raise SettingError(f"--currency {currency}: write an ISO 4217 currency code, such as GBP, EUR or JPY")


def _found_files(places: Sequence[str]) -> list["FoundFile"]:
    """Raises ExportError when there is no export at these places."""
    from rfm_assets.exports import session

    files, others = session.found_files(places)
    say_not_tables(others)
    if places and not files:
        raise ExportError(f"there are no exports in {', '.join(places)}: name a file or a folder of tables")
    return files


def _is_replaced(own: Path, given: str | None, currency: str | None) -> bool:
    """Whether to replace a shop file that `rfm init` wrote for a profile or currency other than given now.

    Raises:
        SettingError: when it differs, and a person has edited it, or tables have been made with its profile.
    """
    from rfm_assets.exports.presets import name_of
    from rfm_assets.starter.own_file import differing, is_as_written

    others = differing(own, given and name_of(given), currency)
    if not others:
        return False
    says = f"{own} says {' and '.join(said for said, _ in others.values())}"
    folder = shlex.quote(str(own.parent))
    # Days made with the other profile would stay in the tables.
    if "profile" in others and (own.parent / "data/warehouse.duckdb").exists():
        raise SettingError(
            f"{says}, and the tables were made with it. To read the exports by {given}, start over: remove the folder "
            f"(rm -r {folder}), and run this again"
        )
    if not is_as_written(own):
        lines = " and ".join(f'{key} = "{value}"' for key, (_, value) in others.items())
        raise SettingError(
            f"{says}. It has been edited, so it is left as it is: write {lines} there, or remove the file, and run "
            "this again"
        )
    return True


def _save_draft(chosen: "Chosen", folder: Path) -> list[str]:
    """Saves a drafted profile; returns the names of the files written.

    Raises:
        SettingError: when another profile of that name exists.
    """
    if chosen.draft is None:
        return []
    path = folder / chosen.name
    if path.exists() and path.read_text(encoding="utf-8") != chosen.draft.text:
        raise SettingError(f"{path} already exists: name it with --profile {shlex.quote(str(path))}, or remove it")
    chosen.saved(path)
    return [chosen.name]


def _copy_exports(files: Sequence["FoundFile"], folder: Path) -> None:
    from rfm_assets.exports import session

    for file in files:
        _copy(file.path, folder / session.ARRIVE / file.name, f"give the new {file.name} another name")


def _copy(file: Path, place: Path, way_out: str) -> None:
    """Copies a file with its modification time, unless the same file is there already.

    Raises:
        SettingError: when another file with that name is there.
    """
    if place.exists():
        if place.samefile(file) or place.read_bytes() == file.read_bytes():
            return
        raise SettingError(f"{place} already exists with other content: {way_out}")
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(file, place)


def _report(folder: Path, written: Sequence[str], added: Sequence[str], exports: int) -> None:
    if written or not added:
        click.echo(
            f"{folder}: wrote {', '.join(written)}" if written else f"{folder}: nothing to write, everything is there"
        )
    if added:
        click.echo(f"{folder / 'rfm.toml'}: added {', '.join(added)}")
    if exports:
        click.echo(f"{exports:,} {'export' if exports == 1 else 'exports'} in {folder / 'data/exports'}")


def _report_exports(found: "ExportsRead", own: Path) -> None:
    for reason in found.looked.refused:
        click.echo(f"left out: {reason}")
    _report_facts(found.facts, own)


def _report_facts(facts: "Facts", own: Path) -> None:
    from rfm_assets.config.load import shop_file

    if facts.early:
        click.echo(
            f"lines dated more than a year before all others: {facts.early:,}. The calendar starts on {facts.first}, "
            "without them; start_date in rfm.toml changes that"
        )
    if facts.late:
        click.echo(
            f"lines dated more than a year after all others: {facts.late:,}. Segments are as of the newest day; "
            f"`rfm refresh --to {facts.last}` leaves them out"
        )
    if shop_file(own).shop.currency == "":
        click.echo(
            f"the exports name no currency, so amounts are plain numbers: write its code, such as EUR, into {own}"
        )
