"""Lands exports by the settings, for `rfm land` and for Dagster."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from rfm_assets.errors import SettingError
from rfm_assets.exports import session
from rfm_assets.exports.find_profile import Chosen
from rfm_assets.exports.land import Landed, land
from rfm_assets.exports.manifest import Manifests, manifests_of
from rfm_assets.exports.target import target_at
from rfm_assets.settings import settings


@dataclass(frozen=True)
class Done:
    """The result of a landing, its profile and its address."""

    landed: Landed
    chosen: Chosen
    others: Sequence[str]
    """The names of files that are not tables."""
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
    """Lands the exports at `places`, by default RFM_EXPORTS, to `address`, by default RFM_LANDING.

    `given` is a profile, by default the shop file's, else the preset that fits, else one that is drafted and saved
    beside the landing zone; `says` is called with the choice.

    Raises:
        ExportError: when no export can be read, or no profile fits; nothing is written then.
        SettingError: when one of the exports' folder and the landing folder contains the other.
        LandingError: when exports cannot be fetched, or daily files cannot be written.
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
    """The message about exports that could not be read while others landed."""
    return f"{len(refused):,} {'export was' if len(refused) == 1 else 'exports were'} not landed: {'; '.join(refused)}"


def _must_lie_apart(places: Sequence[str], address: str) -> None:
    if "://" in address:
        return
    landing = Path(address).resolve()
    for place in places:
        here = Path(place).resolve()
        if here.is_dir() and landing.is_relative_to(here):
            raise SettingError(
                f"the landing folder {address} is inside {place}: daily files would be taken for exports"
            )
        if here.is_relative_to(landing):
            message = (
                f"{place} is inside the landing folder {address}: an export named by a day would be loaded as it is"
            )
            raise SettingError(f"{message}; move it to another folder")
