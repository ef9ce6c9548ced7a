"""Checks that a path is a regular file, without opening it: opening a named pipe would block forever."""

import errno
import stat
from pathlib import Path

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def why_not_read(mode: int) -> str | None:
    """What a path is instead of a file, with the way out; None for a file."""
    if stat.S_ISREG(mode):
        return None
    kind = _KINDS.get(stat.S_IFMT(mode), "something else")
    return f"it is {kind} and not a file: deliver a file in its place, or remove it"


def must_be_file(path: Path) -> None:
    """Raises OSError unless the path leads to a regular file."""
    if reason := why_not_read(path.stat().st_mode):
        raise OSError(errno.EINVAL, reason, str(path))
