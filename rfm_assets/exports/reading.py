"""Reads exports and shows what they would produce, before anything is landed."""

import shutil
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from rfm_assets.errors import ExportError
from rfm_assets.exports.consent import tells_consent
from rfm_assets.exports.found import Export, FoundFile, exports_of
from rfm_assets.exports.interpret import fingerprint, interpret
from rfm_assets.exports.manifest import Manifest, Manifests, consent_beside
from rfm_assets.exports.order_days import AmbiguousExportError
from rfm_assets.exports.profile import Profile
from rfm_assets.exports.statements import statement
from rfm_assets.exports.terms import Terms, name_the_currency
from rfm_assets.exports.work import NO_LIMITS, Limits, Work, open_scratch
from rfm_assets.literals import literal

_SMALL = 1 << 22


@dataclass(frozen=True)
class Looked:
    """What exports would produce, read without landing them."""

    read: Sequence[tuple[Manifest, Path]]
    """For each export, its manifest and the Parquet file of its lines."""
    days: Counter[date]
    """The lines of each day."""
    refused: Sequence[str]
    """Why some exports could not be read, by name."""
    left: Collection[str]
    """The names of the exports' files."""

    @property
    def manifests(self) -> list[Manifest]:
        """The manifests of readable exports."""
        return [manifest for manifest, _ in self.read]

    def keep(self, manifests: Manifests, profile: Profile, before: Terms, now: Terms) -> None:
        """Keeps the lines, read by the terms `before`, so that landing need not read the exports again.

        Keeps nothing if something has landed already, and no export that the terms `now` would read differently.
        """
        if manifests.record.exists():
            return
        shutil.rmtree(manifests.folder, ignore_errors=True)
        manifests.folder.mkdir(parents=True)
        wanted = fingerprint(profile, now)
        for manifest, path in self.read:
            if before.decimals(tuple(manifest.currencies)) == now.decimals(tuple(manifest.currencies)):
                manifests.take(manifest.id, path)
                manifests.save(replace(manifest, fingerprint=wanted))


@contextmanager
def looked_at(
    files: Sequence[FoundFile], profile: Profile, terms: Terms, *, limits: Limits = NO_LIMITS
) -> Iterator[Looked]:
    """Reads exports without landing them; the result is deleted afterwards, unless kept.

    Raises:
        ExportError: when none can be read, or together they have no sale, or several currencies.
    """
    with open_scratch(limits) as (connection, scratch):
        exports = exports_of(files, joined=bool(profile.join), known={})
        read, refused = read_exports(Work(connection, scratch, profile, terms), exports, [])
        if refused and not read:
            raise ExportError("; ".join(refused))
        must_sell([manifest for manifest, _ in read])
        must_be_of_one_currency([manifest for manifest, _ in read], terms)
        days = connection.execute(
            "SELECT file_day, count(*) FROM read_parquet($files) WHERE left_out IS NULL GROUP BY ALL",
            {"files": [str(path) for _, path in read]},
        ).fetchall()
        done = {manifest.id for manifest, _ in read}
        left = {name for one in exports if one.id not in done for name, *_ in one.stamps}
        yield Looked(read, Counter(dict(days)), refused, left)


def read_exports(
    work: Work, new: Sequence[Export], held: Sequence[Manifest]
) -> tuple[list[tuple[Manifest, Path]], list[str]]:
    """Reads new exports into a manifest and a Parquet file of lines each; also returns why some cannot be read."""
    formats = [one.formats for one in held if one.profile == work.profile.name]
    done: list[tuple[Manifest, Path]] = []
    refused: list[str] = []
    for export, manifest in interpreted(work, new, formats, refused):
        manifest.must_add_up()
        path = work.scratch / f"{export.id}.parquet"
        kept = statement("kept", last_day=str(manifest.last_day))
        work.connection.execute(f"COPY ({kept}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)")
        if tells_consent(work.connection):
            said = literal(str(consent_beside(path)))
            work.connection.execute(f"COPY consent TO {said} (FORMAT parquet)")
        done.append((replace(manifest, files=export.stamps), path))
    return done, refused


def interpreted(
    work: Work, exports: Sequence[Export], formats: Sequence[Sequence[str]], refused: list[str]
) -> Iterator[tuple[Export, Manifest]]:
    """Interprets exports one by one; the lines of each are in the table `lines` until the next is requested.

    Exports with ambiguous dates come last, when others have shown how dates are written; `formats` are known from
    elsewhere. A bad file does not hold up the others: the reason goes to `refused`.
    """
    told, waiting = list(formats), list(exports)
    for last_try in (False, True):
        again = []
        for export in waiting:
            folder = work.scratch / export.id
            folder.mkdir(exist_ok=True)
            try:
                with _threads_for(work.connection, export):
                    manifest = interpret(replace(work, scratch=folder), export, told)
            except AmbiguousExportError as error:
                again.append(export)
                refused += [str(error)] if last_try else []
                continue
            except ExportError as error:
                refused.append(str(error))
                continue
            told.append(manifest.formats)
            yield export, manifest
            work.connection.execute("DROP TABLE lines")
        waiting = again


@contextmanager
def _threads_for(connection: duckdb.DuckDBPyConnection, export: Export) -> Iterator[None]:
    """Uses one thread for a small export: more would cost more than they save."""
    (threads,) = connection.execute("SELECT current_setting('threads')").fetchone() or (1,)
    connection.execute(f"SET threads = {1 if export.size < _SMALL else threads}")
    try:
        yield
    finally:
        connection.execute(f"SET threads = {threads}")


def must_sell(manifests: Sequence[Manifest]) -> None:
    """Raises ExportError when all exports together have no sale; a single one may have none."""
    if manifests and not any(one.written for one in manifests):
        last = manifests[-1]
        reasons = ", ".join(f"{reason} ({count:,})" for reason, count in last.left_out.items())
        raise ExportError(f"{last.name} has no sale: {reasons or 'there are no records'}; nothing was landed")


def must_be_of_one_currency(manifests: Sequence[Manifest], terms: Terms) -> None:
    """Raises ExportError when exports differ in currency, and the shop's is unknown."""
    of: dict[str, Manifest] = {}
    for one in manifests:
        for code in one.currencies:
            of.setdefault(code, one)
    if terms.currency is None and len(of) > 1:
        listed = ", ".join(f"{code} (such as {one.name})" for code, one in sorted(of.items()))
        raise ExportError(f"the exports are in several currencies: {listed}; {name_the_currency(min(of))}")
