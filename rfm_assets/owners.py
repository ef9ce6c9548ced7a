"""Tells whether the process that owns something is still alive, by a lock that it holds on a file.

The system releases the lock however the process ends. Any process that sees the file can check, even from another
container or PID namespace; without the file, nothing is known.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":  # Windows has no such locks: every owner counts as alive
    import fcntl


def own(file: Path) -> int:
    """Makes a file that this process owns until it ends or closes the returned descriptor.

    The file is locked before it appears, so nobody sees it without its owner.

    Raises:
        OSError: when it cannot be written.
    """
    new = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(new, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        lock(descriptor, wait=True)
        new.rename(file)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


@contextmanager
def abandoned(file: Path) -> Iterator[bool]:
    """Whether the owner of a file is gone; if so, no other process gets that answer until the block ends.

    The owner of a missing or unreadable file counts as alive.
    """
    try:
        descriptor = os.open(file, os.O_RDWR)
    except OSError:
        yield False
        return
    try:
        yield lock(descriptor, wait=False)
    finally:
        os.close(descriptor)


@contextmanager
def alone(file: Path, *, wait: bool) -> Iterator[bool]:
    """Whether no other process is in a block for the same file, which is created if missing.

    With `wait`, waits for that. On a system without such locks everybody counts as alone.

    Raises:
        OSError: when the file cannot be written or locked.
    """
    descriptor = os.open(file, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        yield lock(descriptor, wait=wait) or sys.platform == "win32"
    finally:
        os.close(descriptor)


def lock(descriptor: int, *, wait: bool) -> bool:
    """Locks an open file until its descriptor is closed.

    Returns False, unlocked, if another process holds it and `wait` is off, and on a system without such locks.

    Raises:
        OSError: when the file cannot be locked at all.
    """
    if sys.platform == "win32":
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        if wait:
            raise
        return False
    return True
