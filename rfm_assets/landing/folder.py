"""A landing zone in a folder of this machine, sub-folders and links to folders included."""

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

_FAULTS_OF_FILES = {errno.EACCES, errno.EPERM, errno.ELOOP}  # others, such as those of a network drive, go by


class FolderLandingZone(LandingZone):
    """Files that another program writes into a folder."""

    folder: str = Field(description="The folder's path.")

    @property
    def address(self) -> str:
        """The folder's path."""
        return self.folder

    def walk(self) -> Iterator[StoredFile]:
        """Every file below the folder; the version of one is a digest of its bytes."""
        if not Path(self.folder).is_dir():
            wrong = "is not a folder: name one" if Path(self.folder).exists() else "does not exist: create it"
            message = f"the landing folder {self.folder} {wrong}, or set RFM_LANDING to where files arrive"
            raise LandingError(message)
        try:
            yield from self._files_below(Path(self.folder))
        except OSError as error:
            raise LandingError(f"cannot list the landing folder {self.folder}: {error}") from error

    def _files_below(self, root: Path) -> Iterator[StoredFile]:
        """Reads each real folder once, whatever links lead to it; one without a link on its way keeps that name."""
        read: set[tuple[int, int]] = set()
        tops = deque([root])
        while tops:
            top = tops.popleft()
            if _identity(top) in read:
                key = top.relative_to(root).as_posix()
                yield StoredFile(
                    key, 0, str, f"{key} is a link to a folder that is read already, and is not followed again"
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
                        continue  # renamed since the folder was read, as whoever writes carefully does
                    raise
                stat = path.lstat()  # a dangling link is not an undelivered day: loading refuses it
            key = path.relative_to(self.folder).as_posix()
            yield StoredFile(key, stat.st_size, partial(_version, path, stat))

    def location_of(self, file: LandedFile) -> str:
        """The file where it lies, on a disk that every machine of the cluster has under the same name."""
        return f"file:{Path(self.folder).resolve() / file.key}"

    def fetch(self, file: LandedFile, scratch: Path) -> Path:  # noqa: ARG002 - a local file needs no copy
        """The file where it lies.

        Raises:
            RefusedFileError: when something else is there, such as a named pipe, or it must not be read.
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
    """What a folder is known by, whatever its names."""
    stat = folder.stat()
    return stat.st_dev, stat.st_ino


def _has_daily_file(folder: Path) -> bool:
    """Whether a folder that is named like a daily file is one all the same, with files of its own."""
    return any(day_of(name) for _, _, names in os.walk(folder, onerror=_raise) for name in names)


def _version(path: Path, stat: os.stat_result) -> str:
    times = (stat.st_mtime_ns, stat.st_ctime_ns)
    if why_not_read(stat.st_mode):
        return f"unread-{stat.st_ino:x}"  # refused when it is loaded, and never opened
    try:
        return _digest(path, stat.st_ino, stat.st_size, *times)
    except OSError:  # one file that may not be read holds up no listing: it is refused when it is loaded
        return f"unread-{stat.st_size:x}-{times[0]:x}"


@lru_cache(maxsize=100_000)
def _digest(path: Path, *_unchanged: int) -> str:
    """A digest of a file's bytes, computed again when the file system says that it may have changed."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:32]


def _raise(error: OSError) -> None:
    """A sub-folder that cannot be listed is not an empty one."""
    raise error
