"""Lands exports: reads the new ones, and updates the daily files.

The daily files are a pure function of the exports and the profile: the same exports give the same bytes, in whatever
order and however often they arrive.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from rfm_assets.errors import ExportError, SettingError
from rfm_assets.exports.consent import write_opted_out
from rfm_assets.exports.daily import Kept, affected_days, compose, superseded, write_days
from rfm_assets.exports.found import NO_EXPORTS, Export, FoundFile, digest_of, digests_known, exports_of
from rfm_assets.exports.interpret import fingerprint
from rfm_assets.exports.manifest import Manifest, Manifests
from rfm_assets.exports.profile import Profile
from rfm_assets.exports.reading import must_be_of_one_currency, must_sell, read_exports
from rfm_assets.exports.target import Target
from rfm_assets.exports.terms import Terms
from rfm_assets.exports.work import NO_LIMITS, Limits, Work, open_scratch
from rfm_assets.owners import alone
from rfm_assets.whole_file import write_whole


@dataclass(frozen=True)
class Landed:
    """The result of a landing."""

    manifests: Sequence[Manifest]
    """The manifests of all exports, oldest first."""
    read: Collection[str]
    """The ids of the exports read this time."""
    written: Sequence[date]
    removed: Sequence[date]
    unchanged: int
    """Days that were made again with the same result."""
    replaced: Mapping[str, int] = field(default_factory=dict)
    """Lines of each export that a newer one replaced, among the affected orders."""
    refused: Sequence[str] = ()
    """Why some exports could not be read, by name; the others have landed."""

    @property
    def gone(self) -> list[Manifest]:
        """Exports that have disappeared; their lines stay."""
        return [one for one in self.manifests if one.gone]


def land(  # noqa: PLR0913 - source, profile, target
    files: Sequence[FoundFile],
    profile: Profile,
    terms: Terms,
    target: Target,
    manifests: Manifests,
    *,
    forget: Collection[str] = (),
    limits: Limits = NO_LIMITS,
) -> Landed:
    """Updates the daily files at `target` to match the exports.

    Raises:
        ExportError: when none of the new exports can be read; nothing is written then.
        LandingError: when the target cannot be used.
    """
    manifests.folder.mkdir(parents=True, exist_ok=True)
    with _alone(manifests.folder), open_scratch(limits) as (connection, scratch):
        work = Work(connection, scratch, profile, terms)
        held = manifests.all()
        known = digests_known(stamp for one in held.values() for stamp in one.files)
        forgotten = _named(held, forget)
        exports = [one for one in exports_of(files, joined=bool(profile.join), known=known) if one.id not in forgotten]
        fresh, refused = _read_new(work, exports, held)
        every = {**held, **{manifest.id: manifest for manifest, _ in fresh}}
        now = _renewed({key: one for key, one in every.items() if key not in forgotten}, exports)
        must_be_of_one_currency(list(now.values()), terms)
        is_first = not manifests.record.exists()  # earlier manifests have made no daily files yet
        before = [] if is_first else [Kept(one, manifests.lines(key)) for key, one in held.items()]
        paths = {manifest.id: path for manifest, path in fresh}
        after = [Kept(one, paths.get(key, manifests.lines(key))) for key, one in now.items()]
        if not after and not before:
            raise ExportError(NO_EXPORTS)
        done = _bring_up(work, before, after, target, manifests)
        for key, path in paths.items():
            manifests.take(key, path)
        write_opted_out(connection, list(now.values()), manifests)
        _keep(manifests, held, now)
    ordered = sorted(now.values(), key=lambda one: one.age)
    read = {one.id for one in ordered} if is_first else {manifest.id for manifest, _ in fresh}
    return replace(done, manifests=ordered, read=read, refused=refused)


def _read_new(
    work: Work, exports: Sequence[Export], held: Mapping[str, Manifest]
) -> tuple[list[tuple[Manifest, Path]], list[str]]:
    """Reads exports that are new or were read by another profile; also returns why some could not be read.

    Raises:
        ExportError: when none of them can be read, or none contains a sale.
    """
    there, wanted = {one.id for one in exports}, fingerprint(work.profile, work.terms)
    new = [one for one in exports if one.id not in held or held[one.id].fingerprint != wanted]
    fresh, refused = read_exports(work, new, [one for key, one in held.items() if key in there])
    if refused and not fresh:
        raise ExportError("; ".join(refused))
    must_sell([*held.values(), *(one for one, _ in fresh)])
    return fresh, refused


def _renewed(known: Mapping[str, Manifest], exports: Sequence[Export]) -> dict[str, Manifest]:
    """The manifests with the current name and time of each export's file, or marked as gone."""
    there = {one.id: one for one in exports}
    return {
        key: replace(one, name=there[key].name, time=there[key].time, gone=False)
        if key in there
        else replace(one, gone=True)
        for key, one in known.items()
    }


