"""A landing zone in a folder of this machine, sub-folders included."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import Field

from rfm_assets.errors import LandingError
from rfm_assets.landing.zone import LandedFile, LandingZone, day_of, in_order


class FolderLandingZone(LandingZone):
    """Files that another program writes into a folder."""

    folder: str = Field(description="The folder's path.")

    @property
    def address(self) -> str:
        """The folder's path."""
        return self.folder

    def list_files(self) -> Sequence[LandedFile]:
        """Every daily file below the folder."""
        if not Path(self.folder).is_dir():
            message = (
                f"the landing folder {self.folder} does not exist: create it, or set RFM_LANDING to where files arrive"
            )
            raise LandingError(message)
        try:
            return in_order(self._walk())
        except OSError as error:
            raise LandingError(f"cannot list the landing folder {self.folder}: {error}") from error

    def fetch(self, file: LandedFile, scratch: Path) -> Path:  # noqa: ARG002 - a local file needs no copy
        """The file where it lies."""
        path = Path(self.folder) / file.key
        if not path.is_file():
            message = f"{path} was listed but is gone: deliver it again, then materialize {file.day}"
            raise LandingError(message)
        return path

    def _walk(self) -> Iterator[LandedFile]:
        for folder, _, names in os.walk(self.folder, onerror=_raise):
            for name in names:
                day = day_of(name)
                if day is None:
                    continue
                path = Path(folder, name)
                stat = path.stat()
                yield LandedFile(
                    day=day,
                    key=path.relative_to(self.folder).as_posix(),
                    size_bytes=stat.st_size,
                    version=f"{stat.st_mtime_ns:x}-{stat.st_size:x}",
                )


def _raise(error: OSError) -> None:
    """A sub-folder that cannot be listed is no empty one."""
    raise error
