"""Finds exports in folders: each identified by its bytes, oldest first."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from rfm_assets.errors import ExportError
from rfm_assets.exports.unpacked import READ
from rfm_assets.landing.regular import why_not_read

NO_EXPORTS = "there are no exports: name files or folders, or set RFM_EXPORTS to where they arrive"
_TIME_IN_NAME = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])"
    r"(?:[T_ -]?([01]\d|2[0-3])[-:._]?([0-5]\d)(?:[-:._]?([0-5]\d))?)?(?!\d)"
)


Stamp = tuple[str, int, int, str]
"""Name, size, modification time and digest of a file, to see that it is unchanged without reading it."""


class Aged:
    """Something identified by its bytes and ordered by age: an export, or its manifest."""

    digest: str
    time: datetime

    @property
    def id(self) -> str:
        """Its identity."""
        return self.digest[:16]

    @property
    def age(self) -> tuple[datetime, str]:
        """The sort key of exports; the newest is the greatest."""
        return self.time, self.digest


@dataclass(frozen=True)
class Export(Aged):
    """One export of a system: a file, or several files to join."""

    name: str
    files: Sequence[Path]
    digest: str
    time: datetime
    day_in_name: date | None
    stamps: Sequence[Stamp]

    @property
    def size(self) -> int:
        """The total size of its files in bytes."""
        return sum(size for _, size, _, _ in self.stamps)


@dataclass(frozen=True)
class FoundFile:
    """A file that may be an export."""

    name: str
    path: Path
    size: int
    modified_ns: int


def files_at(places: Iterable[Path]) -> tuple[list[FoundFile], list[str]]:
    """The files at these files and folders, and the names of files in the folders that are not tables.

    Raises:
        ExportError: when a place does not exist, or is neither a file nor a folder.
    """
    found: dict[Path, FoundFile] = {}
    others: list[str] = []
    for place in places:
        if not place.exists():
            raise ExportError(f"there is no {place}: name a file or a folder of exports")
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            name = path.relative_to(place).as_posix() if place.is_dir() else path.name
            if path.is_dir() or any(part.startswith(".") for part in Path(name).parts):
                continue
            stat = path.stat()
            if (reason := why_not_read(stat.st_mode)) or (place.is_dir() and not name.lower().endswith(READ)):
                if not place.is_dir():
                    raise ExportError(f"{path} cannot be read: {reason}")
                others.append(name)
                continue
            found[path.resolve()] = FoundFile(name, path, stat.st_size, stat.st_mtime_ns)
    return sorted(found.values(), key=lambda one: one.name), others


def exports_of(files: Iterable[FoundFile], *, joined: bool, known: Mapping[tuple[str, int, int], str]) -> list[Export]:
    """The exports in these files, oldest first; with `joined`, the files of a folder are one export.

    `known` has the digests of files read before, by name, size and modification time.
    """
    groups: dict[str, list[FoundFile]] = {}
    for one in files:
        apart = not joined or one.name.lower().endswith(".zip")
        groups.setdefault(one.name if apart else str(Path(one.name).parent), []).append(one)
    exports: dict[str, Export] = {}
    for name, group in groups.items():
        export = _export(group[0].path.parent.name if name == "." else name, group, known)
        if export.digest not in exports or exports[export.digest].age < export.age:
            exports[export.digest] = export
    return sorted(exports.values(), key=lambda one: one.age)


def digests_known(stamps: Iterable[Stamp]) -> dict[tuple[str, int, int], str]:
    """The digests of files by name, size and modification time, for `exports_of`."""
    return {(name, size, at): digest for name, size, at, digest in stamps}


def _export(name: str, group: Sequence[FoundFile], known: Mapping[tuple[str, int, int], str]) -> Export:
    digests = [known.get((one.name, one.size, one.modified_ns)) or digest_of(one.path) for one in group]
    digest = digests[0] if len(digests) == 1 else hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()
    named = time_in(name)
    changed = datetime.fromtimestamp(max(one.modified_ns for one in group) / 1e9, UTC)
    stamps = tuple((one.name, one.size, one.modified_ns, its) for one, its in zip(group, digests, strict=True))
    day = named.date() if named else None
    return Export(name, [one.path for one in group], digest, named or changed, day, stamps)


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def time_in(name: str) -> datetime | None:
    """The latest time in an export's name, such as orders_2026-05-01.csv."""
    return max(_times_in(name), default=None)


def _times_in(name: str) -> Iterator[datetime]:
    for match in _TIME_IN_NAME.finditer(Path(name).name):
        try:
            year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
            yield datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError:
            continue
