"""A landing zone in a folder on this machine, including sub-folders and links to folders."""

import errno
import hashlib
import os
from collections import deque
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from pathlib import Path

from pydantic import Field

from rfm_assets.errors import LandingError, RefusedFileError
from rfm_assets.landing.regular import why_not_read
from rfm_assets.landing.zone import LandedFile, LandingZone, StoredFile, day_of

_FAULTS_OF_FILES = {errno.EACCES, errno.EPERM, errno.ELOOP}  # others, such as a network drive's, pass


class FolderLandingZone(LandingZone):
    """Files that another program writes into a folder."""

    folder: str = Field(description="The folder's path.")

    @property
    def address(self) -> str:
        """The folder's path."""
        return self.folder

    def walk(self) -> Iterator[StoredFile]:
        """Every file below the folder; its version is a digest of its bytes."""
        if not Path(self.folder).is_dir():
            wrong = "is not a folder: name one" if Path(self.folder).exists() else "does not exist: create it"
            message = f"the landing folder {self.folder} {wrong}, or set RFM_LANDING to where files arrive"
            raise LandingError(message)
        try:
            yield from self._files_below(Path(self.folder))
        except OSError as error:
            raise LandingError(f"cannot list the landing folder {self.folder}: {error}") from error

    def _files_below(self, root: Path) -> Iterator[StoredFile]:
        """Reads each real folder once, whatever links lead to it; a path without links takes precedence."""
        read: set[tuple[int, int]] = set()
        tops = deque([root])
        while tops:
            top = tops.popleft()
            if _identity(top) in read:
                key = top.relative_to(root).as_posix()
                yield StoredFile(
                    key, 0, str, f"{key} links to a folder that has been read already, and is not followed"
                )
                continue
            for folder, subfolders, names in os.walk(top, onerror=_raise):
                read.add(_identity(Path(folder)))
                inside = sorted(Path(folder, name) for name in subfolders)
                tops += (path for path in inside if path.is_symlink())
                subfolders[:] = [path.name for path in inside if not path.is_symlink() and _identity(path) not in read]
                yield from self._stored(Path(folder, name) for name in names)
                yield from self._stored(path for path in inside if day_of(path.name) and not _has_daily_file(path))

    def _stored(self, paths: Iterable[Path]) -> Iterator[StoredFile]:
        for path in paths:
            try:
                stat = path.stat()
            except OSError as error:
                if not path.is_symlink():
                    if isinstance(error, FileNotFoundError):
                        continue  # renamed since the folder was listed, as careful writers do
                    raise
                stat = path.lstat()  # a dangling link is not a missing delivery: loading refuses it
            key = path.relative_to(self.folder).as_posix()
            yield StoredFile(key, stat.st_size, partial(_version, path, stat))

    def location_of(self, file: LandedFile) -> str:
        """The file in place, on a disk that every machine of the Spark cluster mounts at the same path."""
        return f"file:{Path(self.folder).resolve() / file.key}"

    def fetch(self, file: LandedFile, scratch: Path) -> Path:  # noqa: ARG002 - a local file needs no copy
        """The file in place.

        Raises:
            RefusedFileError: when the path is not a file, such as a named pipe, or may not be read.
        """
        path = Path(self.folder) / file.key
        try:
            problem = why_not_read(path.stat().st_mode)
        except FileNotFoundError as error:
            if path.is_symlink():
                raise RefusedFileError(f"{path} is a dangling link: deliver a file in its place") from error
            message = f"{path} was listed but is gone: deliver it again, then materialize {file.day}"
            raise LandingError(message) from error
        except OSError as error:
            kind = RefusedFileError if error.errno in _FAULTS_OF_FILES else LandingError
            raise kind(f"{path} cannot be read: {error.strerror}") from error
        if problem:
            raise RefusedFileError(f"{path} cannot be read: {problem}")
        return path


def _identity(folder: Path) -> tuple[int, int]:
    """The identity of a folder, whatever its path."""
    stat = folder.stat()
    return stat.st_dev, stat.st_ino


def _has_daily_file(folder: Path) -> bool:
    """Whether a folder named like a daily file contains daily files itself."""
    return any(day_of(name) for _, _, names in os.walk(folder, onerror=_raise) for name in names)


def _version(path: Path, stat: os.stat_result) -> str:
    times = (stat.st_mtime_ns, stat.st_ctime_ns)
    if why_not_read(stat.st_mode):
        return f"unread-{stat.st_ino:x}"  # never opened; loading refuses it
    try:
        return _digest(path, stat.st_ino, stat.st_size, *times)
    except OSError:  # an unreadable file does not stop the listing; loading refuses it
        return f"unread-{stat.st_size:x}-{times[0]:x}"


@lru_cache(maxsize=100_000)
def _digest(path: Path, *_unchanged: int) -> str:
    """A digest of a file's bytes, cached until the file system reports a change."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:32]


def _raise(error: OSError) -> None:
    """Raises: a sub-folder that cannot be listed is not an empty one."""
    raise error
