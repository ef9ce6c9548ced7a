"""A landing zone in a folder of this machine, sub-folders included."""

import hashlib
import os
from collections.abc import Iterator
from functools import lru_cache, partial
from pathlib import Path

from pydantic import Field

from rfm_assets.errors import LandingError
from rfm_assets.landing.zone import LandedFile, LandingZone, StoredFile


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
            wrong = "is no folder: name one" if Path(self.folder).exists() else "does not exist: create it"
            message = f"the landing folder {self.folder} {wrong}, or set RFM_LANDING to where files arrive"
            raise LandingError(message)
        try:
            for folder, _, names in os.walk(self.folder, onerror=_raise):
                for name in names:
                    path = Path(folder, name)
                    try:
                        stat = path.stat()
                    except FileNotFoundError:
                        if not path.is_symlink():
                            continue  # renamed since the folder was read, as whoever writes carefully does
                        stat = path.lstat()  # a link to nowhere is no undelivered day: it is refused when it is loaded
                    key = path.relative_to(self.folder).as_posix()
                    yield StoredFile(key, stat.st_size, partial(_version, path, stat))
        except OSError as error:
            raise LandingError(f"cannot list the landing folder {self.folder}: {error}") from error

    def location_of(self, file: LandedFile) -> str:
        """The file where it lies, on a disk that every machine of the cluster has under the same name."""
        return f"file:{Path(self.folder).resolve() / file.key}"

    def fetch(self, file: LandedFile, scratch: Path) -> Path:  # noqa: ARG002 - a local file needs no copy
        """The file where it lies."""
        path = Path(self.folder) / file.key
        if not path.is_file():
            message = f"{path} was listed but is gone: deliver it again, then materialize {file.day}"
            raise LandingError(message)
        return path


def _version(path: Path, stat: os.stat_result) -> str:
    times = (stat.st_mtime_ns, stat.st_ctime_ns)
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
    """A sub-folder that cannot be listed is no empty one."""
    raise error
