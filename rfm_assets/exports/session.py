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
from rfm_assets.exports.choose import candidates, fits_of, headers_of, refusal
from rfm_assets.exports.draft import Draft, draft
from rfm_assets.exports.found import NO_EXPORTS, Export, FoundFile, digests_known, exports_of, files_at
from rfm_assets.exports.interpret import AmbiguousExportError, interpret
from rfm_assets.exports.presets import own_profile, read_profile
from rfm_assets.exports.profile import Profile
from rfm_assets.exports.sense import senseless
from rfm_assets.exports.terms import Terms
from rfm_assets.exports.work import Limits, Work, open_scratch
from rfm_assets.landing.address import bucket_and_prefix
from rfm_assets.publishing.customer_ids import CustomerIds
from rfm_assets.settings import environment, settings
from rfm_assets.whole_file import write_whole

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
    draft: Draft | None = None
    """What it was drafted from, where it is to be saved."""

    def __str__(self) -> str:
        """What to say of it."""
        return f"profile  {self.profile.name}, {self.why}: {self.profile.title}"

    def saved(self, path: Path) -> "Chosen":
        """Saves a drafted profile, whole or not at all, so that the next exports are read by the same one."""
        if self.draft is None:
            return self
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, self.draft.text)
        return replace(self, name=str(path))


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


def choose(files: Sequence[FoundFile], given: str | None, saved: Path | None = None) -> Chosen:
    """The profile given, that of the shop file, the one saved, the preset that fits, or one drafted from the files.

    `saved` is where the landing keeps the profile that an earlier draft became; it counts where its headers fit.

    Raises:
        ExportError: when none reads the files for sure; says what is missing, or what has two readings.
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
            tables = _newest_readable(exports_of(files, joined=False, known={}), scratch)[1]
        if any(not fit.missing for fit in fits_of(profile, tables)):
            return Chosen(profile, f"saved in {saved}", str(saved), is_in_force=False)
    return fitting(files)


def fitting(files: Sequence[FoundFile]) -> Chosen:
    """The preset whose headers and rules fit, else a draft, whatever the shop file says.

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
    """The first preset whose headers fit, that reads the newest export, and whose rules accept it; else a draft."""
    tried: list[str] = []
    exports = exports_of(files, joined=False, known={})
    bundles = exports_of(files, joined=True, known=digests_known(stamp for one in exports for stamp in one.stamps))
    newest, tables = _newest_readable(exports, scratch)
    try:
        bundled = headers_of(bundles[-1], scratch) if len(files) > 1 else tables
    except ExportError:  # of one that cannot be read, the landing says why
        bundled = tables
    terms = terms_in_force()
    fitting = candidates([*tables, *(one for one in bundled if one not in tables)])
    for candidate in fitting:
        profile = candidate.fit.profile
        try:
            one_of_each = bundles[-1] if profile.join else newest
            interpret(Work(connection, scratch, profile, terms), one_of_each)
        except AmbiguousExportError:
            return Chosen(profile, f"{candidate.read} headers fit", profile.name, is_in_force=False)  # others may tell
        except ExportError as error:
            if candidate == fitting[0]:
                raise
            tried.append(f"{profile.name}: {error}")
            continue
        problems = list(senseless(connection, profile.rules or Rules()))
        if not problems:
            return Chosen(profile, f"{candidate.read} headers fit", profile.name, is_in_force=profile.rules is None)
        tried.append(f"{profile.name}: {problems[0]}")
    largest = max(exports, key=lambda one: sum(size for _, size, _, _ in one.stamps))
    try:
        found = draft(connection, largest, scratch)
    except ExportError:
        found = draft(connection, newest, scratch)
    return _drafted(found, tables, tried)


def _newest_readable(exports: Sequence[Export], scratch: Path) -> tuple[Export, list[list[str]]]:
    """The newest export that has headers, and the headers of its tables."""
    problem = None
    for export in reversed(exports):
        try:
            return export, headers_of(export, scratch)
        except ExportError as error:
            problem = problem or error
    raise problem or ExportError(NO_EXPORTS)


def _drafted(found: Draft, tables: Sequence[Sequence[str]], tried: Sequence[str]) -> Chosen:
    """The profile of a draft in which nothing is missing or has two readings."""
    if found.missing:
        said = f"no preset reads {found.name}. {' '.join(tried)} {way_out(found.missing)}" if tried else None
        raise ExportError(said or refusal(found.name, tables, way_out(found.missing)))
    if found.unresolved:
        raise ExportError(f"{found.name}: {'; '.join(found.unresolved)}. {way_out(())}")
    return Chosen(found.profile, f"drafted from {found.name}", "own", is_in_force=False, draft=found)


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
        raise ExportError(NO_EXPORTS)
    return exports[-1]
