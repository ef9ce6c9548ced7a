"""`rfm init`: a folder for a shop, with its exports in it."""

import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rfm_assets.commands.land import say_profile
from rfm_assets.errors import SettingError

if TYPE_CHECKING:
    from rfm_assets.exports.found import FoundFile
    from rfm_assets.exports.session import Chosen
    from rfm_assets.starter import Facts

_DRAFTED = "profile.toml"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "places",
    multiple=True,
    metavar="FILE|FOLDER",
    help="The shop's exports, which are copied there; repeatable.",
)
@click.option("--profile", "given", help="A preset's name, or a profile's file.  [default: the preset that fits]")
def init(*, folder: Path, places: tuple[str, ...], given: str | None) -> None:
    """Make FOLDER the folder of a shop, in which every command works: rfm.toml, dagster.yaml and what else they need.

    With --from, rfm.toml says what the exports tell: the first day, the currency, the profile. Files that are there
    stay as they are.
    """
    from rfm_assets import starter
    from rfm_assets.exports import session

    own = folder / "rfm.toml"
    if given and not places:
        raise SettingError("--profile says how exports are read: name them, --from FILE")
    found = session.found_files(places)[0] if places else []
    if own.exists():
        _must_agree(own, given)
        facts, chosen = None, None
    else:
        facts, chosen = _facts(found, given) if found else (None, None)
    if given and Path(given).is_file():
        _copy(Path(given), folder / Path(given).name, "change it there, or remove it")
    if chosen:
        chosen.saved(folder / _DRAFTED)
    written = starter.write(folder, starter.shop_file(facts))
    for file in found:
        _copy(file.path, folder / session.ARRIVE / file.name, f"give the new {file.name} another name")
    _report(folder, written, len(found), facts)


def _facts(found: Sequence["FoundFile"], given: str | None) -> "tuple[Facts, Chosen | None]":
    """What the exports tell, and the profile that was found for them, read before anything is written."""
    from rfm_assets.exports import session
    from rfm_assets.exports.land import look
    from rfm_assets.exports.presets import read_profile
    from rfm_assets.starter import Facts

    chosen = None
    if given:
        profile, name = read_profile(given), Path(given).name if Path(given).is_file() else given
    else:
        chosen = session.fitting(found)
        profile, name = chosen.profile, _DRAFTED if chosen.draft else chosen.name
        say_profile(chosen)
    manifests, days = look(found, profile, session.terms_in_force(), limits=session.limits_in_force())
    return Facts.of(manifests, days, name), chosen


def _must_agree(own: Path, given: str | None) -> None:
    """Raises SettingError where a shop file that is there names another profile."""
    from rfm_assets.config.load import shop_file

    held = shop_file(own).preset
    if given and held != (Path(given).name if Path(given).is_file() else given):
        says = f"says profile {held}" if held else "names no profile"
        raise SettingError(f"{own} {says}, and is left as it is: write [source] profile there, or remove the file")


def _copy(file: Path, place: Path, way_out: str) -> None:
    """Copies a file with its time, unless one of that name and content is there.

    Raises:
        SettingError: when another file of that name is there.
    """
    if place.exists():
        if place.samefile(file) or place.read_bytes() == file.read_bytes():
            return
        raise SettingError(f"{place} is there already, with other content: {way_out}")
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(file, place)


def _report(folder: Path, written: Sequence[str], exports: int, facts: "Facts | None") -> None:
    click.echo(f"{folder}: {', '.join(written)} written" if written else f"{folder}: nothing to write, all is there")
    if exports:
        click.echo(f"{exports:,} {'export' if exports == 1 else 'exports'} in {folder / 'data/exports'}")
    if facts and facts.early:
        click.echo(
            f"lines dated more than a year before all others: {facts.early:,}. The calendar starts on {facts.first}, "
            "without them; start_date in rfm.toml changes that"
        )
    if facts and facts.late:
        click.echo(
            f"lines dated more than a year after all others: {facts.late:,}. Segments are as of the newest day; "
            f"`rfm refresh --to {facts.last}` leaves them out"
        )
    click.echo(f"go on with: cd {shlex.quote(str(folder))} && rfm land && rfm refresh")
