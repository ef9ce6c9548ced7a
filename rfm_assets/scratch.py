"""Folders of files that a process needs for a while: private, gone with their owner, swept if it was killed.

The owner holds a lock in the folder. The system releases it when the process ends, however it ends, so a folder whose
lock is free has no owner any more; a process of another container that shares the temporary folder keeps its own.
"""

import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from weakref import finalize

_PREFIX = "rfm-"
_LOCK = ".owner"
_PURPOSES = ("clusters", "landing", "publish", "repair")
_UNLOCKED_FOR_SECONDS = 24 * 3600  # versions before this one held no lock; and a new folder has none for a moment

try:
    import fcntl
except ImportError:  # not a POSIX system: folders are judged by their age only
    fcntl = None  # type: ignore[assignment]


class ScratchFolder:
    """A folder of the system's temporary folder that only this user can read; it lives as long as this value."""

    def __init__(self, purpose: str) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{purpose}-"))  # of mode 0700
        lock = os.open(self.path / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
        if fcntl:
            fcntl.flock(lock, fcntl.LOCK_EX)
        self._remove = finalize(self, _remove, self.path, lock)

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
    found = [path for purpose in _PURPOSES for path in folder.glob(f"{_PREFIX}{purpose}-*")]
    left = [path for path in found if _is_left(path)]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    return left


def _is_left(folder: Path) -> bool:
    """Whether nobody needs a folder any more: its lock is free, or it has none and is old."""
    try:
        status = folder.lstat()
        if not folder.is_dir() or folder.is_symlink() or (hasattr(os, "getuid") and status.st_uid != os.getuid()):
            return False
        lock = folder / _LOCK
        if fcntl is None or not lock.exists():
            return time.time() - status.st_mtime > _UNLOCKED_FOR_SECONDS
        descriptor = os.open(lock, os.O_RDWR)
    except OSError:  # its owner deletes it just now
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    else:
        # Made a moment ago, its owner may be about to lock it.
        return time.time() - status.st_mtime > 1
    finally:
        os.close(descriptor)


def _remove(folder: Path, lock: int) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        os.close(lock)
