"""Chooses the preset for exports: those whose headers fit, the most specific first.

Plain headers, which `generic` knows, fit no system: their profile is drafted, by what all cells hold.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

from rfm_assets.errors import ExportError
from rfm_assets.exports.found import Export
from rfm_assets.exports.header import find_header, key_of
from rfm_assets.exports.header_fit import Fit, known_headers
from rfm_assets.exports.presets import load_preset, preset_names
from rfm_assets.exports.profile import File, Profile
from rfm_assets.exports.unpacked import beginning, unpack

GENERIC = "generic"
Headers: TypeAlias = list[list[str]]
"""The headers of each table of an export."""


@dataclass(frozen=True)
class Candidate:
    """A preset, and how many of an export's headers it reads."""

    fit: Fit

    @property
    def name(self) -> str:
        """The preset's name."""
        return self.fit.profile.name

    @property
    def read(self) -> int:
        """The number of headers it reads."""
        return len({header for headers in self.fit.used.values() for header in headers})

    @property
    def weight(self) -> tuple[int, bool]:
        """The candidates' sort key."""
        return self.read, bool(self.fit.profile.join)


def headers_of(export: Export, scratch: Path) -> Headers:
    """The headers of each table of an export, independent of any profile.

    Raises:
        ExportError: when it contains no table.
    """
    found = []
    for path in export.files:
        for table in unpack(beginning(path, scratch), export.name, None, scratch):
            names = list(find_header(table, File(), _known()).names)
            found.append(names[0].split() if len(names) == 1 else names)  # without a header, blanks may separate cells
    if not found:
        raise ExportError(f"{export.name} is empty: export it again")
    return found


@cache
def _known() -> frozenset[str]:
    """The keys of all headers that a preset may read."""
    return frozenset(header for name in preset_names() for header in known_headers(load_preset(name)))


def candidates(tables: Sequence[Sequence[str]]) -> list[Candidate]:
    """The presets that read tables with these headers, most headers first."""
    names = [name for name in preset_names() if name != GENERIC]
    fits = [fit for name in names for fit in fits_of(load_preset(name), tables)]
    best: dict[str, Candidate] = {}
    for candidate in sorted((Candidate(fit) for fit in fits if not fit.missing), key=lambda one: one.weight):
        best[candidate.name] = candidate
    return sorted(best.values(), key=lambda one: one.weight, reverse=True)


def fits_of(profile: Profile, tables: Sequence[Sequence[str]]) -> list[Fit]:
    """How a profile fits each table with these headers, or all tables if it joins them."""
    if profile.file.header:
        width = len(profile.file.header)
        return [
            Fit.of(profile, profile.file.header) for headers in tables if _no_header(headers) and len(headers) == width
        ]
    if not profile.join:
        return [Fit.of(profile, headers) for headers in tables]
    keys = [{key_of(one) for one in headers} for headers in tables]
    wanted = [{key_of(one) for one in names} for names in (profile.file.has, *(join.has for join in profile.join))]
    if not all(any(want <= have for have in keys) for want in wanted):
        return []
    return [Fit.of(profile, [name for headers in tables for name in headers])]


def _no_header(headers: Sequence[str]) -> bool:
    """Whether the first line, where a header should be, is a record."""
    return sum(any(character.isdigit() for character in one) for one in headers) > len(headers) // 2


def refusal(name: str, tables: Sequence[Sequence[str]], way_out: str) -> str:
    """The message about an export that no preset reads."""
    headers = "; ".join(", ".join(one[:25]) for one in tables[:3])
    fits = [fit for preset in preset_names() for fit in fits_of(load_preset(preset), tables)]
    without = [fit for fit in fits if set(fit.missing) == {"customer"} and fit.profile.customer.missing]
    if without:
        profile = without[0].profile
        return f"{name} looks like {profile.title}, but has no customer. {profile.customer.missing}"
    if any(_no_header(one) for one in tables):
        return (
            f"{name} seems to have no header: its first line is {headers}. Name its columns in a profile, "
            '`header = ["...", ...]` of [source.file], or export it again with headers'
        )
    return f"{name}: no preset fits its headers ({headers}). {way_out}"


def way_out(missing: Collection[str]) -> str:
    """What to do about a draft that is ambiguous or lacks something."""
    if missing:
        needed = " and ".join(missing)
        return (
            f"RFM needs {needed}, and no column was recognized as that. If a column holds it, name the column in a "
            "profile (`rfm profile new FILE > my-profile.toml`); if none does, export again with it"
        )
    return (
        "Draft a profile with `rfm profile new FILE > my-profile.toml`, decide this in it, then run "
        "`rfm land --profile my-profile.toml FILE`, or `make demo EXPORT=FILE PROFILE=my-profile.toml`"
    )
