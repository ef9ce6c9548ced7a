"""The shop's exports, profile and terms, from the settings, for `rfm land`, `rfm profile` and Dagster."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import duckdb

from rfm_assets.config.currency import CURRENCIES
from rfm_assets.config.load import shop_file
from rfm_assets.config.shop_file import Shop
from rfm_assets.errors import ExportError
from rfm_assets.exports.choose_preset import headers_of
from rfm_assets.exports.find_profile import Chosen, fitting
from rfm_assets.exports.folder import Folder, reads
from rfm_assets.exports.found import FoundFile, exports_of, files_at
from rfm_assets.exports.presets import own_profile, read_profile
from rfm_assets.exports.profile import Profile
from rfm_assets.exports.terms import Terms
from rfm_assets.exports.work import Limits, open_scratch
from rfm_assets.landing.address import bucket_and_prefix
from rfm_assets.privacy.customer_ids import CustomerIds
from rfm_assets.settings import environment, settings

ARRIVE = Path("data/exports")
"""The default folder of exports."""
_COPIES = Path("data/exports.copies")
"""The folder for copies of exports from a bucket."""


def terms_in_force() -> Terms:
    """The shop's currency and time zone; a currency that is not set is unknown."""
    return terms_of(shop_file(settings().config).shop)


def terms_of(shop: Shop) -> Terms:
    """The terms of a shop; the environment takes precedence."""
    terms = Terms.of(shop)
    if "currency" in environment().model_fields_set and settings().currency in CURRENCIES:  # not just a symbol
        terms = replace(terms, currency=settings().currency)
    key = settings().id_key
    return replace(terms, ids=CustomerIds(key.get_secret_value())) if key else terms


def limits_in_force() -> Limits:
    """DuckDB's limits from the settings."""
    return Limits(settings().memory_limit, settings().threads)


def places_of_exports(given: Sequence[str] = ()) -> list[str]:
    """Where exports are: as given, by default at RFM_EXPORTS, else in `data/exports` if that folder exists.

    Raises:
        ExportError: when none of these is set.
    """
    arrive = settings().exports or (str(ARRIVE) if ARRIVE.is_dir() else None)
    if not given and arrive is None:
        raise ExportError(
            f"name a file or a folder of exports, put them into {ARRIVE}, or set RFM_EXPORTS to where they arrive"
        )
    return list(given) or [str(arrive)]


def found_files(named: Sequence[str]) -> tuple[list[FoundFile], list[str]]:
    """The files at these places, and the names of other files there.

    Raises:
        ExportError: when a place does not exist.
        LandingError: when a bucket cannot be read.
    """
    folders = [one for one in named if bucket_and_prefix(one, setting="RFM_EXPORTS") is None]
    files, others = files_at(map(Path, folders))
    for one in named:
        if (bucket := bucket_and_prefix(one, setting="RFM_EXPORTS")) is not None:
            from rfm_assets.exports.bucket import Bucket, exports_in

            copied, more = exports_in(Bucket(*bucket), _COPIES)
            files, others = files + copied, others + more
    return files, others


def choose(files: Sequence[FoundFile], given: str | None, saved: Path | None = None) -> Chosen:
    """The given profile, else the shop file's, the saved one, the preset that fits, or a draft from the files.

    `saved` is the file of an earlier draft; it counts if its headers fit.

    Raises:
        ExportError: when none reads the files for certain; names what is missing or ambiguous.
    """
    file = shop_file(settings().config)
    if file.preset is not None:
        of_shop: Profile | None = read_profile(file.preset)
    else:
        of_shop = own_profile(file.profile, str(settings().config or "rfm.toml")) if file.profile else None
    if given is not None:
        profile = read_profile(given)
        return Chosen(profile, "as named", given, profile == of_shop)
    if of_shop is not None:
        return Chosen(of_shop, "of the shop file", of_shop.name, is_in_force=True)
    if saved is not None and saved.exists():
        profile = read_profile(str(saved))
        with workshop() as (_, scratch):
            if _reads_some(profile, files, scratch):
                return Chosen(profile, f"saved in {saved}", str(saved), is_in_force=False)
    return fitting_one(files, terms_in_force())


def fitting_one(files: Sequence[FoundFile], terms: Terms) -> Chosen:
    """The preset that fits most files, else a draft, ignoring the shop file.

    Raises:
        ExportError: when there is neither; names what is missing, and how to draft a profile.
    """
    with workshop() as (connection, scratch):
        return fitting(connection, Folder(files, scratch), terms)


def _reads_some(profile: Profile, files: Sequence[FoundFile], scratch: Path) -> bool:
    """Whether a profile reads any of the exports; tries the newest first, so that few files are opened."""
    for export in reversed(exports_of(files, joined=False, known={})):
        with suppress(ExportError):  # landing reports files that cannot be read
            if reads(profile, headers_of(export, scratch)):
                return True
    return False


@contextmanager
def workshop() -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """A database and a scratch folder for looking at exports."""
    with open_scratch(limits_in_force()) as opened:
        yield opened