def _keep(manifests: Manifests, held: Mapping[str, Manifest], now: Mapping[str, Manifest]) -> None:
    """Saves the changed manifests, and deletes dropped ones."""
    for key, one in now.items():
        if held.get(key) != one:
            manifests.save(one)
    for key in held.keys() - now.keys():
        manifests.forget(key)


def _bring_up(
    work: Work, before: Sequence[Kept], after: Sequence[Kept], target: Target, manifests: Manifests
) -> Landed:
    """Makes the days again that may have changed, and writes those that have."""
    record = manifests.record
    listed = {date.fromisoformat(day) for day in record.read_text().split()} if record.exists() else set()
    before_times = {one.path: one.manifest.age for one in before}
    reordered = any(before_times.get(one.path, one.manifest.age) != one.manifest.age for one in after)
    days = None if reordered or not after else affected_days(work.connection, before, after)
    if days is not None:
        days |= listed - set(target.digests(listed)) if listed else set()
    made: dict[date, Path] = {}
    replaced: dict[str, int] = {}
    if after and (days is None or days):
        codes = tuple({code for one in after for code in one.manifest.currencies})
        compose(work.connection, after, days, minor=10 ** work.terms.decimals(codes), mark=work.profile.refund.mark)
        replaced = superseded(work.connection) if len(after) > 1 else {}
        folder = work.scratch / "days"
        folder.mkdir()
        made = dict(write_days(work.connection, folder, work.terms, source_record=work.profile.source_record))
    elif not after:
        days = set(listed)
    empty = sorted((listed if days is None else days & listed) - set(made))
    there = target.digests(set(made))
    changed = [day for day, path in made.items() if there.get(day) != digest_of(path)]
    write_whole(record, "\n".join(map(str, sorted((listed | set(made)) - set(empty)))) + "\n")
    _write_changes(target, {day: made[day] for day in changed}, empty)
    return Landed((), (), changed, empty, len(made) - len(changed), replaced)


def _write_changes(target: Target, changed: Mapping[date, Path], empty: Iterable[date]) -> None:
    for day, file in changed.items():
        target.put(day, file)
    for day in empty:
        target.remove(day)


def _named(held: Mapping[str, Manifest], names: Collection[str]) -> set[str]:
    """The ids of exports by their names or ids.

    Raises:
        SettingError: when there is no such export.
    """
    found: set[str] = set()
    for name in names:
        ids = {key for key, one in held.items() if name in {key, one.name}}
        if not ids:
            listed = ", ".join(sorted(one.name for one in held.values())) or "none"
            raise SettingError(f"there is no export {name}: the exports are {listed}")
        found |= ids
    return found


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Raises ExportError when another process is landing exports into the same folder."""
    with alone(folder / ".lock", wait=False) as is_alone:
        if not is_alone:
            raise ExportError(f"another process is landing exports ({folder}): wait until it has finished")
        yield
