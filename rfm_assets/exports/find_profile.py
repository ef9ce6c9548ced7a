"""Finds the profile that reads most of the exports: a preset by its headers, else a draft.

Folders contain other files, too: a list of customers must not decide how the orders beside it are read. So every file
is looked at, and the profile that reads most files is tried first. Landing then names the files that it cannot read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path

import duckdb

from rfm_assets.config.shop_file import Rules
from rfm_assets.errors import ExportError
from rfm_assets.exports.choose_preset import Headers, refusal, way_out
from rfm_assets.exports.draft import Draft, draft
from rfm_assets.exports.folder import Folder, Way
from rfm_assets.exports.found import NO_EXPORTS, Export
from rfm_assets.exports.interpret import interpret
from rfm_assets.exports.order_days import AmbiguousExportError
from rfm_assets.exports.profile import Profile
from rfm_assets.exports.terms import Terms
from rfm_assets.exports.unmatched_rules import unmatched_rules
from rfm_assets.exports.work import Work
from rfm_assets.whole_file import write_whole

_TRIED = 3  # exports with the same headers: the newest may be damaged


@dataclass(frozen=True)
class Chosen:
    """The chosen profile, and how it was chosen."""

    profile: Profile
    why: str
    name: str
    """Its name in the shop file."""
    is_in_force: bool
    """Whether the shop file names it, so that silver follows its rules."""
    draft: Draft | None = None
    """The draft, if it is to be saved."""

    def __str__(self) -> str:
        """The line about it on the terminal."""
        return f"profile  {self.profile.name}, {self.why}" + (f": {self.profile.title}" if not self.draft else "")

    def saved(self, path: Path) -> "Chosen":
        """Saves a drafted profile atomically, so that the next exports are read by the same one."""
        if self.draft is None:
            return self
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, self.draft.text)
        return replace(self, name=str(path))


def fitting(connection: duckdb.DuckDBPyConnection, folder: Folder, terms: Terms) -> Chosen:
    """The preset that reads most files and whose rules accept them; else a draft from what most files are.

    Raises:
        ExportError: when there is neither; names what is missing or ambiguous.
    """
    tried: list[str] = []
    lacking: list[ExportError] = []
    for way in folder.ways():
        if way.candidate is None:
            drafted = _drafted_way(connection, way, folder, tried)
            if isinstance(drafted, Chosen):
                return drafted
            lacking.append(drafted)
            continue
        profile = way.candidate.fit.profile
        try:
            problem = _problem(Work(connection, folder.scratch, profile, terms), way.exports)
        except ExportError as error:
            if not tried and not lacking:
                raise
            problem = str(error)
        if problem is None:
            why = f"{way.candidate.read} headers fit{_of(way.files, folder)}"
            return Chosen(profile, why, profile.name, is_in_force=profile.rules is None)
        tried.append(f"{profile.name}: {problem}")
    raise lacking[0]  # no kind of file could be drafted


def _drafted_way(
    connection: duckdb.DuckDBPyConnection, way: Way, folder: Folder, tried: Sequence[str]
) -> Chosen | ExportError:
    """The profile drafted for a way to read exports, or the error about what is missing."""
    try:
        found = _draft(connection, way.exports, folder.scratch)
    except ExportError as error:
        return error
    if found.missing:
        return _refused(found, folder.headers[way.exports[-1].id], tried)
    return _drafted(found, folder)


def best_draft(connection: duckdb.DuckDBPyConnection, folder: Folder) -> Draft:
    """The draft from what most files are, preferring drafts that lack nothing.

    Raises:
        ExportError: when no file can be read.
    """
    found, problem = [], None
    for way in folder.ways():
        try:
            found += [_draft(connection, way.exports, folder.scratch)] if way.candidate is None else []
        except ExportError as error:
            problem = problem or error
    if not found:
        raise problem or ExportError(NO_EXPORTS)
    return next((one for one in found if not one.missing), found[0])


def _draft(connection: duckdb.DuckDBPyConnection, exports: Sequence[Export], scratch: Path) -> Draft:
    """The draft from the largest readable export.

    Raises:
        ExportError: when none can.
    """
    problem: ExportError | None = None
    for export in sorted(exports, key=attrgetter("size"), reverse=True)[:_TRIED]:
        try:
            return draft(connection, export, scratch)
        except ExportError as error:
            problem = problem or error
    raise problem or ExportError(NO_EXPORTS)


def _problem(work: Work, exports: Sequence[Export]) -> str | None:
    """Why a preset's rules reject the newest export; None if they accept it, or if its dates are ambiguous.

    Raises:
        ExportError: when none of the newest exports can be read; says why for the newest.
    """
    newest: ExportError | None = None
    for export in exports[: -1 - _TRIED : -1]:
        try:
            interpret(work, export)
        except AmbiguousExportError:  # other exports may resolve it
            return None
        except ExportError as error:
            newest = newest or error
            continue
        return next(unmatched_rules(work.connection, work.profile.rules or Rules()), None)
    raise newest or ExportError(NO_EXPORTS)


def _drafted(found: Draft, folder: Folder) -> Chosen:
    """The profile of a draft in which nothing is missing or ambiguous."""
    if found.unresolved:
        raise ExportError(f"{found.name}: {'; '.join(found.unresolved)}. {way_out(())}")
    why = f"drafted from {found.name}{_of(len(folder.read_by(found.profile)), folder)}"
    return Chosen(found.profile, why, "own", is_in_force=False, draft=found)


def _refused(found: Draft, tables: Headers, tried: Sequence[str]) -> ExportError:
    """The error about a draft that lacks something."""
    if tried:
        return ExportError(f"no preset reads {found.name}. {' '.join(tried)} {way_out(found.missing)}")
    return ExportError(refusal(found.name, tables, way_out(found.missing)))


def _of(read: int, folder: Folder) -> str:
    """The number of files that a profile reads, if there are others."""
    total = len(folder.exports)
    return f", for {read:,} of {total:,} files" if read < total else ""
