"""Folders of files that a process needs for a while: private, gone with their owner, swept if it was killed.

The owner holds a lock in the folder, see `owners`: a process of another container that shares the temporary folder
keeps its own.
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
"""What folders are made for, and so which are swept."""

_PREFIX = "rfm-"
_LOCK = ".owner"
_UNLOCKED_FOR_SECONDS = 24 * 3600  # versions before this one held no lock; and a new folder has none for a moment


class ScratchFolder:
    """A folder of the system's temporary folder that only this user can read; it lives as long as this value."""

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
    """Deletes the folders that killed processes of this user have left; returns them."""
    folder = Path(tempfile.gettempdir())
    found = [path for purpose in get_args(Purpose) for path in folder.glob(f"{_PREFIX}{purpose}-*")]
    return [path for path in found if _sweep(path)]


def _sweep(folder: Path) -> bool:
    """Deletes a folder whose owner is gone, or that has no lock and is old; tells whether it did."""
    try:
        status = folder.lstat()
        if not folder.is_dir() or folder.is_symlink() or (hasattr(os, "getuid") and status.st_uid != os.getuid()):
            return False
        if not (folder / _LOCK).exists():
            left = time.time() - status.st_mtime > _UNLOCKED_FOR_SECONDS
        else:
            with abandoned(folder / _LOCK) as left:
                pass
    except OSError:  # its owner deletes it just now
        return False
    if left:
        shutil.rmtree(folder, ignore_errors=True)
    return left


def _remove(folder: Path, lock: int) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        os.close(lock)
