"""Lands exports where and how the settings say, for `rfm land` and for Dagster."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from rfm_assets.errors import SettingError
from rfm_assets.exports import session
from rfm_assets.exports.fitting import Chosen
from rfm_assets.exports.land import Landed, land
from rfm_assets.exports.manifest import Manifests, manifests_of
from rfm_assets.exports.target import target_at
from rfm_assets.settings import settings


@dataclass(frozen=True)
class Done:
    """What a landing did, by which profile, and where."""

    landed: Landed
    chosen: Chosen
    others: Sequence[str]
    """Files among the exports that are not tables."""
    address: str
    manifests: Manifests


def land_here(
    places: Sequence[str] = (),
    given: str | None = None,
    address: str | None = None,
    *,
    forget: Collection[str] = (),
    says: Callable[[Chosen], object],
) -> Done:
    """Lands the exports at some places, by default at RFM_EXPORTS, to an address, by default RFM_LANDING.

    `given` is a profile, by default the shop file's, else the preset that fits, else one that is drafted and saved
    beside the landing zone; `says` is told which it is.

    Raises:
        ExportError: when no export can be read, or no profile fits; then nothing has been written.
        SettingError: when a place of exports lies in the landing folder, or the landing folder in it.
        LandingError: when exports cannot be fetched, or daily files not be written.
    """
    address = address or settings().landing
    target = target_at(address)
    places = session.places_of_exports(places)
    files, others = session.found_files(places)
    _must_lie_apart(places, address)
    manifests = Manifests(manifests_of(address))
    saved = manifests.folder.with_suffix(".profile.toml")
    chosen = session.choose(files, given, saved)
    says(chosen)
    landed = land(
        files,
        chosen.profile,
        session.terms_in_force(),
        target,
        manifests,
        forget=forget,
        limits=session.limits_in_force(),
    )
    return Done(landed, chosen.saved(saved), others, address, manifests)


def refusals(refused: Sequence[str]) -> str:
    """What to say of exports that could not be read while others have landed."""
    return f"{len(refused):,} {'export was' if len(refused) == 1 else 'exports were'} not landed: {'; '.join(refused)}"


def _must_lie_apart(places: Sequence[str], address: str) -> None:
    if "://" in address:
        return
    landing = Path(address).resolve()
    for place in places:
        here = Path(place).resolve()
        if here.is_dir() and landing.is_relative_to(here):
            raise SettingError(f"the landing folder {address} lies in {place}: daily files would be taken for exports")
        if here.is_relative_to(landing):
            message = f"{place} lies in the landing folder {address}: an export named by a day would be loaded as it is"
            raise SettingError(f"{message}; move it to another folder")
