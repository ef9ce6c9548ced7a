"""Reads a shop's exports before its folder is written, once for both rfm.toml and the landing."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rfm_assets.config.load import shop_file
from rfm_assets.config.shop_file import ShopFile
from rfm_assets.exports import session
from rfm_assets.exports.find_profile import Chosen
from rfm_assets.exports.found import FoundFile
from rfm_assets.exports.manifest import Manifests, manifests_of
from rfm_assets.exports.presets import name_of, own_profile, read_profile
from rfm_assets.exports.reading import Looked, looked_at
from rfm_assets.exports.terms import Terms
from rfm_assets.starter import Facts

DRAFTED = "profile.toml"
"""The name of a drafted profile in a shop's folder."""


@dataclass(frozen=True)
class ExportsRead:
    """The facts, the profile that read them, and the lines read."""

    facts: Facts
    chosen: Chosen
    looked: Looked
    terms: Terms

    def keep(self, folder: Path) -> None:
        """Keeps the lines in the shop's folder for `rfm land`."""
        now = replace(self.terms, currency=self.terms.currency or self.facts.currency)
        self.looked.keep(Manifests(manifests_of(str(folder / "data/landing"))), self.chosen.profile, self.terms, now)


@contextmanager
def read_exports(
    files: Sequence[FoundFile],
    folder: Path,
    given: str | None,
    currency: str | None,
    *,
    says: Callable[[Chosen], object],
) -> Iterator[ExportsRead]:
    """Reads exports by the given profile, else the folder's shop file's, else one that fits; `says` gets the choice.

    Raises:
        ExportError: when none can be read, or no profile fits.
        SettingError: when the profile cannot be used.
    """
    own = folder / "rfm.toml"
    held = shop_file(own) if own.exists() else ShopFile()
    terms = session.terms_of(held.shop.model_copy(update={"currency": currency} if currency else {}))
    chosen = _chosen(files, folder, given, held, terms)
    says(chosen)
    with looked_at(files, chosen.profile, terms, limits=session.limits_in_force()) as looked:
        yield ExportsRead(Facts.of(looked.manifests, looked.days, chosen.name), chosen, looked, terms)


def _chosen(files: Sequence[FoundFile], folder: Path, given: str | None, held: ShopFile, terms: Terms) -> Chosen:
    if given:
        return Chosen(read_profile(given), "as named", name_of(given), is_in_force=False)
    if held.preset:
        there = folder / held.preset
        profile = read_profile(str(there) if there.is_file() else held.preset)
        return Chosen(profile, f"of {folder / 'rfm.toml'}", held.preset, is_in_force=True)
    if held.profile:
        return Chosen(own_profile(held.profile, str(folder / "rfm.toml")), "of the shop file", "own", is_in_force=True)
    found = session.fitting_one(files, terms)
    return replace(found, name=DRAFTED) if found.draft else found
