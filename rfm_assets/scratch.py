"""Temporary folders: private, deleted with their owner, and swept if the owner was killed.

The owner holds a lock in the folder, see `owners`, so that containers which share the system's temporary folder do not
delete each other's.
"""

import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Literal, get_args
from weakref import finalize

from rfm_assets.owners import abandoned, own

Purpose = Literal["clusters", "dev", "exports", "landing", "publish", "repair"]
"""The purposes of folders; only these are swept."""

_PREFIX = "rfm-"
_LOCK = ".owner"
_UNLOCKED_FOR_SECONDS = 24 * 3600  # older versions held no lock, and a new folder has none for a moment


class ScratchFolder:
    """A private folder in the system's temporary folder; it lives as long as this value."""

    def __init__(self, purpose: Purpose) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{purpose}-"))  # of mode 0700
        self._remove = finalize(self, _remove, self.path, own(self.path / _LOCK))

    def remove(self) -> None:
        """Deletes the folder now."""
        self._remove()

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        self.remove()


def sweep() -> list[Path]:
    """Deletes folders left by this user's killed processes; returns them."""
    folder = Path(tempfile.gettempdir())
    found = [path for purpose in get_args(Purpose) for path in folder.glob(f"{_PREFIX}{purpose}-*")]
    return [path for path in found if _sweep(path)]


def _sweep(folder: Path) -> bool:
    """Deletes a folder whose owner is gone, or that is old and has no lock; returns whether it did."""
    try:
        status = folder.lstat()
        if not folder.is_dir() or folder.is_symlink() or (hasattr(os, "getuid") and status.st_uid != os.getuid()):
            return False
        if not (folder / _LOCK).exists():
            left = time.time() - status.st_mtime > _UNLOCKED_FOR_SECONDS
        else:
            with abandoned(folder / _LOCK) as left:
                pass
    except OSError:  # its owner is deleting it right now
        return False
    if left:
        shutil.rmtree(folder, ignore_errors=True)
    return left


def _remove(folder: Path, lock: int) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        os.close(lock)
