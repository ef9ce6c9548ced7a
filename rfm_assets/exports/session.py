"""What `rfm land`, `rfm profile` and Dagster share: the shop's exports, its profile and its terms, from settings."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from rfm_assets.config.currency import CURRENCIES
from rfm_assets.config.load import shop_file
from rfm_assets.config.shop_file import Rules
from rfm_assets.errors import ExportError
from rfm_assets.exports.choose import candidates, headers_of, refusal
from rfm_assets.exports.draft import draft
from rfm_assets.exports.found import Export, FoundFile, exports_of, files_at
from rfm_assets.exports.interpret import AmbiguousExportError, interpret
from rfm_assets.exports.presets import own_profile, read_profile
from rfm_assets.exports.profile import Profile
from rfm_assets.exports.sense import senseless
from rfm_assets.exports.terms import Terms
from rfm_assets.exports.work import Limits, Work, open_scratch
from rfm_assets.landing.address import bucket_and_prefix
from rfm_assets.publishing.customer_ids import CustomerIds
from rfm_assets.settings import environment, settings

ARRIVE = Path("data/exports")
"""Where exports are looked for when nobody says where they arrive."""
_COPIES = Path("data/exports.copies")
"""Where exports from a bucket are kept."""


@dataclass(frozen=True)
class Chosen:
    """The profile to read by, and how it was chosen."""

    profile: Profile
    why: str
    name: str
    """What the shop file calls it."""
    is_in_force: bool
    """Whether the shop file names it, so that silver follows its rules."""


def terms_in_force() -> Terms:
    """The shop's currency and zone; a currency that nobody has set is not known."""
    terms = Terms.of(shop_file(settings().config).shop)
    if "currency" in environment().model_fields_set and settings().currency in CURRENCIES:  # and not a mere symbol
        terms = replace(terms, currency=settings().currency)
    key = settings().id_key
    return replace(terms, ids=CustomerIds(key.get_secret_value())) if key else terms


def limits_in_force() -> Limits:
    """What DuckDB may use here."""
    return Limits(settings().memory_limit, settings().threads)


def places_of_exports(given: Sequence[str] = ()) -> list[str]:
    """Where exports are: as given, by default at RFM_EXPORTS, else in `data/exports` where there is that folder.

    Raises:
        ExportError: when nothing says so.
    """
    arrive = settings().exports or (str(ARRIVE) if ARRIVE.is_dir() else None)
    if not given and arrive is None:
        raise ExportError(
            f"name a file or a folder of exports, put them into {ARRIVE}, or set RFM_EXPORTS to where they arrive"
        )
    return list(given) or [str(arrive)]


def found_files(named: Sequence[str]) -> tuple[list[FoundFile], list[str]]:
    """The files at some places, and the names of others that are there.

    Raises:
        ExportError: when there is no such place.
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


def choose(files: Sequence[FoundFile], given: str | None) -> Chosen:
    """The profile that is given, that of the shop file, or the preset whose headers and rules fit.

    Raises:
        ExportError: when no preset fits; says what is missing, and how to draft a profile.
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
    return fitting(files)


def fitting(files: Sequence[FoundFile]) -> Chosen:
    """The preset whose headers and rules fit, whatever the shop file says.

    Raises:
        ExportError: when none does; says what is missing, and how to draft a profile.
    """
    with workshop() as (connection, scratch):
        return _fitting(connection, files, scratch)


@contextmanager
def workshop() -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """A database and a folder for a look at exports."""
    with open_scratch(limits_in_force()) as opened:
        yield opened


def _fitting(connection: duckdb.DuckDBPyConnection, files: Sequence[FoundFile], scratch: Path) -> Chosen:
    """The first preset whose headers fit, that reads the newest export, and whose rules accept its lines."""
    if not files:
        raise ExportError("there are no exports: name files or folders, or set RFM_EXPORTS to where they arrive")
    tried: list[str] = []
    exports = {joined: exports_of(files, joined=joined, known={}) for joined in (False, True)}
    tables = headers_of(exports[False][-1], scratch)
    bundled = headers_of(exports[True][-1], scratch) if len(files) > 1 else tables
    terms = terms_in_force()
    for candidate in candidates([*tables, *(one for one in bundled if one not in tables)]):
        profile = candidate.fit.profile
        try:
            one_of_each = exports[bool(profile.join)][-1]
            interpret(Work(connection, scratch, profile, terms), one_of_each)
        except AmbiguousExportError:
            return Chosen(profile, f"{candidate.read} headers fit", profile.name, is_in_force=False)  # others may tell
        except ExportError as error:
            if profile.name == candidates(tables)[0].name and profile.name != "generic":
                raise
            tried.append(f"{profile.name}: {error}")
            continue
        problems = list(senseless(connection, profile.rules or Rules()))
        if not problems:
            return Chosen(profile, f"{candidate.read} headers fit", profile.name, is_in_force=profile.rules is None)
        tried.append(f"{profile.name}: {problems[0]}")
    guess = draft(connection, exports[False][-1], scratch)
    name = exports[False][-1].name
    if tried:
        raise ExportError(f"no preset reads {name}. {' '.join(tried)} {way_out(guess.missing)}")
    raise ExportError(refusal(name, tables, way_out(guess.missing)))


def way_out(missing: Collection[str]) -> str:
    """How to go on with a draft, or what is missing even for one."""
    if missing:
        needed = " and ".join(missing)
        return (
            f"RFM needs {needed}, and no header is known to be that. If one is, name it in a profile "
            "(`rfm profile new FILE > my-profile.toml`); if none is, export again with it"
        )
    return (
        "A profile can be drafted: `rfm profile new FILE > my-profile.toml`; read it, and go on with "
        "`rfm land --profile my-profile.toml FILE`, or `make demo EXPORT=FILE PROFILE=my-profile.toml`"
    )


def newest(files: Sequence[FoundFile], profile: Profile) -> Export:
    """The newest of some exports.

    Raises:
        ExportError: when there are none.
    """
    exports = exports_of(files, joined=bool(profile.join), known={})
    if not exports:
        raise ExportError("there are no exports: name files or folders, or set RFM_EXPORTS to where they arrive")
    return exports[-1]
